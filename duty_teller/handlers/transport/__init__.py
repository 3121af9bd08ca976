"""The edge to Telegram: what its refusals mean, polling, pace, command lists, text that people type when asked."""
