"""A real HTTP server: the page's files under the real security policy, and answers of the API's shapes from memory."""

import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

import duty_teller
from duty_teller.api.pages import page
from duty_teller.i18n.core import catalogue, normalize_lang
from duty_teller.i18n.lang import table
from duty_teller.services.feeds.qr import qr_code

WEBAPP = Path(duty_teller.__file__).parent / "webapp"
CSP = (
    "default-src 'self'; script-src 'self' https://telegram.org; "
    "frame-ancestors https://web.telegram.org https://*.telegram.org; style-src 'self'"
)
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""Monday, 13:00 in Moscow."""

ALICE, DAN, BORIS, CLARA = 1, 3, 4, 5
LONG_NAME = "Константинопольский-Задунайский Александр Владимирович"
PEOPLE: dict[int, dict[str, str | None]] = {
    ALICE: {"full_name": "Alice Admin", "username": "alice", "phone": "+7 901 000-10-01"},
    DAN: {"full_name": "Dan Duty", "username": "dan", "phone": "+7 901 000-10-02"},
    BORIS: {"full_name": LONG_NAME, "username": "konst_zadun", "phone": "+7 901 000-10-04"},
    CLARA: {"full_name": "Clara Nomad", "username": None, "phone": None},
}


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def duty(number: int, person: int, start: datetime, end: datetime, **more: Any) -> dict[str, Any]:
    entry = {"id": number, "roster_id": 1, "user_id": person, **PEOPLE[person], "position": None, "note": None}
    return entry | {"start_at": stamp(start), "end_at": stamp(end), "event_type": "duty"} | more


def at(day: int, hour: int = 6, month: int = 11) -> datetime:
    """A UTC instant of 2026; 06:00 is the hand-over, 09:00 in Moscow."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def sample_month() -> list[dict[str, Any]]:
    """November 2026: whole days by turns, day and night on the 12th and 26th, one of each absence."""
    turns = (ALICE, DAN, BORIS, CLARA)
    entries = []
    for day in range(1, 31):
        start = at(day)
        if day in (12, 26):
            entries.append(duty(100 + day, DAN, start - timedelta(hours=1), start + timedelta(hours=11)))
            entries.append(duty(200 + day, BORIS, start + timedelta(hours=11), start + timedelta(hours=23)))
        else:
            person = DAN if day == 23 else turns[day % 4]
            entries.append(duty(day, person, start, start + timedelta(days=1)))
    entries.append(duty(301, CLARA, at(15, 21), at(29, 21), event_type="vacation"))
    entries.append(duty(303, BORIS, at(8, 21), at(10, 21), event_type="sick"))
    entries.append(duty(302, ALICE, at(24, 21), at(25, 21), event_type="unavailable", note="Conference"))
    next(entry for entry in entries if entry["id"] == 23)["note"] = "Release on Monday evening"
    return entries


