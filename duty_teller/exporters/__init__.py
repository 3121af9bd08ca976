"""Writers: a schedule as dataclasses in, the bytes of a file out. No database, no clock, no Telegram."""
