"""Texts of dialogues in general."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "dialogue.forgotten": {
        "ru": "Вы десять минут не отвечали, и я прервал этот разговор. Ничего не изменилось, можно начать заново.",
        "en": "You didn't answer for ten minutes, so I stopped. Nothing has changed; start again when you have time.",
    },
}
