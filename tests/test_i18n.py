"""The catalogue is whole: no key missing, none unused, the same placeholders and plural forms in both languages."""

import ast
import re
import string
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from importlib import import_module
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duty_teller.i18n.core import TOPICS, Forms, LocalizedError, catalogue, get_lang, normalize_lang, t
from duty_teller.i18n.lang import format_day, format_moment, plural_form
from duty_teller.i18n.languages import LANGUAGES
from tests.sources import PACKAGE, modules

FORMS = {lang: spoken.plural_forms for lang, spoken in LANGUAGES.items()}
KEY = re.compile(r"[a-z]+(?:\.[a-z0-9_]+)+")
ROOTS = {key.split(".")[0] for key in catalogue()}


def forms_of(forms: Forms) -> tuple[str, ...]:
    return (forms,) if isinstance(forms, str) else forms


def placeholders(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def sources(pattern: str = "", room: str = "") -> Iterator[tuple[str, list[ast.AST]]]:
    """Every file of the package, but the catalogue's own, with all of its nodes; see `modules`."""
    for name, tree in modules(pattern, room, besides="i18n/messages/"):
        yield name, list(ast.walk(tree))


@cache
def used_in_python() -> tuple[set[str], set[str]]:
    """Returns the keys written out in the code, and the beginnings of those put together by an f-string."""
    whole: set[str] = set()
    beginnings: set[str] = set()
    for _name, nodes in sources():
        parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                whole |= {node.value} if id(node) not in parts else set()
            elif isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
                beginning = str(node.values[0].value)
                if re.fullmatch(r"[a-z]+\.[a-z0-9_.]*", beginning) and beginning.split(".")[0] in ROOTS:
                    beginnings.add(beginning)
    return whole, beginnings


def used_in_the_page() -> tuple[set[str], set[str]]:
    text = "\n".join(path.read_text() for path in (PACKAGE / "webapp").rglob("*") if path.suffix in {".js", ".html"})
    whole = set(re.findall(r"[\"'`](app\.[a-z0-9_.]+)[\"'`]", text))
    return whole, set(re.findall(r"`(app\.[a-z0-9_.]+)\$\{", text))


def all_used() -> tuple[set[str], set[str]]:
    (python, python_beginnings), (page, page_beginnings) = used_in_python(), used_in_the_page()
    return python | page, python_beginnings | page_beginnings


@pytest.mark.parametrize("topic", sorted(ROOTS))
def test_keys_are_whole_in_both_languages(topic: str) -> None:
    keys = [key for key in catalogue() if key.split(".")[0] == topic]
    assert keys
    for key in keys:
        try:
            is_whole(key)
        except AssertionError as error:
            error.add_note(key)
            raise


def is_whole(key: str) -> None:
    texts = catalogue()[key]
    assert set(texts) == set(LANGUAGES)
    for lang, forms in texts.items():
        assert all(form.strip() for form in forms_of(forms)), lang
        assert all(form == form.strip() for form in forms_of(forms)), lang
        if isinstance(forms, tuple):
            assert len(forms) == FORMS[lang]
    named = {lang: set().union(*(placeholders(form) for form in forms_of(forms))) for lang, forms in texts.items()}
    assert named["ru"] == named["en"]
    counted = {lang: isinstance(forms, tuple) for lang, forms in texts.items()}
    assert counted["ru"] == counted["en"]
    assert KEY.fullmatch(key)
    for lang, forms in texts.items():
        if isinstance(forms, tuple):
            # Every form but the singular shows the number.
            assert all("n" in placeholders(form) for form in forms[1:]) or "n" not in named[lang], lang


def test_russian_texts_are_in_russian_and_english_ones_are_not() -> None:
    cyrillic = re.compile("[а-яё]{2}", re.IGNORECASE)  # a single letter is the code of a cell
    latin = re.compile("[A-Za-z]{3,}")  # one alone is a name: JSON, username
    in_english = [
        key for key, texts in catalogue().items() if any(cyrillic.search(form) for form in forms_of(texts["en"]))
    ]
    latin_only = [
        key
        for key, texts in catalogue().items()
        if not any(cyrillic.search(form) for form in forms_of(texts["ru"]))
        and any(len(latin.findall(re.sub(r"\{\w+\}|<[^>]+>", "", form))) > 1 for form in forms_of(texts["ru"]))
    ]
    assert (in_english, latin_only) == ([], [])


STILTED = {
    "en": re.compile(
        r"\b(?:stands?|shall|mend|whom|to come|goes|may not|is meant|no \w+ any more|not \w+ any more|is there,|"
        r"kept up to date|taken for|can't be taken|take \w+ back|was read yet|(?:be|being) silent)\b",
        re.IGNORECASE,
    ),
    "ru": re.compile(
        r"имеется в виду|от одного к другому|ещё без telegram|не читали|\b(?:до|начало|конец): \{|живёте по|"
        r"не запланирован|не листаю|без связи с|оживёт|понят[оы] так|прочитан[оы] так",
        re.IGNORECASE,
    ),
}
"""Words and turns nobody says at 3 a.m.; what to write instead is plain: subject, verb, and what to do."""


@pytest.mark.parametrize("lang", STILTED)
def test_texts_are_spoken_not_written(lang: str) -> None:
    found = {
        key: form for key, texts in catalogue().items() for form in forms_of(texts[lang]) if STILTED[lang].search(form)
    }
    assert found == {}


def test_every_key_in_use_exists() -> None:
    whole, beginnings = all_used()
    names = {key for key in whole if key.split(".")[0] in ROOTS and not key.endswith((".js", ".css", ".html", ".svg"))}
    known = set(catalogue())
    missing = {key for key in names - known if not any(other.startswith(key + ".") for other in known)}
    assert missing - NOT_KEYS == set()
    assert {b for b in beginnings if not any(key.startswith(b) for key in known)} == set()


NOT_KEYS = {"rosters.id", "calendar.google.com", "holidays.countries", "zone.tab"}
"""Texts of the code that only look like keys: a foreign key of the database, a host, a package, a file."""


def test_every_key_is_in_use() -> None:
    whole, beginnings = all_used()
    relative = {f"import.file.{key}" for key in refused_by_the_importer()}
    unused = {
        key
        for key in catalogue()
        if key not in whole and key not in relative and not any(key.startswith(b) for b in beginnings if len(b) > 4)
    }
    assert unused == set()


def refused_by_the_importer() -> set[str]:
    """`refuse(where, "missing")` of the importers puts `import.file.` in front: short texts there count as keys."""
    found: set[str] = set()
    for name, nodes in sources(room="importers/"):
        for node in nodes if name.count("/") == 1 else ():
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.fullmatch(r"[a-z_0-9]+", node.value)
            ):
                found.add(node.value)
    return found


