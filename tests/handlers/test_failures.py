"""Every refusal of Telegram means one thing, decided in one place."""

import ast
from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from duty_teller.handlers.transport.failures import Failure, Kind, Reason, failure_of
from duty_teller.services.groups import groups
from tests.handlers.conftest import ALICE, GROUP
from tests.handlers.test_refusals import REFUSALS, Refused
from tests.sources import modules

OF_A_GROUP = {
    "Bad Request: TOPIC_CLOSED": Reason.TOPIC_CLOSED,
    "Bad Request: chat not found": Reason.CHAT_GONE,
    "Bad Request: message thread not found": Reason.TOPIC_DELETED,
    "Bad Request: not enough rights to manage pinned messages in the chat": Reason.NO_PIN,
    "Bad Request: not enough rights to send message to the chat": Reason.NO_WRITE,
    "Forbidden: bot can't initiate conversation with a user": Reason.KICKED,
    "Forbidden: bot can't send messages to bots": Reason.KICKED,
    "Forbidden: bot is not a member of the message chat": Reason.NOT_MEMBER,
    "Forbidden: bot was blocked by the user": Reason.KICKED,
    "Forbidden: bot was kicked from the message chat": Reason.KICKED,
}
OF_A_PERSON = {"Bad Request: chat not found"}
GONE = {
    "Bad Request: MESSAGE_ID_INVALID",
    "Bad Request: message can't be edited",
    "Bad Request: message to edit not found",
}


def raised(refused: Refused) -> TelegramError:
    """The error python-telegram-bot raises for a refusal (`telegram.request.BaseRequest._request_wrapper`)."""
    if refused.parameters:
        return ChatMigrated(dict(refused.parameters)["migrate_to_chat_id"])
    return Forbidden(refused.description) if refused.code == 403 else BadRequest(refused.description)


@pytest.mark.parametrize("refused", REFUSALS, ids=lambda refused: refused.description[:60])
def test_refusal_of_the_stand_in_means_one_thing(refused: Refused) -> None:
    in_group, in_private = failure_of(raised(refused), GROUP), failure_of(raised(refused), ALICE)
    forbidden = refused.code == 403

    assert (in_group.forbidden, in_private.forbidden) == (forbidden, forbidden)
    if refused.parameters:
        assert [f.kind for f in (in_group, in_private)] == [Kind.MOVED] * 2
        assert in_group.new_chat_id == -1001999999999
        return
    if "not modified" in refused.description:
        assert [f.kind for f in (in_group, in_private)] == [Kind.UNCHANGED] * 2
        return
    gone = Reason.MESSAGE_GONE if refused.description in GONE else Reason.NONE
    reason = OF_A_GROUP.get(refused.description)
    assert (in_group.kind, in_group.reason) == ((Kind.CHAT, reason) if reason else (Kind.CALL, gone))
    lost = forbidden or refused.description in OF_A_PERSON
    assert (in_private.kind, in_private.reason) == (Kind.PERSON if lost else Kind.CALL, gone)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Bad Request: have no rights to send a message", Reason.NO_WRITE),
        ("Bad Request: CHAT_WRITE_FORBIDDEN", Reason.NO_WRITE),
        ("Bad Request: CHAT_RESTRICTED", Reason.NO_WRITE),
        ("Bad Request: CHAT_ADMIN_REQUIRED", Reason.NO_WRITE),
        ("Bad Request: need administrator rights in the channel chat", Reason.NO_WRITE),
        ("Bad Request: not enough rights to pin a message", Reason.NO_PIN),
        ("Bad Request: not enough rights to manage pinned messages in the chat", Reason.NO_PIN),
        ("Bad Request: TOPIC_DELETED", Reason.TOPIC_DELETED),
        ("Bad Request: group chat was deactivated", Reason.CHAT_GONE),
        ("Bad Request: PEER_ID_INVALID", Reason.CHAT_GONE),
        ("Forbidden: the group chat was deleted", Reason.CHAT_GONE),
        ("Forbidden: CHAT_WRITE_FORBIDDEN", Reason.NO_WRITE),
        ("Forbidden: bot was kicked from the supergroup chat", Reason.KICKED),
        ("Forbidden: bot is not a member of the channel chat", Reason.NOT_MEMBER),
    ],
)
def test_group_that_refuses_for_good_says_why(words: str, reason: Reason) -> None:
    error = Forbidden(words) if words.startswith("Forbidden") else BadRequest(words)

    failure = failure_of(error, GROUP)

    assert (failure.kind, failure.reason, failure.is_for_good) == (Kind.CHAT, reason, True)


def test_every_reason_of_a_group_can_be_told_to_the_admins() -> None:
    assert set(groups.TEXTS) == set(Reason) - {Reason.MESSAGE_GONE, Reason.NONE}


def caused(error: NetworkError, cause: Exception) -> NetworkError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (RetryAfter(7), (Kind.LATER, timedelta(seconds=7), False)),
        (RetryAfter(timedelta(seconds=7)), (Kind.LATER, timedelta(seconds=7), False)),
        (TimedOut(), (Kind.LATER, None, True)),
        (NetworkError("Bad Gateway"), (Kind.LATER, None, True)),
        (caused(NetworkError("x"), httpx.ReadError("x")), (Kind.LATER, None, True)),
        (caused(NetworkError("x"), httpx.ConnectError("x")), (Kind.LATER, None, False)),
        (caused(TimedOut("x"), httpx.PoolTimeout("x")), (Kind.LATER, None, False)),
        (Conflict("x"), (Kind.LATER, None, False)),
        (InvalidToken("x"), (Kind.TOKEN, None, False)),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_failure_that_passes_says_how_long_and_whether_the_call_may_have_arrived(
    error: TelegramError, failure: tuple[Kind, timedelta | None, bool]
) -> None:
    found: Failure = failure_of(error, GROUP)

    assert (found.kind, found.retry_after, found.uncertain) == failure
    assert not found.is_for_good


def test_nothing_else_tells_failures_apart() -> None:
    """Kinds of errors are caught by name where calls are paced and polled only; words are read nowhere else."""
    elsewhere = {f"handlers/transport/{name}.py" for name in ("failures", "pace", "polling")}
    named = {"BadRequest", "ChatMigrated", "Forbidden", "NetworkError", "RetryAfter", "TimedOut", "InvalidToken"}
    found = {
        f"{name}: {node.id}"
        for name, tree in modules("|".join(named), room="handlers/")
        if name not in elsewhere
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id in named
    }

    assert found == set()
