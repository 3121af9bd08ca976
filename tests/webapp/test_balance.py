"""The tab Balance."""

import csv
import io

import pytest
from playwright.sync_api import expect

from tests.webapp.conftest import Core, OpenPage
from tests.webapp.site import LONG_NAME, Site

BALANCE = "models/balance.js:"


def test_bars_stand_by_the_metric_with_the_average_and_tell_exact_numbers_on_tap(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page(site.link(start_param="balance"), wait=".measure")
    assert site.count("/api/balance?from=2026-11-01&to=2026-11-30") == 1
    expect(page.locator(".measure .value")).to_have_text(["240 h", "192.5 h", "144 h", "144 h"])
    widths = page.locator(".fill").evaluate_all("all => all.map((one) => one.style.inlineSize)")
    assert [round(float(width[:-1])) for width in widths] == [100, 80, 60, 60]

    page.locator(".measure").nth(1).click()
    expect(page.locator(".measure").nth(1)).to_have_attribute("aria-expanded", "true")
    lines = [
        "Shifts9",
        "Hours192 h 30 min",
        "Nights9",
        "Night hours68 h 15 min",
        "Weekend hours24 h",
        "Holiday hours9 h",
    ]
    expect(page.locator(".exact .line")).to_have_text(lines)
    expect(page.locator(".exact .when")).to_have_text("12.4 h above average")
    page.get_by_role("button", name="Holidays", exact=True).click()
    expect(page.locator(".measure .value")).to_have_text(["15 h", "9 h", "0 h", "0 h"])
    page.get_by_role("button", name="Weekends", exact=True).click()

    expect(page.locator(".measure .value")).to_have_text(["72 h", "48 h", "24 h", "0 h"])
    expect(page.locator(".measure .name").nth(2)).to_have_text(LONG_NAME)


def test_another_span_is_asked_for_and_dates_in_the_wrong_order_are_turned_round(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page(site.link(start_param="balance"), wait=".measure")

    page.get_by_label("For which time").select_option("Last month")
    expect(page.locator(".bars.old")).to_have_count(0)
    assert site.count("/api/balance?from=2026-10-01&to=2026-10-31") == 1
    page.get_by_label("For which time").select_option("Other dates")
    page.get_by_label("To", exact=True).fill("2026-05-03")
    page.get_by_label("To", exact=True).blur()

    expect(page.get_by_label("From", exact=True)).to_have_value("2026-05-03")
    expect(page.get_by_label("To", exact=True)).to_have_value("2026-10-01")
    assert site.count("/api/balance?from=2026-05-03&to=2026-10-01") == 1


def test_date_is_typed_figure_by_figure_and_nothing_takes_it_away(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="balance"), wait=".measure")
    first = page.get_by_label("From", exact=True)
    first.focus()
    asked = 0
    for figure in "05052025":  # month and day, or day and month
        page.keyboard.press(figure)
        while site.count("/api/balance") > asked:  # what it makes has come and is drawn
            asked = site.count("/api/balance")
            page.evaluate("() => new Promise(requestAnimationFrame)")
        expect(first).to_be_focused()
    page.keyboard.press("Tab")
    expect(first).to_have_value("2025-05-05")
    expect(page.locator(".bars.old")).to_have_count(0)
    assert site.asked[-1][0] == "/api/balance?from=2025-05-05&to=2026-11-30"
    assert not [path for path, _, _ in site.asked if "from=0" in path]


def test_dates_are_always_there_and_touching_them_chooses_them(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="balance"), wait=".measure")
    expect(page.get_by_label("From", exact=True)).to_have_value("2026-11-01")
    expect(page.get_by_label("To", exact=True)).to_have_value("2026-11-30")

    page.get_by_label("From", exact=True).fill("2026-11-15")

    expect(page.get_by_label("For which time")).to_have_value("own")
    expect(page.locator(".bars.old")).to_have_count(0)
    assert site.count("/api/balance?from=2026-11-15&to=2026-11-30") == 1


def test_ones_own_months_are_exact_on_a_tap_and_saved_as_files(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="mine"), wait=".tile")
    expect(page.locator(".tile .when")).to_have_text(
        [
            "11 shifts · 9 nights",
            "70.3 h at night",
            "72 h on weekends",
            "15 h on holidays",
            "1 shift · 1 night",
            "8 h at night",
        ]
    )

    page.get_by_role("button", name="December").press("Enter")

    expect(page.get_by_role("button", name="December")).to_be_focused()
    lines = ["Shifts1", "Hours24 h 35 min", "Nights1", "Night hours8 h", "Weekend hours0 h"]
    expect(page.locator(".exact .line")).to_have_text(lines)
    with page.expect_download() as table:
        page.get_by_role("button", name="Save as CSV").click()
    rows = list(csv.reader(io.StringIO(table.value.path().read_text("utf-8-sig"))))
    assert rows[0][0] == "Month"
    assert rows[2] == ["2026-12", "1", "24.58", "1", "8", "0", "0"]
    with page.expect_download() as book:
        page.get_by_role("button", name="Save for Excel").click()
    assert book.value.suggested_filename == "hours-2026-12.xlsx"
    assert site.asked[-1][0] == "/api/balance.xlsx?from=2026-12-01&to=2026-12-31&own=true"


def test_the_workbook_of_the_shown_days_is_saved(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="balance"), wait=".measure")

    with page.expect_download() as download:
        page.get_by_role("button", name="Save for Excel").click()

    assert (download.value.suggested_filename, download.value.path().read_bytes()) == ("balance.xlsx", b"PK workbook")
    asked, init_data, _ = site.asked[-1]
    assert asked == "/api/balance.xlsx?from=2026-11-01&to=2026-11-30"
    assert init_data
    site.failures["/api/balance.xlsx"] = (503, {"error": {"code": "unavailable", "message": "Later."}})
    page.get_by_role("button", name="Save for Excel").click()
    expect(page.locator("#notice")).to_have_text("Later.")


def test_the_table_is_saved_as_a_file_for_spreadsheets(open_page: OpenPage, site: Site) -> None:
    site.me["language"] = "ru"
    site.balance[0]["full_name"] = '=HYPERLINK("x")'
    page = open_page(site.link(lang="ru", start_param="balance"), wait=".measure")

    with page.expect_download() as download:
        page.get_by_role("button", name="Сохранить CSV").click()

    text = download.value.path().read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0] == ["Имя", "Смены", "Часы", "Ночи", "Часы ночью", "Часы в выходные", "Часы в праздники"]
    assert rows[1] == ['\'=HYPERLINK("x")', "6", "144", "6", "48", "48", "0"]
    assert rows[2] == [LONG_NAME, "9", "192,5", "9", "68,25", "24", "9"]


@pytest.mark.parametrize(
    ("name", "span"),
    [
        ("month", ("2027-01-01", "2027-01-31")),
        ("last", ("2026-12-01", "2026-12-31")),
        ("quarter", ("2026-11-01", "2027-01-31")),
        ("year", ("2027-01-01", "2027-12-31")),
    ],
)
def test_spans_are_whole_months_of_the_rosters_today(core: Core, name: str, span: tuple[str, str]) -> None:
    assert core(f"{BALANCE}spanOf", name, "2027-01-31", None) == {"from": span[0], "to": span[1]}
