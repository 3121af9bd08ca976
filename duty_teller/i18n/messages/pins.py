"""Texts: pins."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {}
