"""Texts of groups."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {}
