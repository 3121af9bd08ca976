"""What the bot says about the schedule: Telegram HTML, and days as people type them."""
