"""Texts: feeds."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {}
