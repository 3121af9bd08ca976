"""Texts of public holidays."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "holidays.title": {"ru": "Праздники и выходные", "en": "Public holidays"},
    "holidays.of": {"ru": "Праздники и выходные: {place}", "en": "Public holidays: {place}"},
    "holidays.off": {"ru": "Праздники не показываю", "en": "Public holidays: off"},
    "holidays.means_off": {
        "ru": "Страна не выбрана. Праздников не показываю, выходные — суббота и воскресенье.",
        "en": "No country chosen. I show no holidays, and weekends are Saturday and Sunday.",
    },
    "holidays.choose": {"ru": "Выбрать страну", "en": "Choose a country"},
    "holidays.another": {"ru": "Другая страна", "en": "Another country"},
    "holidays.region": {"ru": "Регион", "en": "Region"},
    "holidays.whole_country": {"ru": "Вся страна", "en": "Whole country"},
    "holidays.none": {"ru": "Без праздников", "en": "No holidays"},
    "holidays.which_region": {
        "ru": "{place}: в каком регионе вы дежурите?",
        "en": "{place}: which region do you work in?",
    },
    "holidays.ask_place": {
        "ru": "Чьи праздники показывать? Напишите страну, можно с регионом:\n<code>Россия</code>\n<code>DE-BY</code>",
        "en": "Whose holidays? Write a country, with a region if you like:\n<code>Germany</code>\n<code>DE-BY</code>",
    },
    "holidays.unknown_place": {
        "ru": "Не знаю такой страны или региона: «{text}». Напишите, например, «Россия» или DE-BY.",
        "en": "I don't know a country or region called “{text}”. Try “Germany” or DE-BY.",
    },
}
