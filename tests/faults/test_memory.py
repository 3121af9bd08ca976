"""What a hostile file made the service take, it gives back."""

from pathlib import Path

from duty_teller.bot_api_stand_in.client import StandInClient
from tests.process.conftest import ALICE, Service, wait_for

HOSTILE = {
    "wide.csv": ("x" * 900 + ";").encode() * 9000,
    "quote.csv": b'"' + b"a" * 9_000_000,
    "nul.xlsx": bytes(9_000_000),
    "many.ics": b"BEGIN:VCALENDAR\n"
    + b"BEGIN:VEVENT\nSUMMARY:Dan\nDTSTART;VALUE=DATE:20261101\nEND:VEVENT\n" * 60_000
    + b"END:VCALENDAR",
    "long.json": b'{"meta": {"start_date": "2026-11-01"}, "schedule": ['
    + b",".join(b'{"name": "P%d", "duty": "%s"}' % (n, b";".join([b"q"] * 365)) for n in range(3000))
    + b"]}",
}


def mebibytes(service: Service) -> float:
    assert service.process is not None
    return int(Path(f"/proc/{service.process.pid}/statm").read_text().split()[1]) * 4096 / 2**20


def test_memory_goes_back_after_hostile_files(service: Service, chat: StandInClient) -> None:
    service.start()
    chat.send_text(ALICE, "/start")
    chat.wait_for_message(ALICE)
    sent = chat.send_document(ALICE, "roster.csv", b"nothing")
    chat.wait_for_message(ALICE, "❌", after_id=sent["message_id"], timeout=40)
    idle = mebibytes(service)

    for _ in range(3):
        for name, data in HOSTILE.items():
            sent = chat.send_document(ALICE, name, data)
            chat.wait_for_message(ALICE, lambda m: "Reading" not in m["text"], after_id=sent["message_id"], timeout=40)

    wait_for(lambda: mebibytes(service) < idle + 20, timeout=20)
