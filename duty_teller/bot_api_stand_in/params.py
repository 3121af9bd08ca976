"""A call's parameters, from a query string and a JSON, form or multipart body."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl, unquote

from duty_teller.bot_api_stand_in.refusals import Json, Refusal, bad_request

MAX_BODY = 50 * 1024 * 1024 + 64 * 1024
_BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^;\s]+))')
_FIELD = re.compile(r'\b(name|filename)="([^"]*)"')
_JSON_FIELDS = (
    "reply_markup",
    "entities",
    "caption_entities",
    "allowed_updates",
    "commands",
    "scope",
    "results",
    "button",
    "menu_button",
    "reply_parameters",
    "link_preview_options",
    "message_ids",
    "rights",
)
_NUMBERS = ("chat_id", "message_id", "message_thread_id", "user_id", "offset", "limit", "timeout", "cache_time")
_TEXTS = ("text", "caption", "description", "short_description", "name")


class Upload:
    """A file inside a multipart body."""

    def __init__(self, name: str, mime_type: str, data: bytes) -> None:
        self.name = name
        self.mime_type = mime_type
        self.data = data


class Params:
    """The parameters of one call; numbers and booleans may come as text, as Telegram takes them."""

    def __init__(self, values: Json, uploads: dict[str, Upload]) -> None:
        self.values = {key: self._decoded(key, value) for key, value in values.items()}
        self.uploads = uploads

    @staticmethod
    def _decoded(key: str, value: Any) -> Any:
        if key in _JSON_FIELDS and isinstance(value, str) and value:
            try:
                return json.loads(value)
            except ValueError:
                names = {"reply_markup": "reply keyboard markup", "scope": "BotCommandScope"}
                raise bad_request(f"can't parse {names.get(key, key)} JSON object") from None
        return value

    def get(self, name: str) -> Any:
        """The value as it came, None when it is missing."""
        return self.values.get(name)

    def text(self, name: str) -> str:
        """The value as text, empty when it is missing."""
        value = self.values.get(name)
        return "" if value is None else value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """The value as a whole number; Telegram takes what it can't read for missing."""
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def boolean(self, name: str) -> bool:
        """Whether the value says yes."""
        return str(self.values.get(name, "")).lower() in ("true", "yes", "1")

    def logged(self) -> Json:
        """The parameters for the log: numbers and booleans as such however they came, files as their name and size."""
        shown: Json = {}
        for key, value in self.values.items():
            if key in _NUMBERS and isinstance(value, str) and re.fullmatch(r"-?\d+", value):
                value = int(value)
            elif key not in _TEXTS and value in ("true", "false"):
                value = value == "true"
            shown[key] = value
        return {**shown, **{key: {"file_name": u.name, "size": len(u.data)} for key, u in self.uploads.items()}}


def read_params(query: str, content_type: str, body: bytes) -> Params:
    """Read a request.

    Raises:
        Refusal: the body can't be read.
    """
    values: Json = dict(parse_qsl(query, keep_blank_values=True))
    uploads: dict[str, Upload] = {}
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json" and body.strip():
        try:
            decoded = json.loads(body)
        except ValueError:
            decoded = None
        if not isinstance(decoded, dict):
            raise Refusal(400, "Bad Request: can't parse JSON object")
        values.update({key: value for key, value in decoded.items() if value is not None})
    elif kind == "application/x-www-form-urlencoded":
        values.update(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    elif kind == "multipart/form-data":
        _read_multipart(content_type, body, values, uploads)
    return Params(values, uploads)


def _read_multipart(content_type: str, body: bytes, values: Json, uploads: dict[str, Upload]) -> None:
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise bad_request("can't find boundary in the request")
    mark = b"\r\n--" + (found[1] or found[2]).encode()
    for part in (b"\r\n" + body).split(mark)[1:-1]:
        head, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        lines = (line.partition(":") for line in head.decode(errors="replace").split("\r\n"))
        headers = {name.strip().lower(): value.strip() for name, _, value in lines}
        fields = dict(_FIELD.findall(headers.get("content-disposition", "")))
        name = fields.get("name", "")
        if "filename" in fields:
            mime = headers.get("content-type", "application/octet-stream")
            uploads[name] = Upload(unquote(fields["filename"]), mime, data)
        else:
            values[name] = data.decode(errors="replace")
