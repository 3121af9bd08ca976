"""How much a roster file may hold: beyond these it is refused before anything expensive happens."""

from typing import Final

MAX_FILE_BYTES: Final = 5 * 1024 * 1024
MAX_UNZIPPED_BYTES: Final = 50 * 1024 * 1024
MAX_SHEETS: Final = 24
MAX_CELLS: Final = 50_000
"""Filled cells of the whole file; a merged cell counts once for every day and person it covers."""
MAX_PEOPLE: Final = 500
MAX_DAYS: Final = 400
"""Days from the first to the last day of the file, both included."""
MAX_NAME: Final = 100
"""Characters of a person's name."""
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2099
"""The years a roster may be about; anything else in a cell is a typing slip."""
