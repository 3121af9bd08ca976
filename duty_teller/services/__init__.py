"""What the product does, without Telegram and without HTTP."""
