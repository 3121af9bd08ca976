"""Imports: from a roster file that was understood to a change of the schedule."""
