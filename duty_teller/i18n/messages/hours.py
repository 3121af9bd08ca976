"""Texts of hours: the month in the chat, files for payroll, rates."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    # Headings of files
    "hours.head.number": {"ru": "№", "en": "No."},
    "hours.head.plan_number": {"ru": "№ по плану", "en": "Plan no."},
    "hours.head.name": {"ru": "Имя", "en": "Name"},
    "hours.head.planned_for": {"ru": "По плану", "en": "Planned"},
    "hours.head.roster": {"ru": "График", "en": "Roster"},
    "hours.head.position": {"ru": "Роль", "en": "Position"},
    "hours.head.shifts": {"ru": "Смены", "en": "Shifts"},
    "hours.head.planned": {"ru": "По плану", "en": "Planned"},
    "hours.head.covered": {"ru": "Взято у коллег", "en": "Covered for others"},
    "hours.head.given": {"ru": "Отдано коллегам", "en": "Given away"},
    "hours.head.ill": {"ru": "Больничный", "en": "Sick"},
    "hours.head.total": {"ru": "Всего", "en": "Total"},
    "hours.head.nights": {"ru": "Ночей", "en": "Nights"},
    "hours.head.night": {"ru": "Ночные", "en": "Night hours"},
    "hours.head.weekend": {"ru": "В выходные", "en": "Weekend hours"},
    "hours.head.holiday": {"ru": "В праздники", "en": "Holiday hours"},
    "hours.head.pay": {"ru": "Сумма", "en": "Pay"},
    "hours.head.correction": {"ru": "Поправка к месяцу", "en": "Correction of"},
    "hours.head.sum": {"ru": "Итого", "en": "Total"},
    "hours.head.day": {"ru": "День", "en": "Day"},
    "hours.head.start": {"ru": "Начало", "en": "Start"},
    "hours.head.end": {"ru": "Конец", "en": "End"},
    "hours.head.start_utc": {"ru": "Начало, UTC", "en": "Start, UTC"},
    "hours.head.end_utc": {"ru": "Конец, UTC", "en": "End, UTC"},
    "hours.head.time": {"ru": "Время", "en": "Time"},
    "hours.head.zone": {"ru": "Часовой пояс", "en": "Time zone"},
    "hours.head.is_covered": {"ru": "Замена", "en": "Cover"},
    "hours.head.is_worked": {"ru": "Отработано", "en": "Worked"},
    "hours.head.is_night": {"ru": "Ночь", "en": "Night"},
    "hours.head.is_weekend": {"ru": "Выходной", "en": "Weekend"},
    "hours.head.is_holiday": {"ru": "Праздник", "en": "Holiday"},
    "hours.head.holiday_name": {"ru": "Какой праздник", "en": "Which holiday"},
    "hours.head.mid_night": {"ru": "Середина ночи", "en": "Mid-night"},
    "hours.head.rate": {"ru": "Ставка", "en": "Rate"},
    "hours.head.over": {"ru": "Сверх предела за день", "en": "Over the day’s limit"},
    "hours.sheet.sums": {"ru": "Часы", "en": "Hours"},
    "hours.sheet.details": {"ru": "Смены", "en": "Shifts"},
    "hours.sheet.closed": {"ru": "Закрытый месяц", "en": "Closed month"},
    "hours.sheet.note": {
        "ru": (
            "Всего = по плану + взято у коллег − отдано коллегам − больничный. Каждая сумма складывает строки листа "
            "«Смены»: смены разрезаны в полночь и на границах ночи. Часы настоящие: когда переводят стрелки, в сутках "
            "23 или 25 часов, поэтому время считается по UTC."
        ),
        "en": (
            "Total = planned + covered for others − given away − sick. Every sum adds up rows of the sheet “Shifts”, "
            "where shifts are cut at midnight and where the night begins and ends. Hours are real ones: a day on which "
            "the clocks change has 23 or 25, so times are taken from UTC."
        ),
    },
    # Rates
    "hours.rate.base": {"ru": "обычно", "en": "base"},
    "hours.rate.holiday": {"ru": "праздники", "en": "holidays"},
    "hours.rate.cap": {"ru": "не больше {hours} ч", "en": "at most {hours} h"},
    "hours.rate.cap_pay": {"ru": "не больше {sum} в день", "en": "at most {sum} a day"},
    "hours.rate_unread": {
        "ru": "Не понимаю строку «{text}». Так понимаю: «сб, вс 150», «пн-пт 22:00-06:00 120», «праздники 200».",
        "en": "I don't understand the line “{text}”. These I do: “Sat, Sun 150”, “Mon-Fri 22:00-06:00 120”, “holidays 200”.",
    },
    "hours.rate_no_base": {
        "ru": "Нужна ровно одна строка о том, сколько стоит обычный час: «обычно 100».",
        "en": "Exactly one line has to say what an ordinary hour is paid: “base 100”.",
    },
    "hours.rate_long": {"ru": "Слишком много правил: помещается {n}.", "en": "Too many rules: {n} is the limit."},
    # Closing
    "hours.month_not_over": {
        "ru": "Этот месяц ещё не закончился. Закрыть его можно с {until}.",
        "en": "This month isn't over yet. You can close it from {until} on.",
    },
    "hours.closed_already": {"ru": "Этот месяц уже закрыт.", "en": "This month is closed already."},
    # In the chat
    "hours.own_head": {"ru": "Ваши часы, {month}", "en": "Your hours, {month}"},
    "hours.all_head": {"ru": "Часы, {month}", "en": "Hours, {month}"},
    "hours.none": {"ru": "В этом месяце у вас нет смен.", "en": "You have no shifts in this month."},
    "hours.nobody": {"ru": "В этом месяце смен ни у кого нет.", "en": "Nobody has a shift in this month."},
    "hours.total": {
        "ru": ("{n} смена, {time}", "{n} смены, {time}", "{n} смен, {time}"),
        "en": ("{n} shift, {time}", "{n} shifts, {time}"),
    },
    "hours.nights": {
        "ru": ("{n} ночь, ночью {time}", "{n} ночи, ночью {time}", "{n} ночей, ночью {time}"),
        "en": ("{n} night, {time} at night", "{n} nights, {time} at night"),
    },
    "hours.weekend": {"ru": "в выходные {time}", "en": "{time} on weekends"},
    "hours.holiday": {"ru": "в праздники {time}", "en": "{time} on holidays"},
    "hours.covered": {"ru": "за коллег {time}", "en": "{time} covered for others"},
    "hours.given": {"ru": "отдано коллегам {time}", "en": "{time} given away"},
    "hours.ill": {"ru": "на больничном {time}, не в счёт", "en": "{time} sick, not counted"},
    "hours.pay": {"ru": "к оплате {sum}", "en": "pay {sum}"},
    "hours.no_position": {"ru": "без роли", "en": "no position"},
    "hours.closed_note": {"ru": "🔒 Месяц закрыт.", "en": "🔒 This month is closed."},
    "hours.closed_changed": {
        "ru": "🔒 Месяц закрыт. С тех пор график изменился:",
        "en": "🔒 This month is closed. The schedule has changed since:",
    },
    "hours.to_everybody": {"ru": "Все", "en": "Everybody"},
    "hours.to_own": {"ru": "Только мои", "en": "Only mine"},
    "hours.to_xlsx": {"ru": "Таблица (.xlsx)", "en": "Spreadsheet (.xlsx)"},
    "hours.to_csv": {"ru": "Список (.csv)", "en": "List (.csv)"},
    "hours.to_close": {"ru": "🔒 Закрыть месяц", "en": "🔒 Close the month"},
    "hours.ask_close": {
        "ru": (
            "Закрыть {month}? Цифры останутся как сейчас. Если график за этот месяц потом изменят, разница будет "
            "показана отдельно. Открыть месяц снова нельзя."
        ),
        "en": (
            "Close {month}? The figures stay as they are now. If its schedule changes later, the difference is shown "
            "separately. A closed month can't be reopened."
        ),
    },
    "hours.close_now": {"ru": "Закрыть", "en": "Close it"},
    "hours.keep_open": {"ru": "‹ Не закрывать", "en": "‹ Leave it open"},
    "hours.sent": {"ru": "Часы, {month}", "en": "Hours, {month}"},
    # /settings
    "settings.to_hours": {"ru": "Часы и оплата", "en": "Hours and pay"},
    "settings.hours_night": {"ru": "🌙 Ночь: {hours}", "en": "🌙 Night: {hours}"},
    "settings.hours_once": {
        "ru": "Если человек в это же время дежурит и в другом графике, часы считаются только там.",
        "en": "Hours when somebody is also on duty in another roster are counted there only.",
    },
    "settings.hours_twice": {
        "ru": "Если человек в это же время дежурит и в другом графике, часы считаются в обоих.",
        "en": "Hours when somebody is also on duty in another roster are counted in both.",
    },
    "settings.hours_no_rates": {"ru": "Оплату не считаю.", "en": "I don't work out any pay."},
    "settings.hours_rates": {"ru": "Оплата за час:", "en": "Pay for an hour:"},
    "settings.hours_set_night": {"ru": "Когда ночь", "en": "When it is night"},
    "settings.hours_set_rates": {"ru": "Оплата", "en": "Pay"},
    "settings.hours_stop_rates": {"ru": "Не считать оплату", "en": "Stop working out pay"},
    "settings.hours_count_once": {"ru": "Считать один раз", "en": "Count them once"},
    "settings.hours_count_twice": {"ru": "Считать в обоих", "en": "Count them in both"},
    "settings.hours_ask_night": {
        "ru": "Какие часы ночные? Сейчас {hours}. Напишите, например: <code>22:00-06:00</code>",
        "en": "Which hours are night hours? Now: {hours}. Write them like this: <code>22:00-06:00</code>",
    },
    "settings.hours_ask_rates": {
        "ru": (
            "Сколько стоит час? Каждое правило на своей строке. Действует первое подходящее; даты важнее праздников, "
            "праздники важнее дней недели. Например:\n"
            "<code>обычно 100\n2026-12-31 18:00-06:00 300\nпраздники 200\nсб, вс 150\nпн-пт 22:00-06:00 120\n"
            "не больше 12 ч\nне больше 900 в день</code>"
        ),
        "en": (
            "What is an hour paid? One rule a line. The first that fits counts; dates come before holidays, holidays "
            "before weekdays. For example:\n"
            "<code>base 100\n2026-12-31 18:00-06:00 300\nholidays 200\nSat, Sun 150\nMon-Fri 22:00-06:00 120\n"
            "at most 12 h\nat most 900 a day</code>"
        ),
    },
    "settings.reason_night": {"ru": "ночь {hours}", "en": "night {hours}"},
    "settings.reason_rates": {"ru": "оплата за час", "en": "pay for an hour"},
    "settings.reason_once": {"ru": "часы в двух графиках сразу", "en": "hours in two rosters at once"},
}
