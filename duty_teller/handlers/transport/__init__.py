"""The edge to Telegram: pace, command lists, text that people type when asked."""
