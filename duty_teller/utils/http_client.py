"""Fetches a file that somebody else serves: whatever the other side does, it costs us bounded time and memory.

Addresses are looked up once, checked, and connected to as they are (no second look-up could give another one), at each
redirect anew; proxies of the environment are not used, they would look up by themselves. Addresses are secrets: no
error and no log line holds one.
"""

import asyncio
import base64
import ipaddress
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpcore
import httpx

from duty_teller import __version__
from duty_teller.utils import tls
from duty_teller.utils.web_address import PORTS, FetchError, Known

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Awaitable[list[str]]]

_USER_AGENT: Final = f"duty-teller/{__version__}"
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_WINDOW: Final = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
_PIECE: Final = 64 * 1024


async def look_up(host: str, port: int) -> list[str]:
    """Returns the addresses of a host, as the system knows them.

    Raises:
        OSError: There are none.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Limits:
    """What a fetch may cost.

    Attributes:
        seconds: In all, whatever the server is slow with.
        size: Bytes of the body, compressed and unpacked.
        redirects: How many are followed.
        networks: Addresses that are allowed though they are not public.
        resolve: Looks a host up.
    """

    seconds: float = 30.0
    size: int = 5 * 2**20
    redirects: int = 5
    networks: tuple[Network, ...] = ()
    resolve: Resolve = field(default=look_up)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer.

    Attributes:
        body: Unpacked; None: what one has still holds.
        known: To be sent at the next time.
        charset: As the server says; empty: it does not.
    """

    body: bytes | None
    known: Known
    charset: str = ""


def is_allowed(address: str, networks: Iterable[Network] = ()) -> bool:
    """Tells whether an address may be connected to: a public one, or one of the networks that were allowed.

    Loopback, private, link-local, shared (CGNAT), multicast and unspecified ones are not public, in whichever IPv6 form
    an IPv4 address is written (mapped, 6to4, Teredo, NAT64).
    """
    try:
        found: Address = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_allowed(str(inner), networks)
    if any(found.version == network.version and found in network for network in networks):
        return True
    return found.is_global and not found.is_multicast


def _parsed(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise FetchError("fetch.address") from error
    if url.scheme not in PORTS or not url.raw_host:
        raise FetchError("fetch.address")
    return url


class _Pinned(httpcore.AsyncNetworkBackend):
    """Connects to checked addresses alone."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the library's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Looks a host up, refuses it where any of its addresses is not allowed, and connects to one that answers.

        Raises:
            FetchError: `fetch.private`, `fetch.no_answer`.
        """
        name = host.strip("[]")
        try:
            addresses = await self._limits.resolve(name, port)
        except (OSError, UnicodeError) as error:
            raise FetchError("fetch.no_answer") from error
        if not all(is_allowed(address, self._limits.networks) for address in addresses):
            raise FetchError("fetch.private")
        last: Exception | None = None
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, timeout=self._limits.seconds / 3)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise FetchError("fetch.no_answer") from last

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        await asyncio.sleep(seconds)


async def fetch(address: str, known: Known | None = None, limits: Limits | None = None) -> Fetched:
    """Fetches a file.

    Args:
        address: http or https; a name and password in it are sent to that host alone.
        known: Of the copy one has; None: there is none.
        limits: What it may cost.

    Raises:
        FetchError: Whatever went wrong.
    """
    limits, known = limits or Limits(), known or Known()
    try:
        async with asyncio.timeout(limits.seconds):
            return await _follow(_parsed(address), known, limits)
    except TimeoutError as error:
        raise FetchError("fetch.slow", seconds=round(limits.seconds)) from error
    except (httpcore.TimeoutException, httpcore.NetworkError) as error:
        is_of_tls = isinstance(error.__cause__ or error.__context__, ssl.SSLError)
        raise FetchError("fetch.tls" if is_of_tls else "fetch.no_answer") from error
    except (httpcore.ProtocolError, zlib.error) as error:
        raise FetchError("fetch.broken") from error


async def _follow(url: httpx.URL, known: Known, limits: Limits) -> Fetched:
    first = url
    async with httpcore.AsyncConnectionPool(
        ssl_context=tls.context(), network_backend=_Pinned(limits), max_connections=1, max_keepalive_connections=0
    ) as pool:
        for _hop in range(limits.redirects + 1):
            headers = _headers(
                url, known, (url.scheme, url.raw_host, url.port) == (first.scheme, first.raw_host, first.port)
            )
            async with pool.stream("GET", _target(url), headers=headers) as response:
                given = {name.lower().decode("latin-1"): value.decode("latin-1") for name, value in response.headers}
                if response.status not in _MOVED or "location" not in given:
                    return await _read(response, given, known, limits)
            userinfo = url.userinfo
            url = _joined(url, given["location"])
            if userinfo and url.host == first.host and not url.userinfo:
                url = url.copy_with(userinfo=userinfo)
    raise FetchError("fetch.redirects", limit=limits.redirects)


def _joined(url: httpx.URL, location: str) -> httpx.URL:
    try:
        joined = str(url.join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("fetch.address") from error
    return _parsed(joined)


def _target(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port or PORTS[url.scheme], target=url.raw_path
    )


def _headers(url: httpx.URL, known: Known, own: bool) -> list[tuple[bytes, bytes]]:
    headers = [
        (b"Host", url.netloc),
        (b"User-Agent", _USER_AGENT.encode()),
        (b"Accept", b"text/calendar, */*;q=0.5"),
        (b"Accept-Encoding", b"gzip, deflate"),
    ]
    if url.userinfo and own:
        headers.append((b"Authorization", b"Basic " + base64.b64encode(f"{url.username}:{url.password}".encode())))
    if known.etag:
        headers.append((b"If-None-Match", known.etag.encode("latin-1", "replace")))
    if known.last_modified:
        headers.append((b"If-Modified-Since", known.last_modified.encode("latin-1", "replace")))
    return headers


async def _read(response: httpcore.Response, given: Mapping[str, str], known: Known, limits: Limits) -> Fetched:
    if response.status == 304 and known != Known():
        return Fetched(None, known)
    if response.status != 200:
        raise FetchError("fetch.status", status=response.status)
    length = given.get("content-length", "")
    if length.isdecimal() and int(length) > limits.size:
        raise FetchError("fetch.too_large", limit=limits.size // 2**20 or 1)
    body = bytearray()
    async for piece in _unpacked(response.aiter_stream(), given.get("content-encoding", ""), limits):
        body += piece
    now = Known(given.get("etag", "")[:500], given.get("last-modified", "")[:100])
    _type, _found, charset = given.get("content-type", "").lower().partition("charset=")
    return Fetched(bytes(body), now, charset.split(";")[0].strip(" \"'"))


async def _unpacked(stream: AsyncIterator[bytes], encoding: str, limits: Limits) -> AsyncIterator[bytes]:
    """Yields the body in pieces; of a bomb no more than the limit is ever unpacked."""
    name = encoding.strip().lower()
    if name not in {"", "identity", *_WINDOW}:
        raise FetchError("fetch.broken")
    unpacker = zlib.decompressobj(_WINDOW[name]) if name in _WINDOW else None
    packed = size = 0
    async for piece in stream:
        packed += len(piece)
        rest = piece
        while rest:
            part = unpacker.decompress(rest, _PIECE) if unpacker is not None else rest
            rest = unpacker.unconsumed_tail if unpacker is not None else b""
            size += len(part)
            if max(packed, size) > limits.size:
                raise FetchError("fetch.too_large", limit=limits.size // 2**20 or 1)
            yield part
    if unpacker is not None and not unpacker.eof:
        raise FetchError("fetch.broken")
