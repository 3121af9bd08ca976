"""Size, requests, security policy, widths, colours and the catalogue of texts."""

import gzip
import json
import re

import pytest
from playwright.sync_api import Page, Request, expect

from duty_teller.api.once import HERE
from duty_teller.i18n.core import catalogue, t
from duty_teller.i18n.lang import table
from duty_teller.i18n.languages import LANGUAGES
from tests.webapp.conftest import Core, OpenPage, Watch
from tests.webapp.site import BORIS, WEBAPP, Site, at, duty

LIGHT = {
    "bg_color": "#ffffff",
    "text_color": "#000000",
    "hint_color": "#999999",
    "link_color": "#2481cc",
    "button_color": "#3390ec",
    "button_text_color": "#ffffff",
    "secondary_bg_color": "#efeff3",
    "section_bg_color": "#ffffff",
    "accent_text_color": "#2481cc",
}
DARK = LIGHT | {
    "bg_color": "#17212b",
    "text_color": "#f5f5f5",
    "hint_color": "#708499",
    "link_color": "#6ab3f3",
    "button_color": "#5288c1",
    "secondary_bg_color": "#232e3c",
    "section_bg_color": "#17212b",
    "accent_text_color": "#6ab2f2",
}


MESSAGES = {key: forms for key, forms in catalogue().items() if key.startswith("app.")}

LATER = (
    "later.css",
    "views/month.js",
    "views/mine.js",
    "views/team.js",
    "views/balance.js",
    "views/day.js",
    "models/month.js",
)
"""Modules that are loaded when their view is opened."""


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_first_view_keeps_its_budget_of_requests_and_bytes(open_page: OpenPage, site: Site, lang: str) -> None:
    site.me["language"] = lang
    page = open_page("about:blank", wait="html", keeps_files=True)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))

    page.goto(site.link(lang=lang, start_param="home"))
    page.wait_for_selector(".card .name")
    page.wait_for_load_state("networkidle")

    files = [request.url.split("/app/")[1] for request in asked if "/app/" in request.url]
    assert {"main.js", "style.css", "views/now.js"} <= set(files)
    assert not set(files) & set(LATER)
    sent = [len(gzip.compress((WEBAPP / name).read_bytes(), 6)) for name in ["index.html", *files]]
    sent.append(len(gzip.compress(json.dumps({key: MESSAGES[key][lang] for key in MESSAGES}).encode())))
    assert sum(sent) <= 40_000, sent  # of 60 KB, which includes the answers about this team
    assert len(asked) <= 12, [request.url for request in asked]
    hosts = {request.url.split("/")[2] for request in asked}
    assert hosts == {site.url.removeprefix("http://"), "telegram.org"}


def test_nothing_offends_the_security_policy(open_page: OpenPage, site: Site, watch: Watch) -> None:
    page = open_page(site.link(theme=DARK))

    page.locator('[data-day="2026-11-26"]').click()
    page.keyboard.press("Escape")
    page.get_by_label("Next month").click()
    expect(page.locator("#month h1")).to_have_text("December 2026")

    assert watch.errors == []


def test_the_policy_is_in_force(open_page: OpenPage, watch: Watch) -> None:
    """Guards the test above: what it must not find would be found."""
    page = open_page()

    page.evaluate(
        """document.body.append(Object.assign(document.createElement("script"), { text: "window.inlined = 1" }))"""
    )

    assert page.evaluate("window.inlined") is None
    assert len(watch.errors) == 1


