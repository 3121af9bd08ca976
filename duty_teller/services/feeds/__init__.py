"""Calendar feeds: their secret links."""