def test_topics_are_the_modules_of_the_catalogue() -> None:
    files = {path.stem for path in (PACKAGE / "i18n" / "messages").glob("*.py")} - {"__init__"}
    assert set(TOPICS) == files
    for topic, beginnings in TOPICS.items():
        messages = import_module(f"duty_teller.i18n.messages.{topic}").MESSAGES
        assert {key.split(".")[0] for key in messages} == set(beginnings.split())


def test_error_placeholders_are_given_by_the_code_that_raises() -> None:
    """`LocalizedError("error.x", name=…)` and its kin name every placeholder of their text."""
    wrong: list[str] = []
    for file, nodes in sources(r"(\bt|Error)\b"):
        for node in nodes:
            if not isinstance(node, ast.Call) or not node.args or any(k.arg is None for k in node.keywords):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            position = 1 if name == "t" else 0
            if name != "t" and not name.endswith("Error"):
                continue
            if len(node.args) <= position or not isinstance(node.args[position], ast.Constant):
                continue
            key = node.args[position].value
            if key not in catalogue():
                continue
            needed = set().union(*(placeholders(form) for form in forms_of(catalogue()[key]["en"])))
            given = {keyword.arg for keyword in node.keywords}
            if not needed <= given:
                wrong.append(f"{file}:{node.lineno} {key} lacks {sorted(needed - given)}")
    assert wrong == []


def test_t_falls_back_to_english_then_to_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(catalogue(), "test.only_english", {"en": ("{n} thing", "{n} things")})
    assert t("ru", "test.only_english", n=2) == "2 things"
    assert t("de", "pin.nobody") == t("en", "pin.nobody")
    assert t("ru", "no.such.key", n=1) == "no.such.key"


def test_t_leaves_a_text_alone_when_an_argument_is_missing() -> None:
    assert t("en", "pin.until", other=1) == "until {moment}"


def test_t_does_not_read_placeholders_inside_values() -> None:
    assert t("en", "pin.on_duty", name="{moment} {0}") == "On duty now: {moment} {0}"


def test_error_is_translated_once_at_the_edge_with_errors_inside_it() -> None:
    inner = LocalizedError("error.undo_unknown")
    outer = LocalizedError("error.undo_conflict", changes=inner)
    assert outer.text("ru") == t("ru", "error.undo_conflict", changes=t("ru", "error.undo_unknown"))
    assert str(outer) == outer.text("en")


@pytest.mark.parametrize(
    ("n", "form"),
    [(0, 2), (1, 0), (2, 1), (4, 1), (5, 2), (11, 2), (12, 2), (14, 2), (21, 0), (22, 1), (111, 2), (112, 2), (121, 0)],
)
def test_russian_counts_by_its_own_rules(n: int, form: int) -> None:
    assert plural_form("ru", n) == form
    assert plural_form("ru", -n) == form


@settings(max_examples=100, derandomize=True, deadline=None)
@given(n=st.integers(-(10**6), 10**6), lang=st.sampled_from(sorted(LANGUAGES)))
def test_plural_form_is_one_that_exists(n: int, lang: str) -> None:
    assert 0 <= plural_form(lang, n) < FORMS[lang]


@pytest.mark.parametrize(
    ("code", "lang"),
    [
        ("ru", "ru"),
        ("ru-RU", "ru"),
        ("RU_ru", "ru"),
        ("en-US", "en"),
        ("uk", "en"),
        ("", "en"),
        (None, "en"),
        ("-", "en"),
    ],
)
def test_normalize_lang_folds_tags(code: str | None, lang: str) -> None:
    assert normalize_lang(code) == lang


def test_normalize_lang_gives_the_default_it_was_told() -> None:
    assert normalize_lang("uk", "ru") == "ru"


def test_get_lang_takes_the_stored_choice_first() -> None:
    assert get_lang(SimpleNamespace(language="ru", language_code="en")) == "ru"
    assert get_lang(SimpleNamespace(language=None, language_code="ru-RU")) == "ru"
    assert get_lang(SimpleNamespace(language_code="fr"), "ru") == "ru"
    assert get_lang(None, "ru") == "ru"


def test_dates_are_written_as_people_write_them() -> None:
    day, today = date(2026, 11, 23), date(2026, 1, 1)
    assert (format_day("ru", day, today), format_day("en", day, today)) == ("пн 23 нояб.", "Mon 23 Nov")
    assert (format_day("ru", day), format_day("en", day, date(2025, 1, 1))) == ("пн 23 нояб. 2026", "Mon 23 Nov 2026")
    moment = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Europe/Moscow"))
    assert format_moment("en", moment, date(2026, 11, 24)) == "09:00"
    assert format_moment("ru", moment, date(2026, 11, 23)) == "вт 24 нояб., 09:00"
