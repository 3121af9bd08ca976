"""Rosters: which there are, their settings, the coverage they want."""
