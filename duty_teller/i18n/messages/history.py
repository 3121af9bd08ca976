"""Texts of /history and /undo."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "history.none": {"ru": "Изменений ещё не было.", "en": "No changes yet."},
    "history.last": {"ru": "Последнее изменение:", "en": "The last change:"},
    "history.undo": {"ru": "↩️ Отменить его", "en": "↩️ Undo it"},
    "history.redo": {"ru": "↪️ Вернуть", "en": "↪️ Redo"},
    "history.undone": {
        "ru": "↩️ Отменено: {name}. Всё снова так, как было.",
        "en": "↩️ Undone: {name}. Everything is as it was.",
    },
    "history.redone": {"ru": "↪️ Возвращено: {name}.", "en": "↪️ Redone: {name}."},
    "history.undo_one": {"ru": "↩️ {number}", "en": "↩️ {number}"},
    "history.kind_import": {"ru": "Импорт: {reason}", "en": "Import: {reason}"},
    "history.kind_edit": {"ru": "Правка: {reason}", "en": "Edit: {reason}"},
    "history.kind_cover": {"ru": "Замена: {reason}", "en": "Cover: {reason}"},
    "history.kind_away": {"ru": "Отсутствие: {reason}", "en": "Away: {reason}"},
    "history.kind_merge": {"ru": "Объединение людей: {reason}", "en": "People merged: {reason}"},
    "history.kind_undo": {"ru": "Отмена: {reason}", "en": "Undone: {reason}"},
    "history.kind_redo": {"ru": "Возвращено: {reason}", "en": "Redone: {reason}"},
}
