"""The Mini App's files and texts, with the headers that Telegram's web client needs and nobody else can use."""

import gzip
from functools import cache
from html import escape
from pathlib import Path
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Depends, Request, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from duty_teller.api.dependencies import get_state
from duty_teller.api.public_path import prefix_of
from duty_teller.api.state import ApiState
from duty_teller.i18n import LANGUAGES, normalize_lang, t
from duty_teller.i18n.core import catalogue
from duty_teller.i18n.lang import table

WEBAPP: Final = Path(__file__).resolve().parents[1] / "webapp"

PAGE_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self' https://telegram.org; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; "
    "frame-ancestors https://web.telegram.org https://*.telegram.org",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
"""No X-Frame-Options: it knows no second origin, and Telegram's web client shows the page in a frame."""

_EMERGENCY: Final = ("app.error.server.title", "app.error.server.text", "app.error.code", "app.retry")

router = APIRouter(include_in_schema=False)


class AppFiles(StaticFiles):
    """Static files with the page's headers."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one file."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {key for key, _value in message["headers"]}
                extra = [(k.lower().encode(), v.encode()) for k, v in PAGE_HEADERS.items()]
                message["headers"] = [*message["headers"], *(pair for pair in extra if pair[0] not in present)]
            await send(message)

        await super().__call__(scope, receive, with_headers)


@router.get("/")
@router.get("/app")
@router.get("/app/")
async def index(state: Annotated[ApiState, Depends(get_state)]) -> Response:
    """Serves the page."""
    return Response(page(prefix_of(state.settings.mini_app_base_url)), headers=PAGE_HEADERS, media_type="text/html")


@router.get("/sw.js")
async def worker() -> Response:
    """Serves the service worker: from the root, because it may keep only what lies below its own address."""
    return Response((WEBAPP / "sw.js").read_bytes(), headers=PAGE_HEADERS, media_type="text/javascript")


@cache
def page(prefix: str = "") -> bytes:
    """Returns the page, with the few texts in it that have to be there when the server is not.

    Args:
        prefix: Path under which the public knows us; everything else of the page is relative to its modules.
    """
    texts = {lang: {key: t(lang, key) for key in _EMERGENCY} for lang in LANGUAGES}
    html = (WEBAPP / "index.html").read_text("utf-8").replace('"/app/', f'"{escape(prefix)}/app/')
    return html.replace('"{}"', f'"{escape(orjson.dumps(texts).decode())}"').encode()


@router.get("/api/messages")
async def messages(request: Request, lang: str = "en") -> Response:
    """Returns the table of a language and all texts of the page in it; they are no secret."""
    headers = {"Cache-Control": "public, max-age=300", "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
    body = _texts(normalize_lang(lang))
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = _zipped(body)
        headers["Content-Encoding"] = "gzip"
    return Response(body, headers=headers, media_type="application/json")


@cache
def _texts(lang: str) -> bytes:
    texts = {key: forms.get(lang) or forms["en"] for key, forms in catalogue().items() if key.startswith("app.")}
    return orjson.dumps({"language": table(lang).for_page(lang), "texts": texts})


@cache
def _zipped(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
