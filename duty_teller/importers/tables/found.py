"""What the tables of a file add up to."""

from dataclasses import dataclass, field

from duty_teller.importers.model import Block, Entry
from duty_teller.importers.problems import Problem
from duty_teller.importers.words.contacts import People


@dataclass(slots=True)
class Found:
    """What the tables of a file add up to."""

    people: People = field(default_factory=People)
    blocks: list[Block] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    rows: int = 0
    cells: int = 0
