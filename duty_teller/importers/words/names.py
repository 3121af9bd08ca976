"""Names of weekdays and months in the languages of the sample files, and the labels found around a roster's table."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

# Monday first; the forms of one day are separated by spaces. Rows of single letters stand apart: alone they say little.
_WEEKDAYS: Final = {
    "ru": (
        "пн понедельник пон пнд|вт вторник втр втор|ср среда среду сре|чт четверг чет чтв|пт пятница пятницу пят птн|"
        "сб суббота субботу суб сбт|вс воскресенье вос вск"
    ),
    "uk": "пн понеділок|вт вівторок|ср середа|чт четвер|пт пятниця|сб субота|нд неділя",
    "en": (
        "mo mon monday|tu tue tues tuesday|we wed weds wednesday|th thu thur thurs thursday|fr fri friday|sa sat "
        "saturday|su sun sunday"
    ),
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

_MONTHS: Final = (
    "январь января январе янв січень січня січні jan january styczeń stycznia styczniu tammikuu tammikuun januar jän",
    "февраль февраля феврале фев февр лютий лютого лютому feb february luty lutego lutym helmikuu helmikuun februar",
    "март марта марте мар березень березня березні mar march marzec marca marcu maaliskuu maaliskuun märz",
    "апрель апреля апреле апр квітень квітня квітні apr april kwiecień kwietnia kwietniu huhtikuu huhtikuun",
    "май мая мае травень травня травні may maj maja maju toukokuu toukokuun mai",
    "июнь июня июне июн червень червня червні jun june czerwiec czerwca czerwcu kesäkuu kesäkuun juni",
    "июль июля июле июл липень липня липні jul july lipiec lipca lipcu heinäkuu heinäkuun juli",
    "август августа августе авг серпень серпня серпні aug august sierpień sierpnia sierpniu elokuu elokuun",
    (
        "сентябрь сентября сентябре сен сент вересень вересня вересні sep sept september wrzesień września wrześniu "
        "syyskuu syyskuun"
    ),
    (
        "октябрь октября октябре окт жовтень жовтня жовтні oct october październik października październiku lokakuu "
        "lokakuun oktober okt"
    ),
    (
        "ноябрь ноября ноябре ноя нояб листопад листопада листопаді nov november listopad listopada listopadzie "
        "marraskuu marraskuun"
    ),
    (
        "декабрь декабря декабре дек грудень грудня грудні dec december grudzień grudnia grudniu joulukuu joulukuun "
        "dezember dez"
    ),
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
    return {fold_word(form): number for number, forms in enumerate(_MONTHS, 1) for form in forms.split()}


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
    """Returns 0 (Monday) … 6 for a weekday as people type it to the bot, in Russian or English."""
    tables = dict(zip(_WEEKDAYS, _languages(), strict=False))
    found = tables["ru"].get(fold_word(word)) or tables["en"].get(fold_word(word)) or ()
    return next(iter(found), None)


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
