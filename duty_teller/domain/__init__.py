"""What a roster is, and the rules that follow: pure, they know neither database nor Telegram."""
