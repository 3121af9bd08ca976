"""Two thousand calendars that are subscribed to two hundred feeds, while the plan of all of them is imported."""

import http.client
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from crowd import Readers, Waited, reading
from processes import product
from readers import FIRST_NAMES, HEALTH_EVERY, LAST_NAMES, PATIENCE, Peak
from sample import ADMIN_ID, TOKEN, Sample, scratch, today
from sqlmodel import Session
from table import Row

from duty_teller import cache
from duty_teller.bot_api_stand_in import StandIn, run_in_thread
from duty_teller.bot_api_stand_in.client import StandInClient
from duty_teller.composition import writing
from duty_teller.db.models import EventType, LinkScope, User
from duty_teller.services.feeds import links
from duty_teller.services.schedule_service import Shift
from duty_teller.utils.secret_file import load_secret

PEOPLE = 196
TEAM_FEEDS = 4
SUBSCRIBERS = 2000
EVERY = 20.0
"""Seconds from one question of a subscriber to its next: programs take hours, so this is a day in a minute."""
SECONDS = 60.0
BEFORE = 15.0
A_DAY = 28
BACK, AHEAD = 60, 300
REFUSED = 300


class Team:
    """196 people with 28 on duty each day, each with a feed of their own; the first four also have the team's."""

    def __init__(self, folder: Path) -> None:
        self.sample = Sample(scratch(folder, "subscribers"))
        self.names = [f"{FIRST_NAMES[n % 28]} {LAST_NAMES[n // 28]}" for n in range(PEOPLE)]
        secret, now = load_secret(self.sample.folder), datetime.now(UTC)

        def furnish(session: Session) -> list[str]:
            people = [User(full_name=name, created_at=now) for name in self.names]
            session.add_all(people)
            session.flush()
            self.sample.people = [user.id or 0 for user in people]
            scopes = [LinkScope.PERSONAL] * PEOPLE + [LinkScope.TEAM] * TEAM_FEEDS
            owners = self.sample.people + self.sample.people[:TEAM_FEEDS]
            found = [
                links.get_token(session, secret, owner, scope, now) for owner, scope in zip(owners, scopes, strict=True)
            ]
            self.revoked = found[-1]
            mark = links.link_of(session, secret, owners[-1], LinkScope.TEAM, now).mark
            links.revoke(session, owners[-1], LinkScope.TEAM, mark, now)
            return [*found[:-1], links.get_token(session, secret, owners[-1], LinkScope.TEAM, now)]

        with writing(self.sample.url) as session:
            self.tokens = furnish(session)
        first = today() - timedelta(days=BACK)
        self.sample.store(
            [
                Shift(self.sample.people[person], None, first + timedelta(days=day), first + timedelta(days=day + 1),
                      EventType.DUTY)
                for day in range(BACK + AHEAD)
                for person in _on_duty(day, 0)
            ]
        )  # fmt: skip

    def file(self) -> bytes:
        """Everybody's days from tomorrow on, all of them another one's than before."""
        first = (today() + timedelta(days=1)).date()
        cells = [[""] * AHEAD for _ in self.names]
        for day in range(AHEAD):
            for person in _on_duty(day + BACK + 1, 3):
                cells[person][day] = "Б"
        schedule = [{"name": name, "duty": ";".join(row)} for name, row in zip(self.names, cells, strict=True)]
        return json.dumps({"meta": {"start_date": first.isoformat()}, "schedule": schedule}).encode()


def _on_duty(day: int, shifted: int) -> list[int]:
    return [(day * A_DAY + number + shifted * A_DAY) % PEOPLE for number in range(A_DAY)]


def _imported(chat: StandInClient, file: bytes) -> float:
    begin = time.monotonic()
    sent = int(chat.send_document(ADMIN_ID, "roster.json", file)["message_id"])
    preview = chat.wait_for_message(ADMIN_ID, "Would add", after_id=sent, timeout=PATIENCE)
    rows = preview["reply_markup"]["inline_keyboard"]
    data = next(b["callback_data"] for row in rows for b in row if b.get("callback_data", "").endswith(":apply"))
    chat.press(ADMIN_ID, preview["message_id"], data, timeout=PATIENCE)
    chat.wait_for_message(ADMIN_ID, "Schedule updated", after_id=sent, timeout=PATIENCE)
    return time.monotonic() - begin


