"""The languages spoken, one table each: everything that differs between them and is no text of the catalogue.

Another language is one more entry of `LANGUAGES` and its texts in `duty_teller.i18n.messages`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final


def _plurals(rule: Callable[[int], int]) -> str:
    """Writes a rule down as data, so that the page counts as the server does: the form of each `n` modulo 100."""
    return "".join(str(rule(n)) for n in range(100))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


@dataclass(frozen=True, slots=True)
class Typed:
    """Words that people type to the bot, in small letters; forms of one thing are separated by spaces.

    Attributes:
        weekdays: Monday first, the days separated by `|`.
        months: From January, the months separated by `|`; the names of the language's table count anyway.
        days: Words for a day, and how far it is from today.
        weeks: The same of weeks, from this one.
        months_ahead: The same of months.
        before_day: Little words in front of a day that say nothing more: `on friday`.
        after_year: The same behind a year: `2026 г.`.
        now: Words for this moment.
        all_days: Words for every day of the week.
        joining: The word between the last two of several days.
        through: The word between the first and last of a range of days.
        since: Words in front of the beginning of a range of hours.
        until: Words between its beginning and its end.
        roles: Names of the roles `admin` and `user`.
        up_to: Words in front of the last day of a range, which counts; `until` leaves that open.
        ill: Words for being ill.
        base_rate: Words in front of what an hour is paid if nothing else is said.
        holiday: Words for public holidays, in front of what an hour on them is paid.
        cap: Words in front of how many hours a day are paid at most.
        hours: Words behind that number.
        a_day: Words behind a sum that is paid for a day at most.
        this_: Words in front of a weekday or a week that say it is the coming one.
        next_: The same of the next calendar week's.
        parts_of_day: Words beside a day for a part of it.
        ahead: Words in front of a number of days or weeks, counted from today.
        lasting: Words in front of how long something takes.
        day_units: Words for days; a week's are `week_units`.
        week_units: Words for weeks.
        whole: Words in front of a month, for all of it.
        numbers: Words for small numbers.
        half_days: Words behind an hour: `9 утра`; `a` and `p` as in am and pm, `d` from noon to evening, `n` by night.
        named_times: Words for times of a day.
        instead: Words between who has a shift from now on and who had it.
        giving: Words of a request to change a shift that say nothing more.
        noting: Words before a colon and the note of a shift.
    """

    weekdays: str
    months: str = ""
    days: Mapping[str, int] = field(default_factory=dict)
    weeks: Mapping[str, int] = field(default_factory=dict)
    months_ahead: Mapping[str, int] = field(default_factory=dict)
    before_day: tuple[str, ...] = ()
    after_year: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    all_days: tuple[str, ...] = ()
    joining: str = ","
    through: str = "-"
    since: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    up_to: tuple[str, ...] = ()
    ill: tuple[str, ...] = ()
    base_rate: tuple[str, ...] = ()
    holiday: tuple[str, ...] = ()
    cap: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    a_day: tuple[str, ...] = ()
    this_: tuple[str, ...] = ()
    next_: tuple[str, ...] = ()
    parts_of_day: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()
    day_units: tuple[str, ...] = ()
    week_units: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    half_days: Mapping[str, str] = field(default_factory=dict)
    named_times: Mapping[str, str] = field(default_factory=dict)
    instead: tuple[str, ...] = ()
    giving: tuple[str, ...] = ()
    noting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """Words of somebody who asks without a command, in small letters, `е` for `ё`.

    A text is understood when all of it is made of these, of days, and of names; a word that turns the meaning (not,
    after, instead) must be in none of them.

    Attributes:
        who: Asking for a person.
        duty: Being on duty, and who is.
        when: Asking for a time.
        mine: The person who asks.
        shifts: What one has on a roster.
        little: Words that say nothing here.
        commands: A command and the phrases for it, whole texts each, with `|` between them.
        hints: A command and the words that make it likely in a text that is not understood; `*` ends a beginning.
        acts: A command and two lists of words: one of the first has to be said, those of the second may be, and a day.
    """

    who: tuple[str, ...] = ()
    duty: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    mine: tuple[str, ...] = ()
    shifts: tuple[str, ...] = ()
    little: tuple[str, ...] = ()
    commands: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
    acts: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Language:
    """How a language counts, names days and months, and writes dates and numbers.

    Attributes:
        name: What the language is called in itself.
        locale: Its BCP 47 tag, by which the browser names time zones.
        plural_forms: How many forms of a text there are.
        plurals: The index of the form for each whole number modulo 100, a digit each (CLDR's rules for integers).
        plurals_exact: Numbers that have another form than that.
        weekdays: Short names, Monday first.
        weekdays_long: The whole names.
        months: Names of months that stand alone.
        months_in_date: Short names beside the number of a day.
        months_in_date_long: Whole names beside the number of a day.
        first_weekday: Where a week begins on a calendar; 0 is Monday.
        date: A day of a month: `{day}` and `{month}` in their order.
        day: `{date}` with its short `{weekday}`.
        day_long: The same with the whole `{weekday}`, as a heading.
        with_year: A `{date}` or month with its `{year}`.
        decimal_mark: Between whole and tenth.
        csv_separator: What spreadsheets of this language split a .csv at.
        code_letters: Letters a workbook takes for shifts of odd hours, unlike those of its fixed codes.
        typed: What people type.
        asked: What they ask in plain words.
    """

    name: str
    locale: str
    plural_forms: int
    plurals: str
    plurals_exact: Mapping[int, int]
    weekdays: tuple[str, ...]
    weekdays_long: tuple[str, ...]
    months: tuple[str, ...]
    months_in_date: tuple[str, ...]
    months_in_date_long: tuple[str, ...]
    first_weekday: int
    date: str
    day: str
    day_long: str
    with_year: str
    decimal_mark: str
    csv_separator: str
    code_letters: str
    typed: Typed
    asked: Asked

    def for_page(self, code: str) -> dict[str, Any]:
        """Returns what the Mini App needs of the table, as JSON has it."""
        return {
            "code": code,
            "locale": self.locale,
            "plurals": self.plurals,
            "pluralsExact": {str(number): form for number, form in self.plurals_exact.items()},
            "weekdays": self.weekdays,
            "weekdaysLong": self.weekdays_long,
            "months": self.months,
            "monthsInDate": self.months_in_date,
            "monthsInDateLong": self.months_in_date_long,
            "firstWeekday": self.first_weekday,
            "date": self.date,
            "day": self.day,
            "dayLong": self.day_long,
            "withYear": self.with_year,
            "decimalMark": self.decimal_mark,
        }


def _russian_form(n: int) -> int:
    if n % 10 == 1 and n % 100 != 11:
        return 0
    return 1 if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else 2


RUSSIAN: Final = Language(
    name="Русский",
    locale="ru-RU",
    plural_forms=3,
    plurals=_plurals(_russian_form),
    plurals_exact={},
    weekdays=_words("пн вт ср чт пт сб вс"),
    weekdays_long=_words("понедельник вторник среда четверг пятница суббота воскресенье"),
    months=_words("январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"),
    months_in_date=_words("янв. февр. марта апр. мая июня июля авг. сент. окт. нояб. дек."),
    months_in_date_long=_words("января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
    first_weekday=0,
    date="{day} {month}",
    day="{weekday} {date}",
    day_long="{weekday}, {date}",
    with_year="{date} {year}",
    decimal_mark=",",
    csv_separator=";",
    code_letters="АБГЕЖИКЛМПРТУФЦЧШЭЮЯ",
    typed=Typed(
        weekdays=(
            "пн понедельник понедельника понедельнику пон пнд понед|вт вторник вторника вторнику втр втор|"
            "ср среда среду среды среде сре|чт четверг четверга четвергу чет чтв четв|"
            "пт пятница пятницу пятницы пятнице пят птн пятн|сб суббота субботу субботы субботе суб сбт субб|"
            "вс воскресенье воскресенья воскресенью воскресение воскресения вос вск воскр"
        ),
        months=(
            "январь января январе янв|февраль февраля феврале фев февр|март марта марте мар|"
            "апрель апреля апреле апр|май мая мае|июнь июня июне июн|июль июля июле июл|"
            "август августа августе авг|сентябрь сентября сентябре сен сент|октябрь октября октябре окт|"
            "ноябрь ноября ноябре ноя нояб|декабрь декабря декабре дек"
        ),
        days={
            "сегодня": 0,
            "сегодняшнего дня": 0,
            "вечером": 0,
            "ночью": 0,
            "завтра": 1,
            "завтрашнего дня": 1,
            "послезавтра": 2,
            "вчера": -1,
            "позавчера": -2,
        },
        weeks={
            "эта": 0,
            "эта неделя": 0,
            "эту неделю": 0,
            "следующую": 1,
            "следующую неделю": 1,
            "на следующей неделе": 1,
            "следующая": 1,
            "следующая неделя": 1,
            "прошлая": -1,
            "прошлая неделя": -1,
            "прошлую неделю": -1,
            "на прошлой неделе": -1,
        },
        months_ahead={
            "этот": 0,
            "этот месяц": 0,
            "следующий": 1,
            "следующий месяц": 1,
            "прошлый": -1,
            "прошлый месяц": -1,
        },
        before_day=("в", "во", "на", "к"),
        after_year=("года", "г."),
        now=("сейчас",),
        all_days=("ежедневно", "каждый день", "все дни"),
        joining="и",
        through="по",
        since=("с", "со", "от"),
        until=("до",),
        up_to=("по",),
        base_rate=("обычно", "базовая", "базовая ставка", "ставка", "остальное"),
        holiday=("праздник", "праздники", "по праздникам", "в праздники"),
        cap=("не больше", "не более", "максимум", "макс", "предел"),
        hours=("ч", "часов", "часа", "час", "ч в день", "часов в день"),
        a_day=("в день", "в сутки", "за день", "за сутки"),
        this_=("эту", "этот", "это", "эта", "этой", "ближайшую", "ближайший", "ближайшее"),
        next_=("следующую", "следующий", "следующее", "следующая", "следующей", "след", "след."),
        parts_of_day=("утром", "днем", "днём", "вечером", "ночью"),
        ahead=("через",),
        lasting=("на",),
        day_units=("день", "дня", "дней", "сутки", "суток"),
        week_units=("неделю", "недели", "недель"),
        whole=("весь", "целый"),
        numbers={"один": 1, "одну": 1, "два": 2, "две": 2, "три": 3, "четыре": 4, "пять": 5, "пару": 2},
        half_days={"утра": "a", "дня": "d", "вечера": "p", "ночи": "n"},
        named_times={"полдень": "12:00", "полудня": "12:00", "полночь": "00:00", "полуночи": "00:00"},
        instead=("вместо", "за"),
        giving=_words("отдай отдать отдаю отдаём отдаем передай передать поставь поставить ставь назначь дай на"),
        noting=("примечание", "заметка", "комментарий"),
        ill=_words("болею заболел заболела болеет больничный болезнь болен больна приболел приболела"),
        roles={"админ": "admin", "администратор": "admin", "участник": "user", "пользователь": "user"},
    ),
    asked=Asked(
        who=_words("кто кого"),
        duty=_words(
            "дежурит дежурят дежурный дежурная дежурные дежурил дежурила дежурю дежурим дежурстве дежурной смене"
        ),
        when=_words("когда"),
        mine=_words("я мне мои мое моя мой моих меня"),
        shifts=_words("смена смены смену смен дежурство дежурства дежурств"),
        little=_words("у нас на а ну пожалуйста плиз скажи подскажи покажи привет будет там"),
        commands={
            "my": "найти замену|нужна замена|ищу замену|замена|"
            "мои смены|мой график|мои дежурства|моя смена|мое|мои|моя следующая смена",
            "week": "неделя|на неделю|график на неделю|график|расписание",
            "swap": "обмен|поменяться|поменяться сменами|поменяться сменой|хочу поменяться|обменяться|обмен сменами",
            "away": "болею|я болею|заболел|заболела|я заболел|я заболела|болею сегодня|я болею сегодня",
            "users": "добавить человека|добавить коллегу|добавь коллегу|добавить сотрудника",
            "calendar_link": "календарь|в календарь|добавить в календарь|ссылка на календарь",
            "reminders": "напоминания|уведомления|настроить напоминания",
            "set_phone": "мой телефон|телефон|сменить телефон",
            "language": "язык|сменить язык",
            "help": "помощь|справка|помоги|что ты умеешь|команды|меню|привет|здравствуйте|здравствуй|добрый день|"
            "добрый вечер|доброе утро|начать|старт",
        },
        acts={
            "swap": (
                "поменяться поменять поменяюсь меняюсь обменяться обмен обменять",
                "я хочу хотел хотела бы мне нужно надо можно могу смена смену сменой сменами дежурство дежурством мою "
                "свою моей моя с на кем то нибудь коллегой пожалуйста как",
            ),
            "away": (
                "заболел заболела болею болен больна приболел приболела больничный",
                "я сегодня не смогу выйти дежурить прийти работать на смену дежурство у меня пожалуйста беру",
            ),
            "my": (
                "замена замену подмена подмену подменить отдать отдам уйти отойти найти",
                "я мне хочу нужно нужна надо можно могу ищу часть часа час часов пару два две три четыре из с на смены "
                "смену смена дежурство дежурства мою моей моего своей свою кому нибудь раньше пожалуйста меня как",
            ),
        },
        hints={
            "away": "заболе* болею болен больна больнич* плохо отпуск* уезжаю",
            "swap": "обмен* поменя* меняюсь",
            "my": "замен* подмен* отдать отдам смогу могу",
            "users": "добав* коллег* сотрудник* новичок новенький",
        },
    ),
)

ENGLISH: Final = Language(
    name="English",
    locale="en-GB",
    plural_forms=2,
    plurals=_plurals(lambda n: 1),
    plurals_exact={1: 0},
    weekdays=_words("Mon Tue Wed Thu Fri Sat Sun"),
    weekdays_long=_words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    months=_words("January February March April May June July August September October November December"),
    months_in_date=_words("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
    months_in_date_long=_words("January February March April May June July August September October November December"),
    first_weekday=0,
    date="{day} {month}",
    day="{weekday} {date}",
    day_long="{weekday} {date}",
    with_year="{date} {year}",
    decimal_mark=".",
    csv_separator=",",
    code_letters="ABCEFGHJKLMPQRSTUWYZ",
    typed=Typed(
        weekdays=(
            "mo mon monday|tu tue tues tuesday|we wed weds wednesday|th thu thur thurs thursday|fr fri friday|"
            "sa sat saturday|su sun sunday"
        ),
        months="jan|feb|mar|apr|may|jun|jul|aug|sep sept|oct|nov|dec",
        days={
            "today": 0,
            "tonight": 0,
            "this morning": 0,
            "this afternoon": 0,
            "this evening": 0,
            "tomorrow": 1,
            "tmrw": 1,
            "day after tomorrow": 2,
            "yesterday": -1,
        },
        weeks={"this": 0, "this week": 0, "next": 1, "next week": 1, "last": -1, "last week": -1},
        months_ahead={"this": 0, "this month": 0, "next": 1, "next month": 1, "last": -1, "last month": -1},
        before_day=("on", "the"),
        now=("now",),
        all_days=("daily", "every day", "all days"),
        joining="and",
        through="to",
        since=("from",),
        until=("to", "till", "until"),
        up_to=("to", "through"),
        base_rate=("base", "base rate", "otherwise"),
        holiday=("holiday", "holidays", "public holidays", "on holidays"),
        cap=("at most", "max", "cap", "limit"),
        hours=("h", "hours", "hour", "hours a day", "h a day"),
        a_day=("a day", "per day"),
        this_=("this", "coming"),
        next_=("next",),
        parts_of_day=("morning", "afternoon", "evening", "night"),
        ahead=("in",),
        lasting=("for",),
        day_units=("day", "days"),
        week_units=("week", "weeks"),
        whole=("all", "whole"),
        numbers={"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "couple": 2},
        named_times={"noon": "12:00", "midnight": "00:00"},
        instead=("instead of", "in place of", "for"),
        giving=("give", "put", "set", "assign", "move", "hand", "to"),
        noting=("note", "comment"),
        ill=("ill", "sick", "unwell"),
        roles={"admin": "admin", "user": "user", "member": "user"},
    ),
    asked=Asked(
        who=_words("who who's whos whose"),
        duty=_words("duty on-call oncall call"),
        when=_words("when when's"),
        mine=_words("my me mine i am i'm"),
        shifts=_words("shift shifts duties"),
        little=_words("is the on in working please pls hi hello hey tell show us will be was are"),
        commands={
            "my": "find cover|i need cover|need cover|"
            "my|mine|my shifts|my duties|my schedule|my roster|shifts|when do i work",
            "week": "week|the week|roster|schedule|the schedule",
            "swap": "swap|swap shifts|swap a shift|i want to swap|trade|trade shifts|swap my shift",
            "away": "i'm ill|i am ill|i'm sick|i am sick|ill|sick|ill today|sick today|i'm ill today|i'm sick today|"
            "i'm ill tonight|i'm sick tonight",
            "users": "add a person|add a colleague|add a new colleague|add somebody",
            "calendar_link": "calendar|my calendar|add to calendar|calendar link",
            "reminders": "reminders|notifications|remind me",
            "set_phone": "phone|my phone|change phone|my number",
            "language": "language|change language",
            "help": "help|help me|commands|menu|what can you do|hi|hello|hey|good morning|good evening|start",
        },
        acts={
            "swap": (
                "swap swapping trade exchange switch",
                "i i'd want wanna would like to can need could my a the shift shifts duty with somebody someone "
                "colleague please for how do me",
            ),
            "away": (
                "ill sick unwell",
                "i i'm am today tonight and can't cannot come in work to my shift please feeling",
            ),
            "my": (
                "cover covered give find take",
                "i i'd want wanna would like to can need could someone somebody away my a an the of part shift duty "
                "for hour hours two three four couple please from me how do",
            ),
        },
        hints={
            "away": "ill sick unwell vacation* holiday* absent* leave",
            "swap": "swap* trade* exchange*",
            "my": "cover* substitut* replace* give can't cant cannot",
            "users": "add new colleague* newcomer*",
        },
    ),
)

LANGUAGES: Final[dict[str, Language]] = {"ru": RUSSIAN, "en": ENGLISH}
"""By ISO 639-1 code, which is what Telegram's lists of commands know."""
