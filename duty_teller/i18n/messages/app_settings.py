"""Texts of the Mini App about a week of shifts, rosters and their settings; the latter in the words of /settings."""

from duty_teller.i18n.messages.backups import MESSAGES as BACKUPS
from duty_teller.i18n.messages.calendars import MESSAGES as CALENDARS
from duty_teller.i18n.messages.holidays import MESSAGES as HOLIDAYS
from duty_teller.i18n.messages.hours import MESSAGES as HOURS
from duty_teller.i18n.messages.rosters import MESSAGES as ROSTERS
from duty_teller.i18n.messages.settings import MESSAGES as SETTINGS

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "app.admin.settings": SETTINGS["settings.title"],
    "app.admin.settings.title": SETTINGS["settings.title"],
    # A week of shifts
    "app.admin.board": {"ru": "Смены", "en": "Shifts"},
    "app.admin.board.title": {"ru": "Изменить смены", "en": "Change shifts"},
    "app.board.help": {
        "ru": "Перетащите смену на другого человека или день. Или нажмите на неё, а потом на новое место. "
        "С клавиатуры: стрелки, Enter, Esc.",
        "en": "Drag a shift to another person or day. Or tap it, then its new place. With keys: arrows, Enter, Esc.",
    },
    "app.board.help.touch": {
        "ru": "Нажмите на смену, а потом на её новое место: другого человека или день.",
        "en": "Tap a shift, then its new place: another person or day.",
    },
    "app.board.picked": {"ru": "{name}, {span}: куда?", "en": "{name}, {span}: where to?"},
    "app.board.back": {"ru": "Предыдущая неделя", "en": "Previous week"},
    "app.board.forth": {"ru": "Следующая неделя", "en": "Next week"},
    "app.board.cancel": {"ru": "Не менять", "en": "Leave it"},
    # Settings
    "app.set.name": {"ru": "Название", "en": "Name"},
    "app.set.handover": SETTINGS["settings.to_handover"],
    "app.set.timezone": {"ru": "Часовой пояс", "en": "Time zone"},
    "app.set.shifts": SETTINGS["settings.to_shifts"],
    "app.set.shifts.help": {
        "ru": "Если в файле день или ночь, я беру эти часы.",
        "en": "When a file says day or night, I use these hours.",
    },
    "app.set.day_shift": {"ru": "Дневная смена", "en": "Day shift"},
    "app.set.night_shift": {"ru": "Ночная смена", "en": "Night shift"},
    "app.set.coverage": {"ru": "Кто-то должен дежурить", "en": "Somebody has to be on duty"},
    "app.set.coverage.daily": SETTINGS["settings.coverage_daily"],
    "app.set.coverage.always": SETTINGS["settings.coverage_always"],
    "app.set.coverage.own": SETTINGS["settings.own_hours"],
    "app.set.coverage.hours": {"ru": "Дни и часы", "en": "Days and hours"},
    "app.set.coverage.like": {"ru": "Пн-Пт 09:00-18:00; Сб 10:00-14:00", "en": "Mon-Fri 09:00-18:00; Sat 10:00-14:00"},
    "app.set.gap_warnings": {
        "ru": "Предупреждать администраторов о днях, когда никто не дежурит",
        "en": "Warn the admins of days that nobody has",
    },
    "app.set.cover": SETTINGS["settings.to_cover"],
    "app.set.cover_approval": {
        "ru": "Двое договорились — сначала спрашивать администратора",
        "en": "When two people agree, ask an admin first",
    },
    "app.set.cover_warn": {
        "ru": "Никто не взял смену: говорить администраторам за",
        "en": "When nobody takes a shift, tell the admins before it starts",
    },
    "app.set.holidays": HOLIDAYS["holidays.title"],
    "app.set.holidays.help": {
        "ru": "Страна, можно с регионом: Россия, DE-BY. Пусто — без праздников.",
        "en": "A country, with a region if you like: Germany, DE-BY. Empty: no holidays.",
    },
    "app.set.hours": HOURS["settings.to_hours"],
    "app.set.night_hours": {"ru": "Ночные часы", "en": "Night hours"},
    "app.set.hours_once": {
        "ru": "Часы, когда человек дежурит и в другом графике, считать только там",
        "en": "Count hours when somebody is also on duty in another roster there only",
    },
    "app.set.rates": {"ru": "Оплата за час", "en": "Pay for an hour"},
    "app.set.rates.help": {
        "ru": "Каждое правило на своей строке, например: обычно 100. Пусто — оплату не считаю.",
        "en": "One rule a line, like: base 100. Empty: I don't work out any pay.",
    },
    "app.set.save": {"ru": "Сохранить", "en": "Save"},
    "app.set.saved": {"ru": "Сохранено.", "en": "Saved."},
    "app.set.on": {"ru": "да", "en": "yes"},
    "app.set.off": {"ru": "нет", "en": "no"},
    "app.set.now": {"ru": "Кто-то изменил это. Сейчас: {value}", "en": "Somebody changed this. It is now: {value}"},
    "app.set.moved": {
        "ru": "Пока вы правили, это изменили: {what}. Ваши значения остались в полях — сохраните ещё раз, если нужны они.",
        "en": "This was changed while you were editing: {what}. Your values are still in the fields; save again if you want them.",
    },
    "app.set.memory": SETTINGS["settings.to_memory"],
    "app.set.memory.text": {
        "ru": "Из прошлых файлов я помню это. Забытое я спрошу снова.",
        "en": "I remember these from earlier files. I'll ask again about what is forgotten.",
    },
    "app.set.no_memory": SETTINGS["settings.no_memory"],
    "app.set.forget": {"ru": "Забыть", "en": "Forget"},
    "app.set.forget.which": {"ru": "Забыть: {text}", "en": "Forget: {text}"},
    "app.set.forgotten": {"ru": "Забыто", "en": "Forgotten"},
    "app.set.add": {"ru": "Добавить график", "en": "Add a roster"},
    "app.set.add.text": ROSTERS["rosters.one"],
    "app.set.add.first": {"ru": "Как назвать нынешний график", "en": "What your current roster is called"},
    "app.set.add.name": {"ru": "Как назвать новый", "en": "What the new one is called"},
    "app.set.added": {"ru": "График «{name}» создан", "en": "Roster “{name}” created"},
    "app.set.retire": ROSTERS["rosters.retire"],
    "app.set.retire.text": ROSTERS["rosters.ask_retire"],
    "app.set.retire.go": ROSTERS["rosters.retire_yes"],
    "app.set.retired": ROSTERS["rosters.is_retired"],
    "app.set.retired.list": ROSTERS["rosters.retired"],
    "app.set.restore": {"ru": "Вернуть «{name}»", "en": "Restore “{name}”"},
    "app.set.restored": ROSTERS["rosters.is_restored"],
    # What lies around the rosters
    "app.set.calendars": CALENDARS["calendars.title"],
    "app.set.calendars.none": CALENDARS["calendars.no_calendars"],
    "app.set.calendars.add": CALENDARS["calendars.add"],
    "app.set.calendars.name": {"ru": "Название календаря", "en": "What the calendar is called"},
    "app.set.calendars.address": {"ru": "Ссылка (.ics)", "en": "Link (.ics)"},
    "app.set.calendars.added": {"ru": "Календарь добавлен", "en": "Calendar added"},
    "app.set.calendars.read": CALENDARS["calendars.read_now"],
    "app.set.calendars.read.which": {"ru": "Прочитать сейчас: {name}", "en": "Read it now: {name}"},
    "app.set.calendars.was_read": {
        "ru": "Готово: что получилось, видно у календаря",
        "en": "Done: the calendar says how it went",
    },
    "app.set.calendars.as_absences": CALENDARS["calendars.as_absences"],
    "app.set.calendars.as_absences.text": {
        "ru": "События, где назван человек из команды, станут его отсутствиями.",
        "en": "Events that name somebody of the team become absences of theirs.",
    },
    "app.set.calendars.as_events": CALENDARS["calendars.as_events"],
    "app.set.calendars.as_events.text": {
        "ru": "Отсутствия из этого календаря пропадут, начиная с сегодняшнего дня.",
        "en": "The absences of this calendar are taken back, from today on.",
    },
    "app.set.calendars.remove": CALENDARS["calendars.remove"],
    "app.set.calendars.remove.go": {"ru": "Убрать «{name}»", "en": "Remove “{name}”"},
    "app.set.calendars.remove.text": {
        "ru": "Его события пропадут из месяца, отсутствия из него — начиная с сегодняшнего дня.",
        "en": "Its events leave the month, and its absences are taken back from today on.",
    },
    "app.set.calendars.removed": {"ru": "Календарь убран", "en": "Calendar removed"},
    "app.set.calendars.set": {
        "ru": "Задан на сервере, убрать можно только там.",
        "en": "Set on the server and removed only there.",
    },
    "app.set.digests": SETTINGS["settings.to_digest"],
    "app.set.digests.text": {
        "ru": "Сводка — отдельное сообщение в группе, рядом с закреплённым.",
        "en": "A digest is a separate message in a group, next to the pinned one.",
    },
    "app.set.digests.none": SETTINGS["settings.digest_no_groups"],
    "app.set.digest.off": SETTINGS["settings.digest_off"],
    "app.set.digest.weekly": SETTINGS["settings.digest_weekly"],
    "app.set.digest.handover": SETTINGS["settings.digest_handover"],
    "app.set.backup": {"ru": "Резервные копии", "en": "Backups"},
    "app.set.backup.last": {"ru": "Последняя: {moment}, {size} МБ", "en": "Last one: {moment}, {size} MB"},
    "app.set.backup.none": BACKUPS["status.backup_none"],
    "app.set.backup.text": {
        "ru": "Каждую ночь бот делает копию на сервере. Прислать её файлом: /backup в чате.",
        "en": "The bot makes one every night and keeps it on the server. To get one as a file: /backup in the chat.",
    },
    "app.set.backup.server": BACKUPS["backup.server"],
    "app.set.backup.make": {"ru": "Сделать копию сейчас", "en": "Make one now"},
    "app.set.backup.made": {"ru": "Копия сделана, она на сервере", "en": "Backup made, it is on the server"},
    "app.set.backup.failed": {"ru": "Копию сделать не получилось: {why}", "en": "The backup couldn't be made: {why}"},
}
