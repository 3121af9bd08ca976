"""A language is one table and its texts: with an invented third one nothing is left in another language."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from types import SimpleNamespace

import pytest

from duty_teller.config import ConfigurationError, Settings
from duty_teller.i18n import get_lang, normalize_lang, t
from duty_teller.i18n.core import accepted_language
from duty_teller.i18n.lang import (
    format_day,
    format_decimal,
    format_moment,
    format_month,
    month_name,
    plural_form,
    week_start,
)
from duty_teller.i18n.languages import LANGUAGES, Language
from duty_teller.main import _parser
from duty_teller.services.people.preferences import parse_quiet
from duty_teller.services.rosters.coverage import parse_hours
from duty_teller.services.texts import typed_days
from tests.invented import CODE, ZEMBLAN, spoken

MONDAY = date(2026, 11, 23)


@pytest.fixture
def zemblan() -> Iterator[Language]:
    with spoken() as language:
        yield language


@pytest.mark.parametrize("lang", LANGUAGES)
def test_table_is_whole(lang: str) -> None:
    one = LANGUAGES[lang]
    assert [len(names) for names in (one.weekdays, one.weekdays_long)] == [7, 7]
    assert [len(names) for names in (one.months, one.months_in_date, one.months_in_date_long)] == [12, 12, 12]
    assert (len(one.plurals), len(one.typed.weekdays.split("|"))) == (100, 7)
    assert set(map(int, one.plurals)) | set(one.plurals_exact.values()) == set(range(one.plural_forms))
    assert len(lang) == 2, "Telegram's lists of commands know ISO 639-1 only"
    assert not set(one.code_letters) & {t(lang, f"export.code.{kind}") for kind in ("day", "night", "vacation")}


def test_counts_dates_and_numbers_are_the_tables(zemblan: Language) -> None:
    assert [plural_form(CODE, n) for n in (0, 1, 2, 3, 13, -3, 101)] == [0, 1, 3, 2, 2, 2, 3]
    assert t(CODE, "app.people.shifts", n=3) == "Z2:3 shifts"
    assert format_day(CODE, MONDAY, MONDAY) == "luk/23 (va)"
    assert format_day(CODE, MONDAY) == "2026/luk/23 (va)"
    assert (format_month(CODE, MONDAY), month_name(CODE, 3), format_decimal(CODE, 5.8)) == (
        "2026/lunak",
        "lunac",
        "5'8",
    )
    assert format_moment(CODE, datetime(2026, 11, 24, 9, tzinfo=UTC), MONDAY) == "luk/24 (vb), 09:00"
    assert (week_start(CODE, MONDAY), week_start("en", MONDAY)) == (date(2026, 11, 21), MONDAY)


def test_people_get_it_by_choice_by_telegram_and_by_the_default(zemblan: Language) -> None:
    assert normalize_lang("QZ_zem") == CODE
    assert get_lang(SimpleNamespace(language=None, language_code="qz-ZE")) == CODE
    assert Settings.from_env({"DEFAULT_LANGUAGE": "qz"}).default_language == CODE
    parsed = _parser().parse_args(["export", "x.csv", "--from", "2026-11-01", "--to", "2026-11-30", "--language", CODE])
    assert parsed.language == CODE


def test_default_language_that_is_not_spoken_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="must be one of ru, en"):
        Settings.from_env({"DEFAULT_LANGUAGE": "qz"})


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("qz-ZE,en;q=0.5", CODE),
        ("de, en;q=0.5, qz;q=0.7", CODE),
        ("ru;q=0.4, qz; q=0.3", "ru"),
        ("qz;q=0, ru;q=0.1", "ru"),
        ("qz;q=high, de", "en"),
        ("*", "en"),
        ("", "en"),
    ],
)
def test_accept_language_takes_what_is_wanted_most(zemblan: Language, header: str, lang: str) -> None:
    assert accepted_language(header, "en") == lang


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("alku", date(2026, 11, 24)),
        ("un vyc", date(2026, 11, 26)),
        ("vesteng", date(2026, 11, 29)),
        ("24 lunael 2026 anno", date(2026, 12, 24)),
    ],
)
def test_days_are_typed_in_its_words(zemblan: Language, typed: str, day: date) -> None:
    assert typed_days.parse_day(typed, MONDAY) == day


def test_weeks_months_hours_and_this_moment_are_typed_in_its_words(zemblan: Language) -> None:
    assert typed_days.parse_week("sept alku", MONDAY) == date(2026, 11, 30)
    assert typed_days.parse_month("luna alku", MONDAY) == date(2026, 12, 1)
    assert typed_days.parse_month("lunac", MONDAY) == date(2027, 3, 1)
    assert typed_days.is_now("nu")
    assert parse_quiet("ab 22 usk 7") == (time(22), time(7))
    assert parse_hours("vy tyl vyt ond vyn 9-18") == parse_hours("Mon-Wed, Sun 9-18")
    assert parse_hours("tot 9-18") == parse_hours("every day 9-18")


def test_fixture_leaves_nothing_behind() -> None:
    with spoken():
        assert LANGUAGES[CODE] is ZEMBLAN
    assert CODE not in LANGUAGES
    assert t(CODE, "view.back") == "Back"
    assert typed_days.parse_day("vy", MONDAY) is None
