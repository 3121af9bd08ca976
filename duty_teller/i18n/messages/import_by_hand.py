"""Texts about changes made by hand that a file would overwrite."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "import.by_hand.ask": {
        "ru": (
            "{n} изменение сделано вручную, а в файле иначе. Оставить его?",
            "{n} изменения сделаны вручную, а в файле иначе. Оставить их?",
            "{n} изменений сделано вручную, а в файле иначе. Оставить их?",
        ),
        "en": (
            "The file disagrees with {n} change made by hand. Keep the change?",
            "The file disagrees with {n} changes made by hand. Keep the changes?",
        ),
    },
    "import.by_hand.keep": {
        "ru": ("✋ Оставить изменение", "✋ Оставить изменения", "✋ Оставить изменения"),
        "en": ("✋ Keep the change", "✋ Keep the changes"),
    },
    "import.by_hand.newer": {"ru": "📄 Файл новее", "en": "📄 The file is newer"},
    "import.by_hand.in_file": {"ru": "в файле: {what}", "en": "in the file: {what}"},
    "import.by_hand.not_in_file": {"ru": "в файле этого нет", "en": "not in the file"},
    "import.by_hand.nobody": {"ru": "в файле никого", "en": "in the file: nobody"},
    "import.by_hand.kind_edit": {"ru": "Правка", "en": "Edit"},
    "import.by_hand.kind_cover": {"ru": "Замена", "en": "Cover"},
    "import.by_hand.kind_swap": {"ru": "Обмен", "en": "Swap"},
    "import.by_hand.kind_takeover": {"ru": "Смену взяли", "en": "Take-over"},
    "import.by_hand.kind_away": {"ru": "Отсутствие", "en": "Absence"},
    "import.by_hand.kept": {
        "ru": (
            "Оставлю {n} изменение, сделанное вручную:",
            "Оставлю {n} изменения, сделанные вручную:",
            "Оставлю {n} изменений, сделанных вручную:",
        ),
        "en": ("Keeping {n} change made by hand:", "Keeping {n} changes made by hand:"),
    },
    "import.by_hand.overwritten": {
        "ru": (
            "Файл заменит {n} изменение, сделанное вручную:",
            "Файл заменит {n} изменения, сделанные вручную:",
            "Файл заменит {n} изменений, сделанных вручную:",
        ),
        "en": ("The file replaces {n} change made by hand:", "The file replaces {n} changes made by hand:"),
    },
    "import.by_hand.kept_done": {
        "ru": ("оставлено сделанное вручную: {n}",) * 3,
        "en": ("{n} change by hand kept", "{n} changes by hand kept"),
    },
    "import.by_hand.overwritten_done": {
        "ru": ("заменено сделанное вручную: {n}",) * 3,
        "en": ("{n} change by hand replaced", "{n} changes by hand replaced"),
    },
    "import.by_hand.nothing_else": {
        "ru": "Сделанное вручную осталось. Больше менять нечего.",
        "en": "What was changed by hand is kept. There's nothing else to change.",
    },
    "import.by_hand.open": {
        "ru": (
            "Сначала решите, оставить ли {n} изменение, сделанное вручную.",
            "Сначала решите, оставить ли {n} изменения, сделанные вручную.",
            "Сначала решите, оставить ли {n} изменений, сделанных вручную.",
        ),
        "en": (
            "First decide whether to keep {n} change made by hand.",
            "First decide whether to keep {n} changes made by hand.",
        ),
    },
}
