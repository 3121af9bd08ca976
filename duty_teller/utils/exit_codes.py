"""How the process ends: the codes of sysexits.h, and one of our own. docs/command-line.md lists them."""

from typing import Final

OK: Final = 0
FAILURE: Final = 1
QUESTIONS: Final = 2
"""`import` has open questions."""
USAGE: Final = 64
DATA: Final = 65
"""A roster file that cannot be taken, or a database that is damaged or not ours (a newer one: CONFIGURATION)."""
NO_INPUT: Final = 66
"""A file that cannot be read, or a database that is missing where there was one."""
UNAVAILABLE: Final = 69
"""The database server cannot be reached."""
CANNOT_CREATE: Final = 73
"""A file or folder that cannot be made or written."""
IO: Final = 74
"""The disk is full or fails."""
TEMPORARY: Final = 75
"""Somebody else keeps the database locked, or the service runs while a backup is to be restored."""
NO_PERMISSION: Final = 77
CONFIGURATION: Final = 78
"""A restart mends nothing: the service manager should leave it."""
DATABASE_GONE: Final = 79
"""The database file was removed or replaced under the running process."""
