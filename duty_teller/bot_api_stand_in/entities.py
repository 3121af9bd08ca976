"""Text as Telegram keeps it: plain text and entities, whose offsets and lengths count UTF-16 code units."""

import html
import re
from dataclasses import dataclass

from duty_teller.bot_api_stand_in.refusals import Json, bad_request

MAX_TEXT = 4096
_MAX_SOURCE_BYTES = 1 << 15
_TAG_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_HTML_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
_TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")
"""How clients write a date_time (core.telegram.org/bots/api#date-time-entity-formatting); empty: as it stands."""
_LAST_UNIX_TIME = 2**31 - 1
_MAX_ENTITIES = 100
"""Of a message; Telegram drops what comes after."""
_LITERALS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,7})|#([0-9]{1,7})|([a-zA-Z]+));?")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_FOUND = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"']*[^\s<>\"'.,:;!?)\]}]|\bt\.me/[A-Za-z0-9_+/?=&-]+)"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b)"
    r"|(?<![\w/@<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/@])"
    r"|(?<![\w/@])(?P<mention>@[A-Za-z0-9_]{4,32})(?![\w@])"
    r"|(?<![\w#&/])(?P<hashtag>\#[^\W\d]\w{0,255})"
    r"|(?<![\w+])(?P<phone_number>\+\d[\d\s()-]{7,18}\d)(?!\w)"
)


