"""What an idle service has loaded, which is most of its memory: how much that is shows `make bench`."""

import sys

import httpx

from tests.process.conftest import Service, wait_for

WATCHED = """
import gc, os, sys, threading, time

def tell():
    while not os.path.exists("now"):
        time.sleep(0.05)
    # One that is only named has no spec.
    there = [name for name, module in sys.modules.items() if getattr(module, "__spec__", None) is not None]
    there += ["(garbage is collected)"] if gc.isenabled() else []  # which loading puts off
    with open("modules.tmp", "w") as file:
        file.write("\\n".join(there))
    os.rename("modules.tmp", "modules")

threading.Thread(target=tell, daemon=True).start()
from duty_teller.main import main
sys.exit(main(["run"]))
"""

NOT_AT_IDLE = {
    "what a command, a file or a calendar needs": (
        "alembic argparse dateutil defusedxml holidays icalendar openpyxl pyrage recurring_ical_events segno "
        "x_wr_timezone"
    ),
    "what the program does without": (
        "aiosqlite click concurrent.futures.process fastapi.openapi.models greenlet logging.config multiprocessing "
        "opentelemetry._logs opentelemetry.metrics opentelemetry.trace pydantic.color pydantic.v1 pygments rich "
        "sqlalchemy.dialects.mysql sqlalchemy.dialects.postgresql sqlalchemy.dialects.sqlite.aiosqlite "
        "sqlalchemy.ext.asyncio unittest uvicorn.main uvicorn.supervisors xml"
    ),
    "rooms of the house": (
        "duty_teller.bot_api_stand_in duty_teller.console duty_teller.demo duty_teller.importers.readers "
        "duty_teller.importers.tables duty_teller.i18n.messages.app duty_teller.i18n.messages.countries "
        "duty_teller.i18n.messages.hours duty_teller.i18n.messages.imports duty_teller.i18n.messages.people"
    ),
}


def test_idle_service_has_loaded_nothing_that_it_does_not_need(service: Service) -> None:
    program = service.folder / "watched.py"
    program.write_text(WATCHED)
    service.program = [sys.executable, str(program)]
    service.environment["PYTHONUNBUFFERED"] = "1"  # so it is not forked from a process that has loaded more
    service.start()

    (service.folder / "now").touch()
    wait_for((service.folder / "modules").exists)
    loaded = (service.folder / "modules").read_text().split("\n")
    needless = {name for names in NOT_AT_IDLE.values() for name in names.split()}
    assert {"duty_teller.handlers.bot", "telegram", "sqlalchemy", "fastapi.routing", "(garbage is collected)"} <= set(
        loaded
    )
    assert " ".join(name for name in loaded if any(f"{name}.".startswith(f"{one}.") for one in needless)) == ""

    # What had only been named is itself again when it is used.
    described = httpx.get(f"http://127.0.0.1:{service.port}/api/openapi.json").json()
    assert "/api/duties" in described["paths"]
