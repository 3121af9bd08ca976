"""From sheets to entries: which shapes stand on a sheet, and what they add up to."""