@dataclass
class Site:
    """What the server answers, and what it was asked."""

    url: str = ""
    me: dict[str, Any] = field(default_factory=dict)
    now: dict[str, Any] = field(default_factory=dict)
    duties: list[dict[str, Any]] = field(default_factory=list)
    mine: dict[str, Any] = field(default_factory=dict)
    team: list[dict[str, Any]] = field(default_factory=list)
    balance: list[dict[str, Any]] = field(default_factory=list)
    gaps: list[dict[str, Any]] = field(default_factory=list)
    days: list[dict[str, Any]] = field(default_factory=list)
    asks: dict[int, int] = field(default_factory=dict)
    """Shift → the undecided request for it."""
    people: list[dict[str, Any]] = field(default_factory=list)
    others: dict[str, Any] = field(default_factory=dict)
    """Path → its answer, of what is asked for when a form is opened."""
    link_answer: dict[str, Any] = field(default_factory=dict)
    actions: dict[str, Any] = field(default_factory=dict)
    """Action → its answer; what was sent is in `sent`."""
    sent: list[tuple[str, str, Any]] = field(default_factory=list)
    failures: dict[str, tuple[int, Any]] = field(default_factory=dict)
    """Path → status and body; "*" stands for every /api path but the texts."""
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    """Path with query, initData and status of each answer, in order."""

    def reset(self) -> None:
        roster = {"id": 1, "name": "", "timezone": "Europe/Moscow", "handover_at": "09:00:00"}
        self.me = {"id": DAN, **PEOPLE[DAN], "role": "user", "language": "en", "on_roster": True}
        self.me |= {"rosters": [roster], "now": stamp(NOW)}
        self.duties = sample_month()
        current = [entry for entry in self.duties if entry["id"] == 23]
        following = [entry for entry in self.duties if entry["id"] == 24]
        state = {"roster_id": 1, "current": current, "next": following, "gap": None, "valid_until": stamp(at(24))}
        self.now = {"now": stamp(NOW), "rosters": [state]}

        def ahead(number: int, day: int, hours: int, asked: int | None = None) -> dict[str, Any]:
            span = {"start_at": stamp(at(day)), "end_at": stamp(at(day) + timedelta(hours=hours))}
            part = {"asked_start": None, "asked_end": None}
            if asked:
                part = {"asked_start": stamp(at(day)), "asked_end": stamp(at(day) + timedelta(hours=3))}
            return {"duty_id": number, "roster_id": 1, "position": None, "asked": asked} | span | part

        months = [
            {"month": "2026-11-01", "shifts": 11, "hours": 240.0, "nights": 9, "weekend_hours": 72.0},
            {"month": "2026-12-01", "shifts": 1, "hours": 24.58, "nights": 1, "weekend_hours": 0.0},
        ]
        months[0] |= {"night_hours": 70.25, "holiday_hours": 15.0}
        months[1] |= {"night_hours": 8.0, "holiday_hours": 0.0}
        off = duty(303, DAN, at(4, 21, 12), at(12, 21, 12), event_type="vacation")
        self.mine = {"shifts": [ahead(23, 23, 24), ahead(25, 25, 24, 7), ahead(26, 26, 12)], "away": [off]}
        self.mine["months"] = months
        nexts = {DAN: (23, 24), ALICE: (24, 25), BORIS: (26, 27)}
        self.team = [
            {"id": number, **PEOPLE[number], "away": None, "next": None} for number in (ALICE, CLARA, DAN, BORIS)
        ]
        for mate in self.team:
            first, last = nexts.get(mate["id"], (0, 0))
            if first:
                mate["next"] = {"roster_id": 1, "start_at": stamp(at(first)), "end_at": stamp(at(last))}
            else:
                mate["away"] = {"roster_id": 1, "event_type": "vacation", "end_at": stamp(at(29, 21))}
        sums = {
            ALICE: (6, 144.0, 6, 48.0, 48.0, 0.0),
            BORIS: (9, 192.5, 9, 68.25, 24.0, 9.0),
            CLARA: (6, 144.0, 5, 40.0, 0.0, 0.0),
            DAN: (11, 240.0, 9, 72.0, 72.0, 15.0),
        }
        fields = ("shifts", "hours", "nights", "night_hours", "weekend_hours", "holiday_hours")
        self.balance = [
            {"user_id": number, "full_name": PEOPLE[number]["full_name"]} | dict(zip(fields, found, strict=True))
            for number, found in sums.items()
        ]
        self.gaps = []
        self.days = []
        self.asks = {}
        yes = {"has_account": True, "reachable": True, "is_active": True, "is_admin": False, "admin_by_settings": False}
        self.people = [{"id": number, **PEOPLE[number], "coming": 2} | yes for number in (ALICE, DAN, BORIS)]
        self.people[0] |= {"is_admin": True, "admin_by_settings": True}
        self.people += [{"id": CLARA, **PEOPLE[CLARA], "coming": 0} | yes | {"has_account": False}]
        self.people += [{"id": 9, **PEOPLE[CLARA], "full_name": "Old Oscar", "coming": 0} | yes | {"is_active": False}]
        theirs = {"duty_id": 77, "full_name": "Alice Admin", "roster_id": 1}
        theirs |= {"start_at": stamp(at(28)), "end_at": stamp(at(29))}
        kinds = ["ends", "changed", "short_notice", "cover"]
        plan = {"source_id": CLARA, "source_name": "Clara Nomad", "target_id": ALICE, "target_name": "Alice Admin"}
        self.others = {
            "/api/swaps": [theirs],
            "/api/away": [],
            "/api/cover": {
                "people": ["Alice Admin", "Clara Nomad"],
                "rested": True,
                "groups": [{"chat_id": -1001, "title": "Ward 3"}, {"chat_id": -1002, "title": "Night shifts"}],
            },
            "/api/reminders": {"leads": [720, 60], "possible_leads": [1440, 720, 60, 15], "quiet": ["22:00", "07:00"]}
            | {"kinds": kinds[:2], "possible_kinds": kinds},
            f"/api/people/{CLARA}/likely": [{"id": ALICE, "full_name": "Alice Admin"}],
            f"/api/people/{CLARA}/merge": plan | {"moved": 3, "twice": 1, "overlaps": [], "fingerprint": "abc"},
            "/api/requests/7": {
                "id": 7,
                "lines": ["🙋 Alice Admin needs cover", "Sat 28 Nov, 09:00 – Sun 29 Nov, 09:00", "dentist"],
                "choices": [{"answer": "yes", "label": "I'll take it"}, {"answer": "no", "label": "I can't"}],
            },
            "/api/shifts/26": {"roster_id": 1, "start_at": stamp(at(26))},
        }
        self.actions = {"cover": {"asked": 2}, "away": {"affected": 1, "asked": 0, "left": 0}}
        self.sent = []
        address = "https://duty.example/calendar/1-" + "t" * 43
        programs = [{"program": name, "address": f"{address}/{name}"} for name in ("google", "apple", "outlook")]
        picture = qr_code(address)
        self.link_answer = {
            "mark": "1.1",
            "feed": address.replace("calendar", "feed") + ".ics",
            "page": address,
            "programs": programs,
        }
        self.link_answer |= {"qr": {"size": picture.size, "path": picture.path}}
        self.link_answer |= {"last_read_at": None, "last_read_by": None}
        self.failures = {}
        self.asked = []

    @property
    def roster_now(self) -> dict[str, Any]:
        state: dict[str, Any] = self.now["rosters"][0]
        return state

    def link(self, *, lang: str = "en", theme: dict[str, str] | None = None, start_param: str = "month") -> str:
        """Returns the page's address as Telegram opens it: at the month, or (`home`) at its first view."""
        user = {"id": 1002, "first_name": "Dan", "language_code": lang}
        signed = {"user": json.dumps(user), "auth_date": "1795428000", "hash": "0" * 64}
        if start_param:
            signed["start_param"] = start_param
        launch = {"tgWebAppData": urlencode(signed), "tgWebAppVersion": "8.0", "tgWebAppPlatform": "android"}
        if theme:
            launch["tgWebAppThemeParams"] = json.dumps(theme)
        return f"{self.url}/#{urlencode(launch, quote_via=quote)}"

    def count(self, path: str) -> int:
        return sum(asked.startswith(path) for asked, _, _ in self.asked)


