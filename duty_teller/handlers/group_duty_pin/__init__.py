"""Groups: the pinned message that tells who is on duty, trust, and what Telegram tells of the bot's place there."""
