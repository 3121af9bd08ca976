"""Texts of notices."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "notice.my_shifts": {"ru": "Мои смены", "en": "My shifts"},
    "notice.invite": {"ru": "Пригласить", "en": "Invite"},
    "notice.starts": {"ru": "Ваша смена начнётся {span}", "en": "Your shift starts {span}"},
    "notice.in_minutes": {
        "ru": ("через {n} минуту", "через {n} минуты", "через {n} минут"),
        "en": ("in {n} minute", "in {n} minutes"),
    },
    "notice.in_hours": {"ru": "через {n} ч", "en": "in {n} h"},
    "notice.in_hours_minutes": {"ru": "через {hours} ч {minutes} мин", "en": "in {hours} h {minutes} min"},
    "notice.before_you": {"ru": "До вас дежурит {who}", "en": "On duty before you: {who}"},
    "notice.with_you": {"ru": "Вместе с вами: {who}", "en": "With you: {who}"},
    "notice.ends": {"ru": "Ваша смена — до {moment}", "en": "Your shift ends at {moment}"},
    "notice.takes_over": {"ru": "Вас сменит {who}", "en": "Taking over: {who}"},
    "notice.nobody_takes_over": {
        "ru": "⚠️ После вас никто не назначен.",
        "en": "⚠️ Nobody is planned after you.",
    },
    "notice.changed": {"ru": "Ваши смены изменились", "en": "Your shifts have changed"},
    "notice.short_notice": {
        "ru": "Срочно: изменились ваши ближайшие смены",
        "en": "Short notice: your next shifts have changed",
    },
    "notice.gone": {"ru": "Снята: {shift}", "en": "Removed: {shift}"},
    "notice.new": {"ru": "Новая: {shift}", "en": "New: {shift}"},
    "notice.moved": {"ru": "Было: {old}. Стало: {new}", "en": "Was: {old}. Now: {new}"},
    "notice.more": {
        "ru": (
            "…и ещё {n} изменение: {first} — {last}",
            "…и ещё {n} изменения: {first} — {last}",
            "…и ещё {n} изменений: {first} — {last}",
        ),
        "en": ("…and {n} more change: {first} – {last}", "…and {n} more changes: {first} – {last}"),
    },
    "notice.by": {"ru": "Кто изменил: {who} ({what})", "en": "Changed by {who} ({what})"},
    "notice.by_only": {"ru": "Кто изменил: {who}", "en": "Changed by {who}"},
    "notice.undone_by": {"ru": "Кто отменил изменение: {who} ({what})", "en": "Undone by {who} ({what})"},
    "notice.undone_by_only": {"ru": "Кто отменил изменение: {who}", "en": "Undone by {who}"},
    "notice.gaps_open": {"ru": "Никто не назначен", "en": "Nobody is planned"},
    "notice.roster_ends": {
        "ru": "с {moment} и дальше: график заканчивается",
        "en": "from {moment} on: the roster ends",
    },
    "notice.gaps_closed": {"ru": "Дежурный снова есть", "en": "Covered again"},
    "notice.more_gaps": {
        "ru": ("…и ещё {n} пробел", "…и ещё {n} пробела", "…и ещё {n} пробелов"),
        "en": ("…and {n} more gap", "…and {n} more gaps"),
    },
    "notice.unreachable": {
        "ru": "Не могу написать дежурным",
        "en": "I can't write to people on duty",
    },
    "notice.on_duty_from": {"ru": "смена с {moment}", "en": "from {moment}"},
    "notice.on_duty_already": {"ru": "на дежурстве с {moment}", "en": "on duty since {moment}"},
    "notice.no_account": {"ru": "ещё не подключил(а) Telegram", "en": "hasn't connected Telegram yet"},
    "notice.not_started": {
        "ru": "не нажал(а) «Запустить» или заблокировал(а) меня",
        "en": "hasn't pressed Start, or has blocked me",
    },
    "notice.more_people": {
        "ru": ("…и ещё {n} человек", "…и ещё {n} человека", "…и ещё {n} человек"),
        "en": ("…and {n} more person", "…and {n} more people"),
    },
    "notice.unreachable_hint": {
        "ru": "Напоминания не дойдут. Сообщите сами или пригласите.",
        "en": "They get no reminders. Tell them yourself, or invite them.",
    },
    "notice.week": {"ru": "Дежурства на неделю", "en": "Duties this week"},
}
