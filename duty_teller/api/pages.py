"""The Mini App's files and texts, with the headers that Telegram's web client needs and nobody else can use."""

import gzip
from functools import cache
from pathlib import Path
from typing import Final

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from duty_teller.i18n import normalize_lang
from duty_teller.i18n.core import catalogue

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
async def index() -> FileResponse:
    """Serves the page."""
    return FileResponse(WEBAPP / "index.html", headers=PAGE_HEADERS)


@router.get("/api/messages")
async def messages(request: Request, lang: str = "en") -> Response:
    """Returns all texts of the page in a language; they are no secret."""
    headers = {"Cache-Control": "public, max-age=300", "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
    body = _texts(normalize_lang(lang))
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = _zipped(body)
        headers["Content-Encoding"] = "gzip"
    return Response(body, headers=headers, media_type="application/json")


@cache
def _texts(lang: str) -> bytes:
    return orjson.dumps(
        {key: forms.get(lang) or forms["en"] for key, forms in catalogue().items() if key.startswith("app.")}
    )


@cache
def _zipped(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
