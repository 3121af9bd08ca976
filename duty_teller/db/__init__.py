"""Database: models, sessions and queries."""
