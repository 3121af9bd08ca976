"""Texts: bot."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {}
