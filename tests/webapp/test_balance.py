"""The tab Balance."""

import csv
import io

import pytest
from playwright.sync_api import expect

from duty_teller.i18n.core import t
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
    expect(page.locator(".measure .when")).to_have_text(
        "9 shifts · 192 h 30 min · 9 nights · 24 h on weekends · 12.4 h above average"
    )
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

    expect(page.get_by_label("From", exact=True)).to_have_value("2026-05-03")
    expect(page.get_by_label("To", exact=True)).to_have_value("2026-10-01")
    assert site.count("/api/balance?from=2026-05-03&to=2026-10-01") == 1


def test_dates_are_always_there_and_touching_them_chooses_them(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="balance"), wait=".measure")
    expect(page.get_by_label("From", exact=True)).to_have_value("2026-11-01")
    expect(page.get_by_label("To", exact=True)).to_have_value("2026-11-30")

    page.get_by_label("From", exact=True).fill("2026-11-15")

    expect(page.get_by_label("For which time")).to_have_value("own")
    expect(page.locator(".bars.old")).to_have_count(0)
    assert site.count("/api/balance?from=2026-11-15&to=2026-11-30") == 1


def test_numbers_are_exact_on_a_tap(open_page: OpenPage, site: Site) -> None:
    site.balance[0] |= {"hours": 144.58, "weekend_hours": 0.25}
    page = open_page(site.link(start_param="balance"), wait=".measure")

    page.locator(".measure").filter(has_text="Alice").click()

    exact = "6 shifts · 144 h 35 min · 6 nights · 0 h 15 min on weekends"
    expect(page.locator(".measure .when")).to_contain_text(exact)


def test_the_workbook_of_the_shown_days_is_saved(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="balance"), wait=".measure")

    with page.expect_download() as download:
        page.get_by_role("button", name="Save for Excel").click()

    assert (download.value.suggested_filename, download.value.path().read_bytes()) == ("balance.xlsx", b"PK workbook")
    asked, init_data, _ = site.asked[-1]
    assert asked == "/api/balance.xlsx?from=2026-11-01&to=2026-11-30"
    assert init_data
    site.failures["/api/balance.xlsx"] = (503, {"error": {"code": "unavailable", "message": "Later"}})
    page.get_by_role("button", name="Save for Excel").click()
    expect(page.locator("#notice")).to_have_text(t("en", "app.error.server.text"))


def test_the_table_is_saved_as_a_file_for_spreadsheets(open_page: OpenPage, site: Site) -> None:
    site.me["language"] = "ru"
    site.balance[0]["full_name"] = '=HYPERLINK("x")'
    page = open_page(site.link(lang="ru", start_param="balance"), wait=".measure")

    with page.expect_download() as download:
        page.get_by_role("button", name="Сохранить CSV").click()

    text = download.value.path().read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0] == ["Имя", "Смены", "Часы", "Ночи", "Часы в выходные"]
    assert rows[1] == ['\'=HYPERLINK("x")', "6", "144", "6", "48"]
    assert rows[2] == [LONG_NAME, "9", "192,5", "9", "24"]


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
