"""What runs without being asked: the tick and the outbox."""
