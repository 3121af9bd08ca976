"""Texts about backups."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "bot.command_backup": {"ru": "Резервная копия", "en": "A backup of everything"},
    "backup.making": {"ru": "⏳ Делаю резервную копию…", "en": "⏳ Making a backup…"},
    "backup.done": {"ru": "✅ Резервная копия: {moment}, {size}", "en": "✅ Backup: {moment}, {size}"},
    "backup.caption": {
        "ru": (
            "Здесь всё: график, люди, телефоны, ссылки на календари. Храните файл при себе, никому не пересылайте. "
            "Вернуть на сервере: duty-teller restore ФАЙЛ"
        ),
        "en": (
            "This is everything: schedule, people, phones, calendar links. Keep it to yourself. "
            "To put it back, on the server: duty-teller restore FILE"
        ),
    },
    "backup.caption_sealed": {
        "ru": (
            "Зашифровано вашим паролем: без него файл не прочтёт никто, и я тоже. Пароль я не храню. "
            "Вернуть на сервере: duty-teller restore ФАЙЛ"
        ),
        "en": (
            "Encrypted with your passphrase: without it nobody can read this file, and neither can I. I don't keep it. "
            "To put it back, on the server: duty-teller restore FILE"
        ),
    },
    "backup.passphrase_short": {
        "ru": "Пароль слишком короткий: нужно хотя бы {n} знаков. Например: /backup четыре простых разных слова",
        "en": "This passphrase is too short: at least {n} characters. For example: /backup four plain different words",
    },
    "backup.forget": {
        "ru": "Удалите своё сообщение с паролем: у меня не получилось.",
        "en": "Please delete your message with the passphrase: I couldn't.",
    },
    "backup.too_big": {
        "ru": "Копия готова ({size}), но через Telegram не пройдёт. Она на сервере: {path}",
        "en": "The backup is ready ({size}), but too big for Telegram. It is on the server: {path}",
    },
    "backup.not_made": {
        "ru": "❌ Копию сделать не получилось: {why}",
        "en": "❌ I couldn't make a backup: {why}",
    },
    "backup.not_sent": {
        "ru": "Копия готова, но отправить её не получилось. Попробуйте ещё раз: /backup",
        "en": "The backup is ready, but it couldn't be sent. Please try again: /backup",
    },
    "backup.server": {
        "ru": "Данные на сервере PostgreSQL: резервные копии делает он, командой pg_dump.",
        "en": "The data are on a PostgreSQL server: its own tool makes backups, pg_dump.",
    },
    "backup.failed_tonight": {
        "ru": "⚠️ Ночную резервную копию сделать не получилось: {why}",
        "en": "⚠️ I couldn't make tonight's backup: {why}",
    },
    "status.backup": {"ru": "Резервная копия {age} назад", "en": "Last backup {age} ago"},
    "status.backup_none": {"ru": "Резервной копии ещё нет", "en": "No backup yet"},
}
