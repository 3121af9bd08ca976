"""Texts of the calendar feeds."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "feed.team": {"ru": "Дежурства", "en": "On duty"},
    "feed.personal": {"ru": "Мои дежурства ({name})", "en": "My duties ({name})"},
    "feed.roster": {"ru": "График", "en": "Roster"},
}
