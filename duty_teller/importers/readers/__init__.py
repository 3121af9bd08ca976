"""File formats: bytes in, sheets or entries out."""
