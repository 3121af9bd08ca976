"""What the Mini App makes a phone load: files over the wire, as a browser asks for them."""

import gzip
import re
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from posixpath import join, normpath

from processes import product
from sample import ADMIN_ID, TOKEN, month_range, one_month, scratch
from table import Row

from duty_teller.bot_api_stand_in.launch import sign_init_data

# What the page refers to: style, icon, modules, and the modules' own imports. The Telegram script is not ours.
_REFERENCES = re.compile(
    rb"""(?:<script[^>]*\ssrc|<link[^>]*\shref)="([^"]+)"|(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}/[^"']+|/[^"']+)["']"""
)


def _load(port: int, path: str, auth: str) -> tuple[int, bytes]:
    """Returns the bytes of the body on the wire, and the text of it."""
    headers = {"X-Telegram-Init-Data": auth, "Accept-Encoding": "gzip"}
    with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)) as answer:
        body = answer.read()
        return len(body), gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body


def measure(folder: Path) -> list[Row]:
    """Loads the page, everything it refers to, and the data of a month of 93 duties."""
    sample = one_month(scratch(folder, "page"))
    sample.close()
    auth = sign_init_data(TOKEN, {"id": ADMIN_ID, "first_name": "Alice"}, datetime.now(UTC))
    loaded: dict[str, int] = {}
    with product(sample.folder) as (port, _, _):
        waiting = ["/"]
        while waiting:
            path = waiting.pop()
            if path in loaded:
                continue
            loaded[path], text = _load(port, path, auth)
            base = path if path.endswith("/") else path.rsplit("/", 1)[0] + "/"
            for groups in _REFERENCES.findall(text):
                reference = next(filter(None, groups)).decode()
                if not re.match(r"[a-z]+:|//|data:", reference):
                    waiting.append(normpath(join(base, reference)))
        for path in ("/api/me", "/api/now", "/api/messages?lang=ru", month_range()):
            loaded[path] = _load(port, path, auth)[0]
    size, requests = sum(loaded.values()) / 1000, len(loaded)
    return [
        Row("Mini App with a month of data, on the wire", "", f"{size:.0f} KB", None, "≤ 60 KB", size <= 60),
        Row("  requests", "", str(requests), None, "≤ 12", requests <= 12),
    ]
