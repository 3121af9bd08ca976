"""Texts of notices."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {}
