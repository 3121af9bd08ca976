"""Runs all looks and prints what they found."""

from collections.abc import Callable, Iterable
from datetime import datetime

import httpx

from duty_teller import __version__
from duty_teller.config import Settings
from duty_teller.console.doctor import network, storage
from duty_teller.console.doctor.finding import Finding, Level, fault
from duty_teller.console.telegram_by_hand import BusyError, Telegram
from duty_teller.db.session import session_scope
from duty_teller.db.trouble import KINDS
from duty_teller.utils.output import tell

_SIGNS = {Level.OK: "ok     ", Level.WARNING: "WARNING", Level.FAULT: "FAULT  "}


def doctor(settings: Settings, clock: Callable[[], datetime]) -> int:
    """Prints a line for everything that was looked at, and below it what to do where something is wrong.

    Args:
        settings: Of the service.
        clock: Returns the present instant.

    Returns:
        0 when all is well, 1 with warnings, 2 with faults.
    """
    tell(f"duty-teller {__version__}")
    worst = Level.OK
    for finding in _look(settings, clock):
        tell(f"{_SIGNS[finding.level]} {finding.topic}: {finding.text}")
        if finding.todo:
            tell(f"        → {finding.todo}")
        worst = max(worst, finding.level)
    return int(worst)


def _look_at_groups(settings: Settings, telegram: Telegram, bot_id: int) -> list[Finding]:
    with session_scope(settings.database_url) as session:
        return list(network.look_at_groups(session, telegram, bot_id))


def _asked_of_database(look: Callable[[], list[Finding]]) -> list[Finding]:
    """Returns what a look has found, or what is wrong with the database that it asked."""
    try:
        return look()
    except KINDS as error:
        if (found := storage.of_trouble(error)) is None:
            raise
        return [found]


def _look(settings: Settings, clock: Callable[[], datetime]) -> Iterable[Finding]:
    files = list(storage.look_at_files(settings))
    yield from files
    faulty = {one.topic for one in files if one.level is Level.FAULT}
    readable = not faulty & {"data", "database"}
    if "data" not in faulty:
        yield storage.look_at_disk(settings)
        yield storage.look_at_cache(settings)
        yield from storage.look_at_backups(settings, clock())
    if readable:
        yield from _asked_of_database(lambda: storage.look_inside(settings, clock()))
    health, found = network.look_at_service(settings)
    yield from found
    if health is not None and readable:
        yield from network.look_whose_service(settings, health)
    yield from network.look_at_public_address(settings, clock(), health)
    telegram = Telegram(settings.bot_api_base_url, settings.bot_token)
    try:
        bot_id, found = network.look_at_telegram(settings, telegram, clock())
        yield from found
        if bot_id:
            yield network.look_at_webhook(telegram)
            if readable:
                yield network.look_at_pollers(settings, telegram, health)
                yield from _asked_of_database(lambda: _look_at_groups(settings, telegram, bot_id))
    except BusyError as error:
        yield fault("Telegram", f"it does not answer now: {error}", "try again in a minute")
    except (httpx.HTTPError, ValueError) as error:
        yield fault("Telegram", f"it stopped answering ({type(error).__name__})", "try again")
    finally:
        telegram.close()
