"""Texts of dialogues in general."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "dialogue.forgotten": {
        "ru": "Вы десять минут не отвечали, и я закончил этот разговор. Ничего не изменилось; начните заново, когда будет время.",
        "en": "You didn't answer for ten minutes, so I ended this. Nothing was changed; start again when you have time.",
    },
}
