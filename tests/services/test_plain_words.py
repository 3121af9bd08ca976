"""Plain words: what is understood, what is only offered, and what must never be taken for something it is not."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlmodel import Session

from duty_teller.db.session import session_scope
from duty_teller.i18n.languages import LANGUAGES
from duty_teller.services.texts import plain_words
from duty_teller.services.texts.plain_words import Meaning, likeliest, understand
from tests.house import House
from tests.invented import spoken

THURSDAY = date(2026, 11, 26)
COMMANDS = ("duty", "week", "my", "reminders", "calendar_link", "set_phone", "language", "cancel", "help")
PEOPLE = ("Dan Duty", "Alice Admin", "Иванов Пётр", "Дан Дежурный", "May Sun", "Аксёнова Вера")


@pytest.fixture
def session(house: House) -> Iterator[Session]:
    house.people(*PEOPLE)
    with session_scope(house.settings.database_url) as opened:
        yield opened


UNDERSTOOD = {
    "я заболел": ("away", ""),
    "I’m sick": ("away", ""),
    "найти замену": ("my", ""),
    "find cover": ("my", ""),
    "поменяться сменой": ("swap", ""),
    "добавить коллегу": ("users", ""),
    "кто дежурит?": ("duty", ""),
    "Кто дежурит": ("duty", ""),
    "кто сейчас дежурит": ("duty", ""),
    "а кто дежурит завтра?": ("duty", "завтра"),
    "кто дежурил вчера": ("duty", "вчера"),
    "кто вчера дежурил": ("duty", "вчера"),
    "кто сегодня": ("duty", "сегодня"),
    "подскажи, пожалуйста, кто дежурит в пятницу": ("duty", "в пятницу"),
    "кто дежурит 24.11": ("duty", "24.11"),
    "кто дежурит 24 ноября?": ("duty", "24 ноября"),
    "дежурные завтра": ("duty", "завтра"),
    "кто на дежурстве": ("duty", ""),
    "кто дежурит на следующей неделе": ("week", "на следующей неделе"),
    "когда дежурит Иванов": ("duty", "иванов"),
    "Иванов": ("duty", "иванов"),
    "аксёнова": ("duty", "аксенова"),
    "завтра": ("duty", "завтра"),
    "послезавтра": ("duty", "послезавтра"),
    "сейчас": ("duty", ""),
    "пятница": ("duty", "пятница"),
    "следующая неделя": ("week", "следующая неделя"),
    "мои смены": ("my", ""),
    "Мои дежурства!": ("my", ""),
    "когда я дежурю?": ("my", ""),
    "когда моя смена": ("my", ""),
    "мои смены в декабре": ("my", "декабре"),
    "обмен": ("swap", ""),
    "помощь": ("help", ""),
    "что ты умеешь?": ("help", ""),
    "напоминания": ("reminders", ""),
    "who is on duty?": ("duty", ""),
    "Who's on duty": ("duty", ""),
    "Who’s on duty": ("duty", ""),
    "who is on duty tomorrow": ("duty", "tomorrow"),
    "who is on call on friday?": ("duty", "friday"),
    "who will be on duty day after tomorrow": ("duty", "day after tomorrow"),
    "who was on duty yesterday": ("duty", "yesterday"),
    "who is on duty next week": ("week", "next week"),
    "when is Dan on duty?": ("duty", "dan"),
    "Dan": ("duty", "dan"),
    "dan duty": ("duty", "dan duty"),
    "alic": ("duty", "alic"),
    "tomorrow": ("duty", "tomorrow"),
    "today": ("duty", "today"),
    "now": ("duty", ""),
    "24 Nov": ("duty", "24 nov"),
    "next week": ("week", "next week"),
    "my shifts": ("my", ""),
    "when am I on duty": ("my", ""),
    "my shifts in december": ("my", "december"),
    "swap": ("swap", ""),
    "calendar": ("calendar_link", ""),
}

NOT_UNDERSTOOD = (
    "кто не дежурит", "кто не дежурит завтра", "кто дежурит не завтра", "кто дежурит после Дана",
    "кто дежурит вместо Иванова", "Иванов завтра", "завтра не могу", "отпуск", "отмени мою смену",
    "да", "нет", "ок", "спасибо", "пт", "кто", "кто?", "когда", "я", "дан не дежурит", "поменяй меня завтра",
    "who is not on duty", "who is not on duty tomorrow", "who is on duty after Dan", "Dan tomorrow", "cancel my shift",
    "am i on duty tomorrow", "remind me tomorrow", "we", "ok", "thanks", "no", "next", "when is tomorrow", "",
    "???", "10.30", "31.02", "24", "12", "tomorow", "zavtra", "wensday", "who si on duty", "кто дежурти", "hlep",
    "dyty", "Zoe", "give Dan my shift", "Dan has swapped", "a b c d e f g h i j", "кто дежурит " * 20,
)  # fmt: skip


def test_there_are_sixty_phrases_and_more() -> None:
    assert len(UNDERSTOOD) + len(NOT_UNDERSTOOD) > 90


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_phrase_is_understood(session: Session, text: str) -> None:
    assert understand(text, THURSDAY, plain_words.finder(session)) == Meaning(*UNDERSTOOD[text])


@pytest.mark.parametrize("text", NOT_UNDERSTOOD)
def test_phrase_is_not_taken_for_something_else(session: Session, text: str) -> None:
    assert understand(text, THURSDAY, plain_words.finder(session)) is None


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("hlep", Meaning("help")),
        ("dyty", Meaning("duty")),
        ("wek", Meaning("week")),
        ("calender_link", Meaning("calendar_link")),
        ("remindres", Meaning("reminders")),
        ("tomorow", Meaning("duty", "tomorrow")),
        ("кто дежурти", Meaning("duty")),
        ("who is on duti tomorow", Meaning("duty", "tomorrow")),
        ("кто дежурит завтро", Meaning("duty", "завтра")),
        ("am i on duty tomorrow", Meaning("duty", "2026-11-27")),
        ("Dan please call", Meaning("duty", "dan")),
        ("qwerty", Meaning("duty")),
        ("хочу поменяться сменой в пятницу с батарейками", Meaning("swap")),
        ("мне плохо, не смогу сегодня", Meaning("away")),
        ("I think I'm ill, sorry", Meaning("away")),
        ("отдать два часа", Meaning("my")),
        ("I can't work tonight", Meaning("my")),
        ("please add Bob Brown", Meaning("users")),
    ],
)
def test_likeliest_comes_first_of_three(session: Session, text: str, first: Meaning) -> None:
    found = likeliest(text, THURSDAY, plain_words.finder(session), (*COMMANDS, "swap", "away", "users"))

    assert found[0] == first
    assert len(found) == len(set(found)) == 3


def test_only_what_somebody_may_do_is_offered(session: Session) -> None:
    find = plain_words.finder(session)

    assert Meaning("users") in likeliest("user", THURSDAY, find, (*COMMANDS, "users"))
    assert Meaning("users") not in likeliest("user", THURSDAY, find, COMMANDS)


def test_words_of_a_table_have_one_meaning_each() -> None:
    kinds = ("who", "duty", "when", "mine", "shifts", "little")
    for one in LANGUAGES.values():
        said = [word for kind in kinds for word in getattr(one.asked, kind)]
        phrases = [phrase for listed in one.asked.commands.values() for phrase in listed.split("|")]
        assert len(said) == len(set(said))
        assert len(phrases) == len(set(phrases))
        assert all(word == word.casefold().replace("ё", "е") for word in (*said, *phrases))
        assert set(one.asked.commands) <= {*COMMANDS, "swap", "away", "users"}


def test_another_language_is_its_table_alone(session: Session) -> None:
    find = plain_words.finder(session)
    with spoken():
        assert understand("Kto vaka alku?", THURSDAY, find) == Meaning("duty", "alku")
        assert understand("kva mej vaka", THURSDAY, find) == Meaning("my")
        assert understand("hilf", THURSDAY, find) == Meaning("help")
        assert understand("kto ne vaka", THURSDAY, find) is None
    assert understand("hilf", THURSDAY, find) is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("привет", Meaning("help")),
        ("хочу поменяться сменой в пятницу", Meaning("swap", "в пятницу")),
        ("I'd like to swap my Friday shift", Meaning("swap", "friday")),
        ("заболел, сегодня не смогу", Meaning("away")),
        ("I am sick, can't come in tonight", Meaning("away")),
        ("болею завтра", Meaning("away", "завтра")),
        ("can somebody take two hours of my shift", Meaning("my")),
        ("отдать два часа смены", Meaning("my")),
        ("I'm not ill", None),
        ("swap the batteries", None),
    ],
)
def test_what_somebody_wants_to_do_is_read_with_its_day(said: str, meant: Meaning | None) -> None:
    assert understand(said, date(2026, 11, 23), lambda _name: False) == meant
