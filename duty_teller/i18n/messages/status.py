"""Texts of status."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {}
