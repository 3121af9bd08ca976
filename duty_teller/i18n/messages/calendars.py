"""Texts about calendars that somebody else serves."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "calendars.title": {"ru": "Другие календари", "en": "Other calendars"},
    "calendars.no_calendars": {
        "ru": "Пока ни одного. Добавьте ссылку на календарь (.ics), и его события будут видны рядом со сменами.",
        "en": "None yet. Add a link to a calendar (.ics), and its events show up next to the shifts.",
    },
    "calendars.add": {"ru": "Добавить календарь", "en": "Add a calendar"},
    "calendars.read_now": {"ru": "Прочитать сейчас", "en": "Read it now"},
    "calendars.remove": {"ru": "Убрать", "en": "Remove"},
    "calendars.ask": {
        "ru": "Напишите название и ссылку:\n<code>Релизы https://example.org/releases.ics</code>",
        "en": "Write a name and a link:\n<code>Releases https://example.org/releases.ics</code>",
    },
    "calendars.unread": {
        "ru": "Нужны название и ссылка: «Релизы https://example.org/releases.ics».",
        "en": "I need a name and a link: “Releases https://example.org/releases.ics”.",
    },
    "calendars.name": {
        "ru": "Название должно быть не длиннее {limit} знаков.",
        "en": "The name can have up to {limit} characters.",
    },
    "calendars.taken": {"ru": "Календарь «{name}» уже есть.", "en": "There already is a calendar “{name}”."},
    "calendars.most": {
        "ru": "Больше {limit} календарей не помещается. Сначала уберите лишний.",
        "en": "I can't hold more than {limit} calendars. Remove one first.",
    },
    "calendars.gone": {"ru": "Этого календаря больше нет.", "en": "This calendar was removed."},
    "calendars.of_setting": {
        "ru": "Этот календарь задан на сервере (EXTERNAL_CALENDAR_ICS_URL), убрать его можно только там.",
        "en": "This calendar is set on the server (EXTERNAL_CALENDAR_ICS_URL) and can be removed only there.",
    },
    "calendars.events": {
        "ru": ("{n} событие", "{n} события", "{n} событий"),
        "en": ("{n} event", "{n} events"),
    },
    "calendars.absences": {
        "ru": ("отсутствия: {n} запись", "отсутствия: {n} записи", "отсутствия: {n} записей"),
        "en": ("absences: {n} entry", "absences: {n} entries"),
    },
    "calendars.unknown": {
        "ru": "Не знаю, кто это: {names}",
        "en": "I don't know who this is: {names}",
    },
    "calendars.as_absences": {"ru": "Считать отсутствиями", "en": "Count as absences"},
    "calendars.as_events": {"ru": "Показывать как события", "en": "Show as events"},
    "calendars.overlap": {
        "ru": "🏖 {name} не сможет дежурить (календарь «{calendar}»). Смены: {spans}. Кто возьмёт?",
        "en": "🏖 {name} is away (calendar “{calendar}”). Shifts: {spans}. Who takes over?",
    },
    "calendars.fresh": {"ru": "{events}, обновлён {age} назад", "en": "{events}, updated {age} ago"},
    "calendars.stale": {
        "ru": "{events}, устарел: обновлялся {age} назад",
        "en": "{events}, stale: last updated {age} ago",
    },
    "calendars.not_yet": {"ru": "Ещё не читал", "en": "Not read yet"},
    "calendars.why": {"ru": "Не обновляется: {why}", "en": "Can't update: {why}"},
    "calendars.left_out": {
        "ru": ("{n} событие пропущено", "{n} события пропущены", "{n} событий пропущено"),
        "en": ("{n} event left out", "{n} events left out"),
    },
    "calendars.none": {
        "ru": "по ссылке не календарь (.ics), а что-то другое, например страница входа",
        "en": "the link leads to something else than a calendar (.ics), such as a login page",
    },
    "calendars.too_many": {
        "ru": "в календаре больше {limit} событий",
        "en": "the calendar has more than {limit} events",
    },
    "calendars.heavy": {
        "ru": "календарь слишком сложный, прочитать не получилось",
        "en": "the calendar is too complex to read",
    },
}
