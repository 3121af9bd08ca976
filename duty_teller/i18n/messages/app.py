"""Texts: app."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {}
