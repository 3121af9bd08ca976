"""Texts of rosters."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {}
