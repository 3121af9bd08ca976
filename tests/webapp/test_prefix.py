"""The service below a path of somebody else's host: in Chromium, and behind the reverse proxies of our recipes."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote, urlencode

import httpx
import pytest
from playwright.sync_api import expect

from duty_teller.db.models import LinkScope
from duty_teller.services.feeds import links
from tests.api.conftest import serve
from tests.house import ALICE, SECRET, House, duty
from tests.missing import missing
from tests.ports import free_port
from tests.webapp.conftest import OpenPage, Watch

RECIPES = (Path(__file__).parents[2] / "docs/public-address.md").read_text("utf-8")


@contextmanager
def below(prefix: str, cut: bool) -> Iterator[tuple[str, Callable[[str], None]]]:
    """A reverse proxy that has nothing outside `prefix`; gives its address, and a function that says what is behind."""
    behind = [""]

    class Passing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            inside = self.path.split("?")[0] == prefix or self.path.startswith(prefix + "/")
            if not inside:
                self.send_error(404, "not ours")
                return
            connection = HTTPConnection(behind[0].removeprefix("http://"), timeout=20)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = (self.path.removeprefix(prefix) or "/") if cut else self.path
            connection.request(self.command, path, body, dict(self.headers))
            answer = connection.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "connection", "date"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            connection.close()

        do_GET = do_POST = pass_on  # noqa: N815  # the library's names

        def log_message(self, *_: object) -> None:
            """Keeps silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{prefix}", lambda url: behind.__setitem__(0, url)
    finally:
        server.shutdown()
        server.server_close()


def launched(house: House, address: str) -> str:
    """The address with launch data in its fragment, as Telegram opens it."""
    return f"{address}#{urlencode({'tgWebAppData': house.init_data(ALICE)}, quote_via=quote)}"


def feed_path(house: House) -> str:
    token = house.write(lambda s: links.get_token(s, SECRET, house.dan, LinkScope.PERSONAL, house.clock.now))
    return f"/api/calendar/ical/{token}.ics"


@pytest.mark.parametrize(
    ("prefix", "cut", "opened"),
    [("/duty", True, "/"), ("/team/on call", False, ""), ("/app", True, "/")],
)
def test_mini_app_below_a_prefix_is_whole_with_and_without_a_network(
    house: House, open_page: OpenPage, watch: Watch, prefix: str, cut: bool, opened: str
) -> None:
    """Its modules, texts and answers were asked for at the host's root: the page stayed blank."""
    house.put(duty(house.dan, "2026-11-23"), duty(house.alice, "2026-11-24"))
    with below(quote(prefix), cut) as (public, leads_to):
        with serve(house, replace(house.settings, mini_app_base_url=public)) as web:
            leads_to(web.url)
            page = open_page(launched(house, public + opened), wait=".card .name", keeps_files=True)
            expect(page.locator(".card .person .name").first).to_have_text("Dan Duty")
            assert page.url.split("#")[0] == public + "/"
            for tab, content in (("Month", ".grid .day"), ("Team", "#team li"), ("Mine", "#mine:not([hidden])")):
                page.get_by_role("button", name=tab, exact=True).click()
                expect(page.locator(content).first).to_be_visible()
            scope = page.evaluate("navigator.serviceWorker.ready.then(({scope}) => scope)")
            assert scope == public + "/"
            kept = page.evaluate("Object.keys(localStorage)")
            assert kept and all(key.endswith(f"{quote(prefix)}/") for key in kept)  # apart from a neighbour's
            page.reload()
            page.wait_for_selector("#app:not([aria-busy])")
        page.wait_for_function("navigator.serviceWorker.controller")
        assert not watch.errors
        page.context.set_offline(True)
        page.reload()
        expect(page.locator("#notice span")).to_contain_text("Showing data from")


def check(house: House, public: str) -> None:
    """What a phone and a calendar program ask for below a public address."""
    with httpx.Client(timeout=20, verify=False) as client:
        prefix = httpx.URL(public).raw_path.decode().rstrip("/")
        html = client.get(f"{public}/").text
        paths = re.findall(r'(?:src|href)="(/[^"]+)"', html)
        assert paths and all(path.startswith(f"{prefix}/app/") for path in paths)
        host = str(httpx.URL(public).copy_with(raw_path=b"/")).rstrip("/")
        assert {client.get(host + path).status_code for path in paths} == {200}
        me = client.get(f"{public}/api/me/", headers={"X-Telegram-Init-Data": house.init_data(ALICE)})
        assert (me.status_code, me.json()["full_name"]) == (200, "Alice Admin")
        assert client.get(f"{public}{feed_path(house)}").text.startswith("BEGIN:VCALENDAR")
        assert client.get(f"{public}/healthz").json()["web"] == {"state": "serving"}
        moved = client.get(public, headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"})
        while moved.is_redirect:
            assert "evil" not in moved.headers["location"]
            moved = client.get(moved.url.join(moved.headers["location"]))
        assert moved.text == html
        assert moved.url.path.endswith("/")


def recipes() -> list[tuple[str, str]]:
    return re.findall(r"```(caddy|nginx)\n(.*?)```", RECIPES, re.S)


def settled(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        with socket.socket() as knocking:
            if knocking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(log.read_text())


@contextmanager
def proxy(folder: Path, program: str, recipe: str, upstream: str, port: int) -> Iterator[None]:
    """Runs a recipe of the docs with the real program; only addresses and certificates are replaced."""
    found = shutil.which(program)
    if found is None:
        missing(program, f"Debian: {program}")
    assert "127.0.0.1:8080" in recipe
    recipe = recipe.replace("127.0.0.1:8080", upstream if program == "caddy" else upstream.replace("unix/", "unix:"))
    path, log = folder / "proxy.conf", folder / "proxy.log"
    if program == "caddy":
        body = re.sub(r"^\S+ \{", f"http://127.0.0.1:{port} {{", recipe)
        path.write_text("{\n\tadmin off\n\tauto_https off\n}\n" + body)
        command = [found, "run", "--adapter", "caddyfile", "--config", str(path)]
    else:
        body = re.sub(r"\tssl_\w+ [^;]*;\n", "", recipe).replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        main = f"daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\n"
        path.write_text(f"{main}http {{\naccess_log off;\n{temporary}{body}}}\n")
        command = [found, "-c", str(path), "-p", str(folder), "-e", "stderr"]
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "PATH": os.environ["PATH"]}
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder, env=home)
    try:
        settled(process, port, log)
        yield
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.parametrize(("program", "recipe"), recipes())
def test_recipe_of_the_docs_serves_everything(house: House, tmp_path: Path, program: str, recipe: str) -> None:
    port = free_port()
    public = f"http://127.0.0.1:{port}" + ("/duty" if "/duty" in recipe else "")
    with serve(house, replace(house.settings, mini_app_base_url=public)) as web:
        with proxy(tmp_path, program, recipe, web.url.removeprefix("http://"), port):
            check(house, public)
        check(house, web.url + public.removeprefix(f"http://127.0.0.1:{port}"))


def test_recipes_cover_each_proxy_with_a_host_and_both_ways_of_a_path() -> None:
    assert [program for program, _recipe in recipes()] == ["caddy"] * 3 + ["nginx"] * 3