def utf16_length(text: str) -> int:
    """The length of `text` as Telegram counts it."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


@dataclass
class _OpenTag:
    name: str
    argument: str
    offset: int
    start: int
    more: str = ""


class _Reader:
    """Reads Telegram's HTML; every error names the offset in bytes of the source, as Telegram does."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.plain: list[str] = []
        self.length = 0  # UTF-16 units written so far
        self.open: list[_OpenTag] = []
        self.entities: list[Json] = []

    def fail(self, text: str, position: int | None = None) -> Exception:
        where = "" if position is None else f" at byte offset {len(self.source[:position].encode())}"
        return bad_request(f"can't parse entities: {text}{where}")

    def peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def skip_spaces(self) -> None:
        while self.peek().isspace():
            self.at += 1

    def take_until(self, stops: str) -> str:
        begin = self.at
        while self.peek() and not self.peek().isspace() and self.peek() not in stops:
            self.at += 1
        return self.source[begin : self.at]

    def write(self, text: str) -> None:
        self.plain.append(text)
        self.length += utf16_length(text)

    def reference(self) -> str | None:
        """The character of the reference at the current place, or None when it is just an ampersand."""
        found = _REFERENCE.match(self.source, self.at)
        if found is None:
            return None
        hexadecimal, decimal, literal = found.groups()
        if literal:
            character = _LITERALS.get(literal)
        else:
            code = int(hexadecimal, 16) if hexadecimal else int(decimal)
            character = chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else None
        if character is not None:
            self.at = found.end()
        return character

    def read(self) -> None:
        while self.at < len(self.source):
            character = self.peek()
            if character == "&" and (decoded := self.reference()) is not None:
                self.write(decoded)
            elif character != "<":
                self.write(character)
                self.at += 1
            elif self.source.startswith("</", self.at):
                self.end_tag()
            else:
                self.start_tag()
        if self.open:
            raise self.fail(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')

    def start_tag(self) -> None:
        begin = self.at
        self.at += 1
        name = self.take_until(">").lower()
        if not self.peek():
            raise self.fail("Unclosed start tag", begin)
        if name not in _TAG_TYPES:
            raise self.fail(f'Unsupported start tag "{name}"', begin)
        argument = more = ""
        while True:
            self.skip_spaces()
            if self.peek() == ">":
                break
            attribute, value = self.attribute(name, begin)
            if name == "a" and attribute == "href":
                argument = value
            elif name == "code" and attribute == "class" and value.startswith("language-"):
                argument = value.removeprefix("language-")
            elif name == "span" and attribute == "class" and value.startswith("tg-"):
                argument = value.removeprefix("tg-")
            elif (name, attribute) in (("tg-emoji", "emoji-id"), ("blockquote", "expandable"), ("tg-time", "unix")):
                argument = value
            elif (name, attribute) == ("tg-time", "format"):
                more = value
        if name == "span" and argument != "spoiler":
            raise self.fail('Tag "span" must have class "tg-spoiler"', begin)
        self.at += 1
        self.open.append(_OpenTag(name, argument, self.length, len(self.plain), more))

    def attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name = self.take_until("=>")
        if not name:
            raise self.fail(f'Empty attribute name in the tag "{tag}"', begin)
        self.skip_spaces()
        if self.peek() != "=":
            if tag == "blockquote" and name == "expandable":
                return name, "yes"
            raise self.fail(f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin)
        self.at += 1
        self.skip_spaces()
        quote = self.peek()
        if not quote:
            raise self.fail(f'Unclosed start tag "{tag}"', begin)
        if quote not in "'\"":
            token = _NAME_TOKEN.match(self.source, self.at)
            value_at, self.at = self.at, token.end() if token else self.at
            if self.peek() and not self.peek().isspace() and self.peek() != ">":
                raise self.fail("Unexpected end of name token", value_at)
            value = self.source[value_at : self.at].lower()
        else:
            self.at += 1
            parts: list[str] = []
            while self.peek() and self.peek() != quote:
                if self.peek() == "&" and (decoded := self.reference()) is not None:
                    parts.append(decoded)
                else:
                    parts.append(self.peek())
                    self.at += 1
            self.at += 1
            value = "".join(parts)
        if self.at >= len(self.source):
            raise self.fail("Unclosed start tag", begin)
        return name, value

    def end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise self.fail("Unexpected end tag", begin)
        self.at += 2
        name = self.take_until(">").lower()
        self.skip_spaces()
        if self.peek() != ">":
            raise self.fail("Unclosed end tag", begin)
        self.at += 1
        tag = self.open.pop()
        if name and name != tag.name:
            byte = len(self.source[:begin].encode())
            raise self.fail(f'Unmatched end tag at byte offset {byte}, expected "</{tag.name}>", found "</{name}>"')
        if self.length > tag.offset:
            self.close(tag)

    def close(self, tag: _OpenTag) -> None:
        entity: Json = {"type": _TAG_TYPES[tag.name], "offset": tag.offset, "length": self.length - tag.offset}
        if tag.name == "a":
            url = tag.argument or "".join(self.plain[tag.start :])
            person = re.fullmatch(r"tg://user\?id=(\d+)", url)
            if person:
                entity.update(type="text_mention", user={"id": int(person[1])})
            elif checked := checked_link(url):
                entity["url"] = checked
            else:
                return  # Telegram drops a link it can't use and keeps the text
        elif tag.name == "tg-emoji":
            if not tag.argument.isdigit():
                raise self.fail("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = tag.argument
        elif tag.name == "tg-time":
            if not re.fullmatch(r"[0-9]{1,10}", tag.argument) or not 0 < int(tag.argument) <= _LAST_UNIX_TIME:
                raise self.fail("Invalid Unix time specified")
            if not _TIME_FORMAT.fullmatch(tag.more):
                raise self.fail("Invalid date-time format specified")
            entity |= {"unix_time": int(tag.argument), "date_time_format": tag.more}
        elif tag.name == "blockquote" and tag.argument:
            entity["type"] = "expandable_blockquote"
        elif tag.name in ("pre", "code"):
            inner = self.entities[-1] if self.entities else {}
            covers = (inner.get("offset"), inner.get("length")) == (entity["offset"], entity["length"])
            if covers and {inner.get("type"), entity["type"]} == {"pre", "code"}:
                language = inner.pop("_language", "") or tag.argument
                inner.update({"type": "pre", "language": language} if language else {"type": "pre"})
                return
            if tag.name == "code" and tag.argument:
                entity["_language"] = tag.argument
        self.entities.append(entity)


def checked_link(url: str) -> str | None:
    """The link as Telegram would keep it, or None when it would make none (unknown scheme, a host without a dot)."""
    found = re.match(r"(?:(https?|tg|ton|tonsite)://)?([^/?#\s]+)([^\s]*)$", url.strip(), re.IGNORECASE)
    if found is None:
        return None
    scheme, host, rest = found.groups()
    if (scheme or "http").lower() in ("tg", "ton"):
        return f"{scheme}://{host}{rest}"
    if "." not in host.rpartition("@")[2].strip("."):
        return None
    return f"{scheme or 'http'}://{host}{rest or '/'}"


def _order(entities: list[Json]) -> list[Json]:
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def found_entities(text: str, taken: list[Json]) -> list[Json]:
    """What Telegram finds in plain text by itself: commands, mentions, links, addresses, tags and phone numbers.

    Args:
        text: the plain text.
        taken: entities that are already there; nothing is looked for inside code and links.
    """
    closed = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in taken
        if entity["type"] in ("code", "pre", "text_link", "text_mention")
    ]
    found: list[Json] = []
    for match in _FOUND.finditer(text):
        offset = utf16_length(text[: match.start()])
        length = utf16_length(match[0])
        if not any(begin < offset + length and offset < end for begin, end in closed):
            found.append({"type": match.lastgroup, "offset": offset, "length": length})
    return found


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Telegram's HTML parse mode: plain text and entities.

    Raises:
        Refusal: 400 "can't parse entities: …" with Telegram's own reason and byte offset.
    """
    reader = _Reader(source)
    reader.read()
    for entity in reader.entities:
        entity.pop("_language", None)
    return "".join(reader.plain), reader.entities


def _shifted(entity: Json, by: int, limit: int) -> Json | None:
    begin = max(entity["offset"] - by, 0)
    end = min(entity["offset"] + entity["length"] - by, limit)
    return {**entity, "offset": begin, "length": end - begin} if end > begin else None


def formatted(text: str, parse_mode: str | None, entities: list[Json] | None = None) -> tuple[str, list[Json]]:
    """The text and entities Telegram would store for a bot's message, trimmed as it trims.

    Raises:
        Refusal: bad markup, an unknown parse mode, or nothing left after trimming.
    """
    if len(text.encode()) > _MAX_SOURCE_BYTES:
        raise bad_request("text is too long")
    mode = (parse_mode or "").lower()
    given = list(entities or [])
    if mode == "html":
        text, given = parse_html(text)
    elif mode in ("markdown", "markdownv2"):
        raise bad_request("the stand-in reads HTML only: the bot is expected to send no Markdown")
    elif mode not in ("", "none"):
        raise bad_request("unsupported parse_mode")
    text = re.sub(r"[\x00-\x08\x0b-\x1f\t]", " ", text.replace("\r", ""))
    left = len(text) - len(text.lstrip())
    trimmed = text.strip()
    if not trimmed:
        raise bad_request("text must be non-empty")
    size = utf16_length(trimmed)
    kept = [moved for entity in given if (moved := _shifted(entity, utf16_length(text[:left]), size))]
    return trimmed, _order(kept + found_entities(trimmed, kept))[:_MAX_ENTITIES]


def to_html(text: str, entities: list[Json]) -> str:
    """The message as HTML of the Bot API's dialect, for tests that look at bold names and links."""
    units = text.encode("utf-16-le")
    styled = [entity for entity in entities if entity["type"] in _HTML_TAGS or entity["type"] == "text_link"]
    edges = sorted({0, len(units) // 2, *(e["offset"] for e in styled), *(e["offset"] + e["length"] for e in styled)})
    parts: list[str] = []
    stack: list[Json] = []
    for begin, end in zip(edges, [*edges[1:], edges[-1]], strict=True):
        active = _order([e for e in styled if e["offset"] <= begin < e["offset"] + e["length"]])
        common = 0
        while common < min(len(stack), len(active)) and stack[common] is active[common]:
            common += 1
        parts.extend(_tag(entity, closing=True) for entity in reversed(stack[common:]))
        parts.extend(_tag(entity, closing=False) for entity in active[common:])
        stack = active
        parts.append(html.escape(units[begin * 2 : end * 2].decode("utf-16-le"), quote=False))
    return "".join(parts)


def _tag(entity: Json, *, closing: bool) -> str:
    if entity["type"] == "text_link":
        return "</a>" if closing else f'<a href="{html.escape(entity["url"])}">'
    name = _HTML_TAGS[entity["type"]]
    if closing:
        return f"</{name}>"
    return f"<{name} expandable>" if entity["type"] == "expandable_blockquote" else f"<{name}>"
