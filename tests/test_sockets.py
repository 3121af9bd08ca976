"""Listening sockets."""

import asyncio
import socket
from pathlib import Path

import pytest

from duty_teller.utils.sockets import ListenError, address_of, listen


async def test_listen_accepts_without_nagles_delay() -> None:
    listener = listen("127.0.0.1", 0)
    accepted: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def look(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    server = await asyncio.start_server(look, sock=listener)
    async with server:
        _reader, writer = await asyncio.open_connection(*listener.getsockname())
        assert await accepted == 1
        writer.close()
        await writer.wait_closed()


def test_listen_names_its_protocol() -> None:
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_unix_socket_is_open_to_the_proxy_and_replaces_one_that_nobody_listens_on(tmp_path: Path) -> None:
    path = tmp_path / "http.sock"
    address = f"unix:{path}"
    with listen(address, 0) as first:
        assert address_of(first) == address
        assert path.stat().st_mode & 0o777 == 0o666
        with pytest.raises(ListenError, match="Address already in use"):
            listen(address, 0)
    with listen(address, 0) as again, socket.socket(socket.AF_UNIX) as proxy:  # the first left its file behind
        proxy.connect(str(path))
        again.accept()[0].close()


def test_unix_socket_takes_no_file_of_somebody_elses(tmp_path: Path) -> None:
    path = tmp_path / "http.sock"
    path.write_text("mine")
    with pytest.raises(ListenError):
        listen(f"unix:{path}", 0)
    assert path.read_text() == "mine"
