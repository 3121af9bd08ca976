"""Texts of views."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {}
