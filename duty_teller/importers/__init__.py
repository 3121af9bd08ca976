"""Pure roster file readers: bytes in, frozen dataclasses out."""