def _first_time(port: int, team: Team) -> float:
    """Asks for each feed once, as when each was subscribed to; returns the seconds it took."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    begin = time.monotonic()
    for token in team.tokens:
        connection.request("GET", f"/api/calendar/ical/{token}.ics")
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"a feed is answered {answer.status}")
    connection.close()
    return time.monotonic() - begin


def _polling(port: int, pid: int, chat: StandInClient, team: Team) -> list[Row]:
    first = _first_time(port, team)
    paths = [f"/api/calendar/ical/{team.tokens[n % len(team.tokens)]}.ics" for n in range(SUBSCRIBERS)]
    crowd = [
        Readers("kept", paths[::2], EVERY, keeps=True),
        Readers("whole", paths[1::2], EVERY),
        Readers("health", ["/healthz"], HEALTH_EVERY),
    ]
    with Peak(pid) as peak, reading(port, crowd) as readers:
        end = time.monotonic() + SECONDS
        time.sleep(BEFORE)
        took = _imported(chat, team.file())
        time.sleep(max(0.0, end - time.monotonic()))
        waited = readers.end()
    feeds = Waited(
        sorted(waited["kept"].seconds + waited["whole"].seconds), waited["kept"].errors + waited["whole"].errors
    )
    errors = len(feeds.errors) + len(waited["health"].errors)
    worst, most = waited["health"].seconds[-1], peak.most
    asked = f"{len(feeds.seconds):,} answers, median {median(feeds.seconds) * 1000:.0f} ms"
    figure = f"{SUBSCRIBERS:,} subscribers of {len(team.tokens)} feeds, a minute: p99"
    reader = "  memory at most, the reading child's with it"
    return [
        Row(figure, asked, f"{feeds.p99 * 1000:.0f} ms", None, "< 250 ms", feeds.p99 < 0.25),
        Row("  the 200 feeds before, each for the first time, one after another", "", f"{first:.1f} s", None),
        Row(f"  meanwhile {A_DAY * AHEAD:,} duties change in the chat", "", f"{took:.1f} s", None),
        Row("  slowest answer", "", f"{feeds.seconds[-1] * 1000:.0f} ms", None),
        Row("  errors", "", f"{errors} {' '.join(feeds.errors[:1])}".strip(), None, "0", not errors),
        Row("  health at worst", "", f"{worst * 1000:.0f} ms", None, "< 250 ms", worst < 0.25),
        Row(reader, "", f"{most:.0f} MiB", None, "< 200 MiB", most < 200),
    ]


def _refusals(port: int, team: Team) -> list[Row]:
    """How long it takes to refuse an address, in turn, on one connection."""
    number, _dash, signed = team.revoked.partition("-")
    forged = f"{number}-{signed[::-1]}"
    wrong = {"revoked": team.revoked, "forged": forged, "unknown": f"999999-{signed}", "malformed": "x" * 43}
    took: dict[str, list[float]] = {name: [] for name in wrong}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for _ in range(REFUSED):
        for name, token in wrong.items():
            begin = time.perf_counter()
            connection.request("GET", f"/api/calendar/ical/{token}.ics")
            answer = connection.getresponse()
            answer.read()
            took[name].append(time.perf_counter() - begin)
            if answer.status != 404:
                raise RuntimeError(f"a {name} token is answered {answer.status}")
    connection.close()
    middle = {name: median(times) * 1000 for name, times in took.items()}
    least, most = min(middle, key=middle.__getitem__), max(middle, key=middle.__getitem__)
    ratio = middle[most] / middle[least]
    floor = f"{least} {middle[least]:.2f} ms"
    return [
        Row(f"404 of a token: slowest kind ({most})", floor, f"{middle[most]:.2f} ms", ratio, "≤ 1.10", ratio <= 1.1)
    ]


def measure(folder: Path) -> list[Row]:
    """Runs the product beside the stand-in."""
    team = Team(folder)
    cache.use_folder(team.sample.folder / "cache")
    with run_in_thread(StandIn(token=TOKEN)) as chat, product(team.sample.folder, chat.base_url) as (port, _took, pid):
        chat.add_user(ADMIN_ID, "Alice", "user_0")
        started = chat.press_start(ADMIN_ID)
        chat.wait_for_message(ADMIN_ID, after_id=started["message_id"])
        team.sample.close()
        cache.close()
        return [*_refusals(port, team), *_polling(port, pid, chat, team)]
