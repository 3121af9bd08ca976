"""Calendars that somebody else serves, shown over a roster."""