WIDTHS = (320, 360, 412, 760, 1200)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_nothing_is_wider_than_the_screen(open_page: OpenPage, site: Site, lang: str) -> None:
    """The month and a day of it, on each screen; between them the same page is on another one."""
    site.me["language"] = lang
    for entry in site.duties:
        entry["position"] = "Дежурный-администратор-вычислительного-центра"
    site.me["rosters"][0]["name"] = "Круглосуточная дежурная служба эксплуатации инфраструктуры северо-запада"
    site.me["rosters"].append(site.me["rosters"][0] | {"id": 2})
    page = open_page(site.link(lang=lang))

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        page.locator('[data-day="2026-11-26"]').click()
        expect(page.locator("dialog")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate("(([box]) => box.scrollWidth - box.clientWidth)(document.querySelectorAll('dialog'))") == 0
        assert escaping(page, ".grid .cell", ".chip") == [], width
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_be_hidden()


WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries()) {
    shifts.push([value, ...sources.map(({ node }) => node?.className ?? "?")]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def test_nothing_moves_while_views_open(open_page: OpenPage, site: Site) -> None:
    """Not even right after a tap, which browsers would forgive."""
    page = open_page("about:blank", wait="html")
    page.add_init_script(WATCH_SHIFTS)
    page.goto(site.link(start_param="home"))
    for tab, there in {
        "Now": ".card .name",
        "Month": ".chip",
        "Mine": ".row",
        "Team": ".mate",
        "Balance": ".bar",
    }.items():
        page.locator("nav").get_by_role("button", name=tab).click()
        page.wait_for_selector(there)
    page.get_by_label("For which time").select_option("Other dates")
    expect(page.locator(".bars.old")).to_have_count(0)
    page.locator("nav").get_by_role("button", name="Month").click()
    page.get_by_label("Next month").click()
    expect(page.locator(".waiting")).to_have_count(0)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    assert page.evaluate("shifts") == []


def test_nothing_moves_while_the_days_of_a_list_come(open_page: OpenPage, site: Site) -> None:
    """Those above today are drawn after it."""
    site.duties = [
        duty(number * 10 + one, BORIS, at(number), at(number, 18)) for number in range(1, 31) for one in range(6)
    ]
    page = open_page("about:blank", wait="html")
    page.add_init_script(WATCH_SHIFTS)
    page.goto(site.link())
    expect(page.locator(".list-day .list-title")).to_have_count(30)
    expect(page.locator(".unseen")).to_have_count(0)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    assert page.evaluate("shifts") == []


def escaping(page: Page, outer: str, inner: str) -> list[str]:
    """Returns the texts of inner boxes that stick out of their outer box."""
    found: list[str] = page.evaluate(
        """([outer, inner]) => [...document.querySelectorAll(`${outer} ${inner}`)].filter((node) => {
            const [box, frame] = [node.getBoundingClientRect(), node.closest(outer).getBoundingClientRect()];
            return box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1;
        }).map((node) => node.textContent)""",
        [outer, inner],
    )
    return found


def contrasts(page: Page, selector: str) -> list[tuple[float, str]]:
    """Returns the contrast of each visible text against what lies behind it, as WCAG 2 reckons it, lowest first."""
    found: list[tuple[float, str]] = page.evaluate(
        r"""(selector) => {
            const pixel = Object.assign(document.createElement("canvas"), { width: 1, height: 1 })
              .getContext("2d", { willReadFrequently: true });
            const over = (colours) => {
              pixel.clearRect(0, 0, 1, 1);
              for (const colour of colours) { pixel.fillStyle = colour; pixel.fillRect(0, 0, 1, 1); }
              return [...pixel.getImageData(0, 0, 1, 1).data].slice(0, 3);
            };
            const light = (rgb) => rgb.map((value) => value / 255)
              .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
              .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
            const seen = (node) => node.checkVisibility() && node.textContent.trim();
            return [...document.querySelectorAll(selector)].filter(seen).map((node) => {
              const behind = [];
              for (let one = node; one; one = one.parentElement) behind.unshift(getComputedStyle(one).backgroundColor);
              const [back, front] = [over(behind), over([...behind, getComputedStyle(node).color])];
              const [dark, bright] = [light(back), light(front)].sort((a, b) => a - b);
              return [(bright + 0.05) / (dark + 0.05), `${node.className} ${node.textContent}`];
            }).sort(([a], [b]) => a - b);
        }""",
        selector,
    )
    return found


@pytest.mark.parametrize("theme", [LIGHT, DARK, {}], ids=["light", "dark", "none"])
def test_texts_contrast_with_their_ground(open_page: OpenPage, site: Site, theme: dict[str, str]) -> None:
    """All ten colours of people, both ways round, and every kind of text: at least AA's 4.5."""
    site.me["id"] = 10
    site.duties[:] = [
        duty(day, day % 10, at(day), at(day + 1), full_name=f"P{day} Q", username="q") | {"user_id": day % 10}
        for day in range(1, 28)
        if day % 10 in (1, 3, 4, 5)
    ]
    spare = site.duties[0]
    site.duties += [spare | {"id": 50 + n, "user_id": n, "full_name": f"Person {n}"} for n in range(10)]
    for index, entry in enumerate(site.duties[-10:]):
        entry["start_at"], entry["end_at"] = f"2026-11-{index + 12}T06:00:00Z", f"2026-11-{index + 13}T06:00:00Z"
    site.roster_now["gap"] = {"start_at": "2026-11-25T06:00:00Z", "end_at": None}
    site.gaps = [{"roster_id": 1, "start_at": "2026-11-28T06:00:00Z", "end_at": "2026-11-30T06:00:00Z"}]

    page = open_page(site.link(theme=theme))
    found = contrasts(
        page,
        "#app :is(.chip, .chip-name, .when, .label, .number, .gap, .name, .pill, .sum, .zone, .weekday, .badge)",
    )
    page.locator("nav").get_by_role("button").first.click()
    found += contrasts(page, "#now :is(.when, .label, .gap, .name, .badge, .left, .action), nav span")
    page.locator("nav").get_by_role("button").nth(1).click()
    own = page.evaluate("document.querySelectorAll('.chip').forEach((chip) => chip.classList.add('own'))") or contrasts(
        page, ".chip-name"
    )

    assert len({text for _, text in found if text.startswith("chip c")}) >= 10
    assert [item for item in found + own if item[0] < 4.5] == []


@pytest.mark.parametrize(("scheme", "theme"), [("dark", "dark"), ("light", "light")])
def test_without_a_theme_the_system_decides(open_page: OpenPage, scheme: str, theme: str) -> None:
    page = open_page(color_scheme=scheme)

    assert page.evaluate("document.documentElement.className") == theme


def test_telegrams_theme_wins_over_the_system(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(theme=DARK), color_scheme="light")

    assert page.evaluate("document.documentElement.className") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(35, 46, 60)"


def test_a_theme_that_is_no_colour_is_left_out(open_page: OpenPage, site: Site, watch: Watch) -> None:
    page = open_page(site.link(theme={"bg_color": "url(https://evil.example/x)", "text_color": "#000000"}))

    assert page.evaluate("document.documentElement.style.cssText") == "--tg-theme-text-color: #000000;"
    assert watch.errors == []


def test_reduced_motion_is_respected(open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")

    page.locator('[data-day="2026-11-22"]').click()

    assert page.evaluate("document.getAnimations().length") == 0


def page_keys() -> tuple[set[str], set[str]]:
    """Returns the keys that the modules name, and the beginnings of those they put together."""
    source = "\n".join(path.read_text("utf-8") for path in WEBAPP.rglob("*.js"))
    whole = set(re.findall(r'"(app\.[a-z_.]+)"', source))
    return whole, set(re.findall(r"`(app\.[a-z_.]+)\$\{", source))


def test_every_text_the_page_names_exists() -> None:
    whole, begun = page_keys()

    assert sorted(whole - MESSAGES.keys()) == []
    assert [start for start in begun if not any(key.startswith(start) for key in MESSAGES)] == []


def test_every_text_of_the_catalogue_is_shown_somewhere() -> None:
    whole, begun = page_keys()

    whole |= set(HERE.values())  # said by the server, in its answers

    assert [key for key in MESSAGES if key not in whole and not key.startswith(tuple(begun))] == []


COMMAND = re.compile(r"(?<![\w/<.])/(?!pin_duty)[a-z_]{3,}")
"""A pin is made in its group, where a command is the way."""
TO_THE_CHAT = {"app.set.backup.text"}
"""Tells what the chat alone does: it sends a backup as a file."""
SAID_IN_CHATS = ("bot.", "calendar.gone", "change.note_lost", "groups.off_", "import.chat.", "join.", "people.you_")
"""What services say in chats and on the page that subscribes to a calendar, never in the Mini App."""


def test_no_text_of_the_mini_app_names_a_command_of_the_chat() -> None:
    """Neither its own texts, nor the reasons of services that it shows: those have a twin for it."""
    texts = catalogue()

    def names_a_command(key: str) -> bool:
        forms = (form for said in texts[key].values() for form in ([said] if isinstance(said, str) else said))
        return any(COMMAND.search(form) for form in forms)

    ours = [key for key in texts if key.startswith("app.") or ".page." in key]
    rooms = [WEBAPP.parent / "services", WEBAPP.parent / "api"]
    source = "\n".join(path.read_text("utf-8") for room in rooms for path in room.rglob("*.py"))
    reasons = {key for key in re.findall(r'"([a-z]+\.[a-z_.]+)"', source) if key in texts and names_a_command(key)}

    assert {key for key in ours if names_a_command(key)} == TO_THE_CHAT
    assert {key for key in reasons if not key.startswith(SAID_IN_CHATS)} <= set(HERE)


def test_the_emergency_texts_are_the_catalogues(open_page: OpenPage) -> None:
    page = open_page()

    emergency = page.evaluate("import('/app/edges.js').then((api) => api.EMERGENCY)")

    assert emergency == {lang: {key: catalogue()[key][lang] for key in emergency["ru"]} for lang in LANGUAGES}


@pytest.mark.parametrize(("lang", "forms"), [("en", (1, 2, 5, 21)), ("ru", (1, 2, 5, 11, 21, 22, 25, 112))])
def test_plurals_are_chosen_as_the_server_chooses_them(core: Core, lang: str, forms: tuple[int, ...]) -> None:
    script = """async ([lang, language, texts, counts]) => {
        const say = (await import("/app/edges.js")).translator(lang, language, texts);
        return counts.map((n) => say("app.people.shifts", { n }));
    }"""
    texts = {"app.people.shifts": MESSAGES["app.people.shifts"][lang]}

    said = core.run(script, [lang, table(lang).for_page(lang), texts, list(forms)])

    assert said == [t(lang, "app.people.shifts", n=n) for n in forms]


def test_forms_at_twice_the_size_of_text_are_no_wider_than_the_screen(open_page: OpenPage, site: Site) -> None:
    site.me |= {"role": "admin", "language": "ru"}
    page = open_page(site.link(lang="ru", start_param="mine"), wait=".row", viewport={"width": 320, "height": 740})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for summary in page.locator("#mine summary").all():
        summary.click()
        assert page.evaluate("document.documentElement.scrollWidth") == 320, summary.inner_text()
    page.locator("nav").get_by_role("button", name="Команда").click()
    page.get_by_role("button", name="Clara Nomad").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("summary", has_text="Это один человек с…")).to_be_visible()
    assert dialog.evaluate("box => box.scrollWidth - box.clientWidth") == 0
