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
}
