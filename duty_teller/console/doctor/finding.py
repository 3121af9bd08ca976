"""What a look at an installation has found."""

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How bad it is; the worst is the command's exit code, as monitoring plug-ins have it."""

    OK = 0
    WARNING = 1
    FAULT = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        level: How bad it is.
        topic: What was looked at, in a word or two.
        text: What is so.
        todo: What to do; empty where nothing is to be done.
    """

    level: Level
    topic: str
    text: str
    todo: str = ""


def ok(topic: str, text: str) -> Finding:
    """Makes a finding of something that is as it should be."""
    return Finding(Level.OK, topic, text)


def warning(topic: str, text: str, todo: str) -> Finding:
    """Makes a finding of something that will be trouble."""
    return Finding(Level.WARNING, topic, text, todo)


def fault(topic: str, text: str, todo: str) -> Finding:
    """Makes a finding of something that does not work."""
    return Finding(Level.FAULT, topic, text, todo)
