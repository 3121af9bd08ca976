"""Texts: imports."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {}
