"""What the Mini App makes a phone load: files over the wire, as a browser asks for them."""

import re
import urllib.request
from pathlib import Path
from posixpath import join, normpath

from processes import product
from sample import Sample, scratch
from table import Row

# What the page refers to: style, icon, modules, and the modules' own imports. The Telegram script is not ours.
_REFERENCES = re.compile(
    rb"""(?:<script[^>]*\ssrc|<link[^>]*\shref)="([^"]+)"|(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}/[^"']+|/[^"']+)["']"""
)


def _load(port: int, path: str) -> tuple[int, bytes]:
    """Returns the bytes on the wire and the text of a file."""
    plain = urllib.request.Request(f"http://127.0.0.1:{port}{path}")
    packed = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(packed, timeout=5) as answer:
        wire = len(answer.read())
    with urllib.request.urlopen(plain, timeout=5) as answer:
        return wire, answer.read()


def measure(folder: Path) -> list[Row]:
    """Loads the page and everything it refers to."""
    sample = Sample(scratch(folder, "page"))
    sample.close()
    loaded: dict[str, int] = {}
    with product(sample.folder) as (port, _, _):
        waiting = ["/"]
        while waiting:
            path = waiting.pop()
            if path in loaded:
                continue
            loaded[path], text = _load(port, path)
            for groups in _REFERENCES.findall(text):
                reference = next(filter(None, groups)).decode()
                if not re.match(r"[a-z]+:|//|data:", reference):
                    waiting.append(
                        normpath(join(path if path.endswith("/") else path.rsplit("/", 1)[0] + "/", reference))
                    )
    size, requests = sum(loaded.values()) / 1000, len(loaded)
    return [
        Row("Mini App, bytes on the wire", "", f"{size:.0f} KB", None, "≤ 60 KB", size <= 60),
        Row("  requests, those for data aside", "", str(requests), None, "≤ 12 with 3 for data", requests + 3 <= 12),
    ]
