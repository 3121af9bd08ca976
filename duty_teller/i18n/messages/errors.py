"""Texts: errors."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {}
