"""Duty Teller: tells a team who is on duty."""

__version__ = "0.1.0"
