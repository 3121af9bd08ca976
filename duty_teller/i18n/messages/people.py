"""Texts of people."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {}
