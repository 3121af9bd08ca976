"""Why a file of somebody else's could not be fetched."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "fetch.address": {
        "ru": "это не адрес http или https",
        "en": "this is not an http or https address",
    },
    "fetch.private": {
        "ru": "адрес ведёт во внутреннюю сеть, а туда мне нельзя",
        "en": "the address leads into a private network, where I'm not allowed to look",
    },
    "fetch.no_answer": {"ru": "сервер не отвечает", "en": "the server doesn't answer"},
    "fetch.tls": {"ru": "у сервера непригодный сертификат", "en": "the server's certificate is not valid"},
    "fetch.slow": {
        "ru": "сервер не прислал календарь за {seconds} с",
        "en": "the server didn't send the calendar within {seconds} s",
    },
    "fetch.redirects": {
        "ru": "сервер отсылает дальше больше {limit} раз подряд",
        "en": "the server redirected me more than {limit} times in a row",
    },
    "fetch.status": {"ru": "сервер ответил ошибкой {status}", "en": "the server answered with error {status}"},
    "fetch.too_large": {
        "ru": "календарь больше {limit} МБ",
        "en": "the calendar is larger than {limit} MB",
    },
    "fetch.broken": {
        "ru": "ответ сервера обрывается или повреждён",
        "en": "the server's answer is cut off or damaged",
    },
}
