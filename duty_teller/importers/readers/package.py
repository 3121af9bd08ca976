"""Office files are archives of XML parts: which parts are there, whatever their writer called them.

Programs differ in the case of names (`xl/SharedStrings.xml`, `xl/worksheets/Sheet1.xml`), in slashes, and in whether a
part is named from the root or from the part that mentions it. None of that decides whether a file opens.
"""

import posixpath
from collections.abc import Iterator
from functools import lru_cache
from typing import IO, Any, Final
from xml.etree.ElementTree import Element
from zipfile import ZipFile, ZipInfo

from duty_teller.importers import limits
from duty_teller.importers.problems import RosterFileError


class MissingPartError(ValueError):
    """A part that another one needs is not in the archive."""


class Package:
    """The parts of an archive, found by name without regard to case and slashes."""

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self.parts: dict[str, ZipInfo] = {}
        for item in archive.infolist():
            self.parts.setdefault(_key(item.filename), item)

    def __contains__(self, name: str) -> bool:
        return _key(name) in self.parts

    def open(self, name: str) -> IO[bytes]:
        """Opens a part.

        Raises:
            MissingPartError: It is not there.
        """
        item = self.parts.get(_key(name))
        if item is None:
            raise MissingPartError(name)
        return self.archive.open(item)

    def xml(self, name: str) -> Element:
        """Returns the root of a small part; entities and outside references are refused (defusedxml).

        Raises:
            MissingPartError: It is not there.
            Exception: It is no XML.
        """
        from defusedxml.ElementTree import parse

        with self.open(name) as source:
            root: Element = parse(source).getroot()
        return root

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Returns what a part refers to: id → (last word of the kind, name of the part); nothing if it has no list."""
        folder, file = posixpath.split(name)
        listed = f"{folder}/_rels/{file}.rels"
        if listed not in self:
            return {}
        found = {}
        for element in self.xml(listed):
            if element.get("TargetMode") == "External":
                continue
            target = (element.get("Target") or "").replace("\\", "/")
            kind = (element.get("Type") or "").rsplit("/", 1)[-1]
            found[element.get("Id") or ""] = (kind, posixpath.normpath(posixpath.join("/", folder, target)))
        return found

    def check(self) -> None:
        """Refuses what is locked or unpacks to more than allowed, before anything is parsed.

        Raises:
            RosterFileError: See there.
        """
        items = self.archive.infolist()
        if any(item.flag_bits & 1 for item in items):
            raise RosterFileError.of("import.file.password")
        if sum(item.file_size for item in items) > limits.MAX_UNZIPPED_BYTES:
            raise RosterFileError.of("import.file.too_big_unzipped", limit=limits.MAX_UNZIPPED_BYTES // 1024**2)


def _key(name: str) -> str:
    return name.replace("\\", "/").strip("/").casefold()


@lru_cache(maxsize=512)
def local(tag: Any) -> str:
    """Returns the name of an element without its namespace; Strict and usual files differ in nothing else."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str | None:
    """Returns an attribute by its name without namespace."""
    return next((value for key, value in element.attrib.items() if local(key) == name), None)


def children(element: Element, *names: str) -> Iterator[Element]:
    """Yields the children with one of some names, those inside wrappers of compatibility included."""
    for child in element:
        name = local(child.tag)
        if name in names:
            yield child
        elif name in _WRAPPERS:
            yield from children(child, *names)


_WRAPPERS: Final = ("AlternateContent", "Fallback")
