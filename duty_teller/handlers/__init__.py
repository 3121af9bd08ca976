"""Telegram handlers: one module a topic, each with register(application)."""
