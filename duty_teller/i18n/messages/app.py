"""Texts of the Mini App. It loads them by `GET /api/messages`; `{n}` picks the plural form there as here."""

from duty_teller.i18n.messages.shift_types import NAMES

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    # From view to view
    "app.tabs": {"ru": "Разделы", "en": "Sections"},
    "app.tab.now": {"ru": "Сейчас", "en": "Now"},
    "app.tab.month": {"ru": "Месяц", "en": "Month"},
    "app.tab.mine": {"ru": "Мои", "en": "Mine"},
    "app.tab.team": {"ru": "Команда", "en": "Team"},
    # One's own
    "app.mine.coming": {"ru": "Ближайшие смены", "en": "Coming shifts"},
    "app.mine.nothing": {
        "ru": "В ближайшие два месяца у вас смен нет",
        "en": "You have no shifts in the next two months",
    },
    "app.mine.running": {"ru": "идёт сейчас", "en": "on now"},
    "app.mine.asked": {"ru": "Ищем замену", "en": "Looking for cover"},
    "app.mine.away": {"ru": "Вас не будет", "en": "You are away"},
    "app.sum.hours": {"ru": "{hours} ч", "en": "{hours} h"},
    "app.sum.nights": {"ru": ("{n} ночь", "{n} ночи", "{n} ночей"), "en": ("{n} night", "{n} nights")},
    "app.sum.weekend": {"ru": "{hours} ч в выходные", "en": "{hours} h on weekends"},
    "app.link.text": {
        "ru": "Ваши смены в календаре телефона: они обновляются сами.",
        "en": "Your shifts in your phone's calendar; they update by themselves.",
    },
    "app.link.open": {"ru": "Добавить в мой календарь", "en": "Add to my calendar"},
    "app.link.title": {"ru": "Ваши смены в календаре", "en": "Your shifts in a calendar"},
    "app.link.choose": {"ru": "Выберите свой календарь:", "en": "Choose your calendar:"},
    "app.link.qr": {"ru": "QR-код вашей ссылки", "en": "QR code of your link"},
    "app.link.qr.text": {
        "ru": "На другом устройстве? Наведите его камеру на код.",
        "en": "On another device? Point its camera at the code.",
    },
    "app.link.address": {"ru": "Для других календарей", "en": "For other calendars"},
    "app.link.copy": {"ru": "Скопировать", "en": "Copy"},
    "app.link.copied": {"ru": "Скопировано", "en": "Copied"},
    "app.link.secret": {
        "ru": "Ссылка только ваша: кто её знает, видит ваши смены. Сменить её можно в чате с ботом: /calendar_link.",
        "en": "The link is yours alone: whoever has it sees your shifts. To replace it, send /calendar_link to the bot.",
    },
    "app.link.revoked": {"ru": "Вы отключили эту ссылку.", "en": "You have turned this link off."},
    "app.link.again": {"ru": "Создать новую", "en": "Make a new one"},
    # The team
    "app.team.title": {"ru": "Команда: {n}", "en": "Team: {n}"},
    "app.team.search": {"ru": "Найти по имени", "en": "Find by name"},
    "app.team.nobody": {"ru": "Никого с таким именем нет", "en": "Nobody has that name"},
    "app.team.empty": {"ru": "В команде пока никого нет", "en": "There is nobody in the team yet"},
    "app.team.on": {"ru": "сейчас, до {moment}", "en": "now, until {moment}"},
    "app.team.next": {"ru": "с {moment}", "en": "from {moment}"},
    "app.team.free": {"ru": "смен пока нет", "en": "no shifts planned"},
    "app.team.away": {"ru": "{kind}, по {day}", "en": "{kind}, until {day}"},
    # Who is on now
    "app.now": {"ru": "Сейчас дежурит", "en": "On duty now"},
    "app.now.several": {"ru": "Сейчас дежурят", "en": "On duty now"},
    "app.now.you": {"ru": "Сейчас дежурите вы", "en": "You are on duty now"},
    "app.now.until": {"ru": "до {moment}", "en": "until {moment}"},
    "app.now.nobody": {"ru": "Сейчас никто не дежурит", "en": "Nobody is on duty now"},
    "app.now.unknown": {
        "ru": "Нет связи: кто дежурит сейчас, неизвестно",
        "en": "No connection, so I can't tell who is on duty now",
    },
    "app.left.days": {
        "ru": ("ещё {n} день", "ещё {n} дня", "ещё {n} дней"),
        "en": ("{n} day left", "{n} days left"),
    },
    "app.left.hours": {"ru": "ещё {hours} ч {minutes} мин", "en": "{hours} h {minutes} min left"},
    "app.left.minutes": {"ru": "ещё {minutes} мин", "en": "{minutes} min left"},
    "app.next": {"ru": "Следующая смена", "en": "Up next"},
    "app.next.from": {"ru": "с {moment}", "en": "from {moment}"},
    "app.next.nobody": {"ru": "Дальше смен пока нет", "en": "No shifts planned after this yet"},
    "app.gap.now": {"ru": "Дежурного не будет до {end}", "en": "Nobody is planned until {end}"},
    "app.gap.now.open": {"ru": "Следующая смена пока не назначена", "en": "The next shift is not planned yet"},
    "app.gap.later": {
        "ru": "Никто не назначен: {start} — {end}",
        "en": "Nobody is planned: {start} – {end}",
    },
    "app.gap.later.open": {"ru": "Никто не назначен с {start}", "en": "Nobody is planned from {start} on"},
    "app.you": {"ru": "вы", "en": "you"},
    "app.call": {"ru": "Позвонить", "en": "Call"},
    "app.call.who": {"ru": "Позвонить: {name}, {phone}", "en": "Call {name}, {phone}"},
    "app.write": {"ru": "Написать", "en": "Message"},
    "app.write.who": {"ru": "Написать в Telegram: {name}", "en": "Message {name} on Telegram"},
    # The month
    "app.title": {"ru": "График дежурств", "en": "Duty calendar"},
    "app.roster": {"ru": "График", "en": "Roster"},
    "app.roster.default": {"ru": "Дежурства", "en": "Duty"},
    "app.month.previous": {"ru": "Предыдущий месяц", "en": "Previous month"},
    "app.month.next": {"ru": "Следующий месяц", "en": "Next month"},
    "app.today": {"ru": "Сегодня", "en": "Today"},
    "app.mine": {"ru": "Только мои", "en": "Only mine"},
    "app.mine.sum": {
        "ru": ("У вас {n} смена, {hours} ч", "У вас {n} смены, {hours} ч", "У вас {n} смен, {hours} ч"),
        "en": ("You have {n} shift, {hours} h", "You have {n} shifts, {hours} h"),
    },
    "app.mine.none": {"ru": "В этом месяце у вас смен нет", "en": "You have no shifts this month"},
    "app.month.failed": {
        "ru": "Этот месяц не загрузился",
        "en": "This month did not load",
    },
    "app.empty.title": {"ru": "На этот месяц смен нет", "en": "No shifts this month"},
    "app.empty.admin": {
        "ru": "Отправьте боту файл с графиком — тот, что уже есть у команды.",
        "en": "Send the bot the roster file your team already has.",
    },
    "app.empty.user": {
        "ru": "График ещё не готов. Смены появятся здесь, как только его загрузят.",
        "en": "Nothing is planned yet. Shifts will show up here once the roster is loaded.",
    },
    # The legend
    "app.people": {"ru": "Кто дежурит в этом месяце", "en": "On duty this month"},
    "app.people.shifts": {"ru": ("{n} смена", "{n} смены", "{n} смен"), "en": ("{n} shift", "{n} shifts")},
    "app.legend.mine": {"ru": "Ваша смена", "en": "Your shift"},
    "app.legend.night": {"ru": "Ночная смена", "en": "Night shift"},
    "app.zone": {"ru": "Время в графике: {zone}", "en": "Times shown in {zone}"},
    # A day
    "app.day.close": {"ru": "Закрыть", "en": "Close"},
    "app.day.today": {"ru": "сегодня", "en": "today"},
    "app.day.empty": {"ru": "На этот день никто не назначен", "en": "Nobody is planned for this day"},
    "app.day.empty.mine": {"ru": "В этот день у вас смены нет", "en": "You have no shift on this day"},
    "app.day.away": {"ru": "Отсутствуют", "en": "Away"},
    "app.day.hours": {"ru": "{hours} ч", "en": "{hours} h"},
    "app.day.days": {"ru": ("{n} день", "{n} дня", "{n} дней"), "en": ("{n} day", "{n} days")},
    "app.kind.full": {"ru": "Дежурство", "en": "Duty"},
    "app.kind.day": {"ru": "Дневная смена", "en": "Day shift"},
    "app.kind.night": {"ru": "Ночная смена", "en": "Night shift"},
    **{f"app.kind.{name}": texts for name, texts in NAMES.items()},
    "app.position.primary": {"ru": "основной", "en": "primary"},
    "app.position.secondary": {"ru": "запасной", "en": "secondary"},
    # When something is in the way
    "app.retry": {"ru": "Повторить", "en": "Try again"},
    "app.close": {"ru": "Закрыть", "en": "Close"},
    "app.stale.offline": {
        "ru": "Нет связи. Показываем данные на {moment}.",
        "en": "No connection. Showing data from {moment}.",
    },
    "app.stale.server": {
        "ru": "Сервер не отвечает. Показываем данные на {moment}.",
        "en": "The server is not answering. Showing data from {moment}.",
    },
    "app.stale.slow": {
        "ru": "Загружаем… Показываем данные на {moment}.",
        "en": "Loading… Showing data from {moment}.",
    },
    "app.error.offline.title": {"ru": "Нет связи", "en": "No connection"},
    "app.error.offline.text": {
        "ru": "Проверьте интернет и попробуйте ещё раз.",
        "en": "Check your internet connection and try again.",
    },
    "app.error.server.title": {"ru": "Не удалось загрузить", "en": "Could not load"},
    "app.error.server.text": {
        "ru": "Сервер сейчас не отвечает. Попробуйте ещё раз через минуту.",
        "en": "The server is not answering right now. Try again in a minute.",
    },
    "app.error.outside.title": {"ru": "Откройте календарь в Telegram", "en": "Open the calendar in Telegram"},
    "app.error.outside.text": {
        "ru": "График дежурств открывается из чата с ботом: кнопкой меню рядом с полем сообщения"
        " или кнопкой под закреплённым сообщением группы.",
        "en": "The duty calendar opens from the chat with the bot: use the menu button next to the message field,"
        " or the button under the pinned message in your group.",
    },
    "app.error.expired.title": {"ru": "Откройте календарь заново", "en": "Open the calendar again"},
    "app.error.expired.text": {
        "ru": "Календарь был открыт слишком давно. Закройте это окно и откройте его снова из чата с ботом.",
        "en": "This calendar was opened too long ago. Close this window and open it again from the chat with the bot.",
    },
    "app.error.denied.title": {"ru": "Нет доступа", "en": "No access"},
    "app.error.denied.text": {
        "ru": "Попросите администратора добавить вас в график и откройте календарь снова.",
        "en": "Ask an administrator to add you to the roster, then open the calendar again.",
    },
}
