"""Texts of the calendar feeds, and of the page that puts one into a calendar."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "feed.team": {"ru": "Дежурства", "en": "On duty"},
    "feed.personal": {"ru": "Мои дежурства ({name})", "en": "My duties ({name})"},
    "feed.roster": {"ru": "График", "en": "Roster"},
    # The page.
    "calendar.title_personal": {"ru": "Мои дежурства", "en": "My duties"},
    "calendar.title_team": {"ru": "Дежурства команды", "en": "The team's duties"},
    "calendar.choose": {
        "ru": "Выберите свой календарь и подтвердите подписку. Дальше он обновляется сам.",
        "en": "Choose your calendar and confirm. From then on it updates by itself.",
    },
    "calendar.apple": {"ru": "Календарь Apple", "en": "Apple Calendar"},
    "calendar.google": {"ru": "Google Календарь", "en": "Google Calendar"},
    "calendar.outlook": {"ru": "Outlook — личный", "en": "Outlook – personal"},
    "calendar.outlook_work": {"ru": "Outlook — рабочий или учебный", "en": "Outlook – work or school"},
    "calendar.apple_elsewhere": {
        "ru": "Календарь Apple есть на iPhone, iPad и Mac. Откройте эту страницу там.",
        "en": "Apple Calendar is on iPhone, iPad and Mac. Open this page there.",
    },
    "calendar.google_phone": {
        "ru": "Если Google не предложил добавить календарь, откройте эту страницу на компьютере. На телефоне он появится сам.",
        "en": "If Google doesn't offer to add it, open this page on a computer. It then appears on your phone, too.",
    },
    "calendar.other": {"ru": "Другой календарь: адрес подписки", "en": "Another calendar: the address"},
    "calendar.secret": {
        "ru": "Страница секретная: по ней любой увидит дежурства. Заменить адрес: /calendar_link в боте.",
        "en": "Anyone who has this page can see the duties. New address: /calendar_link in the bot.",
    },
    "calendar.gone_title": {"ru": "Ссылка не работает", "en": "This link doesn't work"},
    "calendar.gone": {
        "ru": "Её заменили или отозвали. Новая: /calendar_link в боте.",
        "en": "It was replaced or revoked. Get a new one with /calendar_link in the bot.",
    },
    "calendar.no_address_title": {"ru": "Подписки пока не работают", "en": "Subscriptions don't work yet"},
    "calendar.no_address": {
        "ru": "У сервера нет публичного адреса. Его задаёт тот, кто ведёт сервер: MINI_APP_BASE_URL.",
        "en": "The server has no public address. Whoever runs it can set MINI_APP_BASE_URL.",
    },
}
