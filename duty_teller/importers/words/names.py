"""Names of weekdays and months in the languages of the sample files, and the labels found around a roster's table."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from duty_teller.i18n.languages import ENGLISH, LANGUAGES, RUSSIAN

# Those of the languages that files may be in, as `Typed.weekdays` has them. Rows of single letters are kept apart:
# alone they say little.
_WEEKDAYS: Final = {
    "ru": RUSSIAN.typed.weekdays,
    "uk": "пн понеділок|вт вівторок|ср середа|чт четвер|пт пятниця|сб субота|нд неділя",
    "en": ENGLISH.typed.weekdays,
    "pl": (
        "pn pon poniedziałek|wt wto wtorek|śr sr śro środa|cz czw czwartek|pt pt. pią piątek|so sob sobota|nd nie ndz "
        "niedz niedziela"
    ),
    "fi": "ma maanantai|ti tiistai|ke keskiviikko|to torstai|pe perjantai|la lauantai|su sunnuntai",
    "de": "mo montag|di dienstag|mi mittwoch|do donnerstag|fr freitag|sa samstag sonnabend|so sonntag",
}
_LETTERS: Final = {
    "ru": "п|в|с|ч|п|с|в",
    "uk": "п|в|с|ч|п|с|н",
    "en": "m|t|w|t|f|s|s",
    "de": "m|d|m|d|f|s|s",
    "pl": "p|w|ś|c|p|s|n",
}

# Beside those of the languages that are spoken.
_MONTHS: Final = (
    "січень січня січні styczeń stycznia styczniu tammikuu tammikuun januar jän",
    "лютий лютого лютому luty lutego lutym helmikuu helmikuun februar",
    "березень березня березні marzec marca marcu maaliskuu maaliskuun märz",
    "квітень квітня квітні kwiecień kwietnia kwietniu huhtikuu huhtikuun",
    "травень травня травні maj maja maju toukokuu toukokuun mai",
    "червень червня червні czerwiec czerwca czerwcu kesäkuu kesäkuun juni",
    "липень липня липні lipiec lipca lipcu heinäkuu heinäkuun juli",
    "серпень серпня серпні sierpień sierpnia sierpniu elokuu elokuun",
    ("вересень вересня вересні wrzesień września wrześniu " "syyskuu syyskuun"),
    ("жовтень жовтня жовтні październik października październiku lokakuu " "lokakuun oktober okt"),
    ("листопад листопада листопаді listopad listopada listopadzie " "marraskuu marraskuun"),
    ("грудень грудня грудні grudzień grudnia grudniu joulukuu joulukuun " "dezember dez"),
)

_NAME_LABEL: Final = re.compile(
    r"ф\.? ?и\.? ?о\b.*|фамили.*|имя\b.*|отчество|сотрудник.*|работник.*|дежурн\S*|врач\S*|"
    r"(?:full |first |last |staff |employee |family )?name.*|"
    r"surname.*|employees?|staff|person|people|engineer|піб|п\.і\.б\.?|прізвище.*|imię.*|nazwisko.*|pracownik.*|"
    r"(?:suku|etu)?nimi|työntekijä|"
    r"mitarbeiter.*|vorname|nachname"
)
_PART_LABEL: Final = re.compile(
    r"фамилия|имя|отчество|(?:first|last|family) name|surname|прізвище|імя|ім'я|imię|nazwisko|sukunimi|etunimi|vorname|"
    r"nachname"
)
_TOTAL: Final = re.compile(
    r"(?:итог\S*|всего|всього|разом|suma|razem|ogółem|łącznie|totals?|sub-?totals?|grand total|gesamt\w*|yhteensä|"
    r"summa|кол-во|количество|кількість|liczba|anzahl|отработано|відпрацьовано|hours|часов|годин|godzin\w*|stunden|"
    r"tunnit|tunteja)\b.*|sum|summe|норма(?: часов| времени| дней| годин)?|норма год\.?|покрытие|headcount|coverage"
)
_LEGEND: Final = re.compile(
    r"(?:условные обозначения|обозначения|легенда|расшифровка|примечани[ея]|умовні позначення|позначення|примітк\S*|"
    r"legend\S*|key|notes?|"
    r"legenda|objaśnienia|uwagi|selitteet|selite|huom\w*|legende|erläuterung\w*|bemerkung\w*|hinweis\w*|"
    # Who made or approved it: below a table nobody comes after that.
    r"составил\w*|утвержда\w*|утверждено|согласован\w*|ознакомлен\w*|подпис[ьи]|исполнитель|m\.?п\.|prepared by|"
    r"approved(?: by)?|signature|склав|склала|затверджую|погоджено|підпис\w*|sporządził\w*|zatwierdził\w*|podpis|"
    r"laati\w*|hyväksy\w*|allekirjoitus|erstellt|genehmigt|unterschrift)\b.*"
)


def fold_word(text: str) -> str:
    """Returns the form in which the names of this module are compared."""
    return unicodedata.normalize("NFC", text).casefold().strip(" .,:;()[]").replace("’", "").replace("'", "")


@cache
def _months() -> dict[str, int]:
    named = {fold_word(form): number for number, forms in enumerate(_MONTHS, 1) for form in forms.split()}
    for spoken in LANGUAGES.values():
        typed = [forms.split() for forms in spoken.typed.months.split("|")] if spoken.typed.months else []
        for forms in (spoken.months, spoken.months_in_date, spoken.months_in_date_long):
            named |= {fold_word(form): number for number, form in enumerate(forms, 1)}
        named |= {fold_word(form): number for number, some in enumerate(typed, 1) for form in some}
    return named


def month_number(word: str) -> int | None:
    """Returns 1…12 for the name of a month in any case and of any known language."""
    return _months().get(fold_word(word))


@cache
def _languages() -> tuple[dict[str, frozenset[int]], ...]:
    tables = []
    for names in (*_WEEKDAYS.values(), *_LETTERS.values()):
        table: dict[str, set[int]] = {}
        for number, forms in enumerate(names.split("|")):
            for form in forms.split():
                table.setdefault(fold_word(form), set()).add(number)
        tables.append({form: frozenset(numbers) for form, numbers in table.items()})
    return tuple(tables)


@lru_cache(maxsize=4096)
def is_weekday(word: str) -> bool:
    """Tells whether a text is the name of a weekday, single letters not counted."""
    folded = fold_word(word)
    return any(folded in table for table in _languages()[: len(_WEEKDAYS)])


def weekday_number(word: str) -> int | None:
    """Returns 0 (Monday) … 6 for a weekday as people type it to the bot, in a language it speaks."""
    return _typed_weekdays().get(fold_word(word))


@cache
def _typed_weekdays() -> dict[str, int]:
    named: dict[str, int] = {}
    for spoken in LANGUAGES.values():
        for number, forms in enumerate(spoken.typed.weekdays.split("|")):
            for form in (*forms.split(), spoken.weekdays[number], spoken.weekdays_long[number]):
                named.setdefault(fold_word(form), number)
    return named


def weekday_readings(words: Sequence[str]) -> list[list[frozenset[int]]]:
    """Reads a row of weekdays.

    Args:
        words: The names in order; an empty one says nothing.

    Returns:
        For each language that knows all of them, what each can be (0 = Monday); an empty word can be any day.
    """
    every = frozenset(range(7))
    folded = [fold_word(word) for word in words]
    if not any(folded):
        return []
    return [
        [table[word] if word else every for word in folded]
        for table in _languages()
        if all(word in table for word in folded if word)
    ]


def is_letter_row(words: Sequence[str]) -> bool:
    """Tells whether single letters are weekdays in the order of a week (`П В С Ч П С В`), at least five of them."""
    if len(words) < 5 or not all(words) or any(len(fold_word(word)) != 1 for word in words):
        return False
    return any(
        all((offset + index) % 7 in days for index, days in enumerate(reading))
        for reading in weekday_readings(words)
        for offset in range(7)
    )


def is_name_label(text: str) -> bool:
    """Tells whether a text heads the column of names."""
    return _NAME_LABEL.fullmatch(fold_word(text)) is not None


def is_name_part_label(text: str) -> bool:
    """Tells whether a text heads a column with a part of the names (surname, first name)."""
    return _PART_LABEL.fullmatch(fold_word(text)) is not None


@lru_cache(maxsize=4096)
def is_total(text: str) -> bool:
    """Tells whether a text labels totals."""
    return _TOTAL.fullmatch(fold_word(text)) is not None


@lru_cache(maxsize=4096)
def is_legend(text: str) -> bool:
    """Tells whether a text opens a legend or notes, after which a table has no more people."""
    return _LEGEND.fullmatch(fold_word(text)) is not None
