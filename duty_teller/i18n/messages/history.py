"""Texts of /history and /undo."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "history.none": {"ru": "Изменений ещё не было.", "en": "No changes yet."},
    "history.undo": {"ru": "↩️ Отменить", "en": "↩️ Undo"},
    "history.redo": {"ru": "↪️ Вернуть", "en": "↪️ Redo"},
    "history.undo_one": {"ru": "↩️ Отменить: {what}", "en": "↩️ Undo: {what}"},
    "history.redo_one": {"ru": "↪️ Вернуть: {what}", "en": "↪️ Redo: {what}"},
    "history.back": {"ru": "◀ К списку", "en": "◀ Back to the list"},
    "history.undone": {
        "ru": "↩️ Отменено: {name}. Всё снова так, как было.",
        "en": "↩️ Undone: {name}. Everything is as it was.",
    },
    "history.redone": {"ru": "↪️ Возвращено: {name}.", "en": "↪️ Redone: {name}."},
    "history.is_undone": {"ru": "· отменено", "en": "· undone"},
    # Before an undo: what it does
    "history.undo_ask": {"ru": "Отменить это изменение?", "en": "Undo this change?"},
    "history.redo_ask": {"ru": "Вернуть это изменение?", "en": "Redo this change?"},
    "history.will": {"ru": "Что произойдёт: {counts}.", "en": "This is what happens: {counts}."},
    "history.will_settings": {
        "ru": "Настройки графика станут такими, как до него.",
        "en": "The roster's settings will be as they were before it.",
    },
    # Who did what
    "history.did_import": {"ru": "{who}: импорт {file} — {counts}", "en": "{who} imported {file}: {counts}"},
    "history.did_edit": {"ru": "{who}: правка графика — {counts}", "en": "{who} changed the roster: {counts}"},
    "history.did_settings": {"ru": "{who}: настройки — {what}", "en": "{who} changed the settings: {what}"},
    "history.did_merge": {
        "ru": "{who}: {source} и {target} — теперь один человек",
        "en": "{who} merged {source} with {target}",
    },
    "history.did_undo": {"ru": "{who}: отмена. Было так: {what}", "en": "{who} undid this: {what}"},
    "history.did_redo": {"ru": "{who}: возвращено. {what}", "en": "{who} redid this: {what}"},
    "history.command_line": {"ru": "Командная строка", "en": "The command line"},
    "history.added": {
        "ru": ("{n} смена добавлена", "{n} смены добавлены", "{n} смен добавлено"),
        "en": ("{n} shift added", "{n} shifts added"),
    },
    "history.removed": {
        "ru": ("{n} смена убрана", "{n} смены убраны", "{n} смен убрано"),
        "en": ("{n} shift removed", "{n} shifts removed"),
    },
    "history.changed": {
        "ru": ("{n} смена изменена", "{n} смены изменены", "{n} смен изменено"),
        "en": ("{n} shift changed", "{n} shifts changed"),
    },
    "history.no_shift": {"ru": "смены не изменились", "en": "no shift changed"},
    # One shift: span is a time, taker, giver and name are people
    "history.took_over": {
        "ru": "{span}: дежурит {taker}, а не {giver}",
        "en": "{taker} took over {giver}'s shift: {span}",
    },
    "history.gave": {
        "ru": "{who}: {span} — дежурит {taker}, а не {giver}",
        "en": "{who} gave {giver}'s shift to {taker}: {span}",
    },
    "history.swapped": {
        "ru": "{a} и {b} поменялись: {a} — {a_span}, {b} — {b_span}",
        "en": "{a} and {b} swapped: {a} has {a_span}, {b} has {b_span}",
    },
    "history.shift_added": {
        "ru": "{who}: новая смена — {name}, {span}",
        "en": "{who} added a shift for {name}: {span}",
    },
    "history.shift_removed": {
        "ru": "{who}: смена убрана — {name}, {span}",
        "en": "{who} removed {name}'s shift: {span}",
    },
    "history.shift_moved": {
        "ru": "{who}: смена перенесена — {name}, {before} → {after}",
        "en": "{who} moved {name}'s shift: {before} → {after}",
    },
    "history.noted": {
        "ru": "{who}: {name}, {span} — {note}",
        "en": "{who} changed {name}'s shift, {span}: {note}",
    },
    "history.shift_cut": {
        "ru": "{who}: смена изменена — {name}, {span}",
        "en": "{who} changed {name}'s shift: {span}",
    },
    "history.absence_added": {
        "ru": "{who}: {event} — {name}, {span}",
        "en": "{who} entered for {name}: {event}, {span}",
    },
    "history.absence_removed": {
        "ru": "{who}: убрано: {event} — {name}, {span}",
        "en": "{who} removed for {name}: {event}, {span}",
    },
    "history.absence_moved": {
        "ru": "{who}: {event} — {name}, {before} → {after}",
        "en": "{who} changed for {name}: {event}, {before} → {after}",
    },
    "history.absence_cut": {
        "ru": "{who}: {event}, новые даты — {name}, {span}",
        "en": "{who} changed for {name}: {event}, {span}",
    },
}
