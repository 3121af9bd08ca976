"""Groups: who let the bot in, and what they get."""