def build_app(site: Site) -> Starlette:
    def answer(request: Request, body: Any) -> Response:
        failure = site.failures.get(request.url.path) or site.failures.get("*")
        if request.url.path == "/api/messages":
            failure = site.failures.get("/api/messages")
        if failure:
            response = Response(json.dumps(failure[1]), failure[0], media_type="application/json")
        else:
            data = json.dumps(body, ensure_ascii=False).encode()
            tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
            headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
            fresh = request.headers.get("if-none-match") == tag
            response = Response(b"" if fresh else data, 304 if fresh else 200, headers, "application/json")
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        site.asked.append((asked, request.headers.get("x-telegram-init-data", ""), response.status_code))
        return response

    async def duties(request: Request) -> Response:
        first, last = (datetime.fromisoformat(request.query_params[name] + "T00:00+03:00") for name in ("from", "to"))
        end = stamp(last + timedelta(days=1))
        return answer(request, [one for one in site.duties if one["start_at"] < end and one["end_at"] > stamp(first)])

    async def messages(request: Request) -> Response:
        lang = normalize_lang(request.query_params["lang"])
        texts = {key: forms.get(lang, forms["en"]) for key, forms in catalogue().items() if key.startswith("app.")}
        return answer(request, {"language": table(lang).for_page(lang), "texts": texts})

    async def me(request: Request) -> Response:
        return answer(request, site.me)

    async def now(request: Request) -> Response:
        return answer(request, site.now)

    async def mine(request: Request) -> Response:
        return answer(request, site.mine)

    async def team(request: Request) -> Response:
        return answer(request, site.team)

    async def balance(request: Request) -> Response:
        return answer(request, site.balance)

    async def day(request: Request) -> Response:
        none = {"asked_start": None, "asked_end": None, "changed": None}
        shifts = [{"duty_id": one["id"], "asked": site.asks.get(one["id"])} | none for one in site.duties]
        return answer(request, {"shifts": shifts, "people": [], "spans": [], "positions": []})

    async def workbook(request: Request) -> Response:
        refused = answer(request, None)
        return refused if refused.status_code >= 400 else Response(b"PK workbook", media_type="application/x-xlsx")

    async def gaps(request: Request) -> Response:
        return answer(request, site.gaps)

    async def days(request: Request) -> Response:
        return answer(request, site.days)

    async def people(request: Request) -> Response:
        return answer(request, site.people)

    async def other(request: Request) -> Response:
        found = site.others.get(request.url.path)
        if found is None:
            site.failures[request.url.path] = (409, {"error": {"code": "refused", "message": "It is gone."}})
        return answer(request, found)

    async def action(request: Request) -> Response:
        name = request.path_params["name"]
        site.sent.append((name, request.headers["idempotency-key"], await request.json()))
        return answer(request, site.actions.get(name, {"asked": 0}))

    async def calendar_link(request: Request) -> Response:
        return answer(request, site.link_answer)

    async def index(request: Request) -> Response:
        return HTMLResponse(page())

    async def worker(request: Request) -> Response:
        return FileResponse(WEBAPP / "sw.js", media_type="text/javascript")

    app = Starlette(
        routes=[
            Route("/sw.js", worker),
            Route("/", index),
            Route("/app", index),
            Route("/api/me", me),
            Route("/api/now", now),
            Route("/api/mine", mine),
            Route("/api/team", team),
            Route("/api/people", people),
            *(
                Route(f"/api/{name}", other)
                for name in ("away", "cover", "swaps", "reminders", "requests/{id}", "shifts/{id}")
            ),
            *(Route(f"/api/people/{{id}}/{name}", other) for name in ("likely", "merge")),
            Route("/api/actions/{name}", action, methods=["POST"]),
            Route("/api/balance", balance),
            Route("/api/balance.xlsx", workbook),
            Route("/api/gaps", gaps),
            Route("/api/days", days),
            Route("/api/day", day),
            Route("/api/calendar_link", calendar_link, methods=["POST"]),
            Route("/api/duties", duties),
            Route("/api/messages", messages),
            Mount("/app", StaticFiles(directory=WEBAPP)),
        ]
    )

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        async def send_guarded(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"content-security-policy", CSP.encode()))
                message["headers"].append((b"referrer-policy", b"no-referrer"))
            await send(message)

        await app(scope, receive, send_guarded if scope["type"] == "http" else send)

    return guarded  # type: ignore[return-value]


@contextmanager
def serve() -> Iterator[Site]:
    """Runs the server in a thread on a free port."""
    site = Site()
    site.reset()
    listener = socket.create_server(("127.0.0.1", 0))
    site.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(build_app(site), log_level="error", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
