"""The part of a change that is about people: a merge makes a name inactive and gives its aliases to somebody else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, delete, select

from duty_teller.db import repository
from duty_teller.db.models import User, UserAlias
from duty_teller.services.schedule_service.listeners import tell_after_commit

Value = str | int | bool | None

_HINTS = frozenset({"username", "phone", "linked_at"})
"""What the person themselves may have changed since: it is put back only where it is still what the merge made it."""


@dataclass(frozen=True, slots=True)
class People:
    """How people are.

    Attributes:
        users: Number → field → value (`linked_at` as seconds since 1970 UTC).
        aliases: Folded name → whose it is; None: nobody's.
    """

    users: Mapping[int, Mapping[str, Value]]
    aliases: Mapping[str, int | None]


def to_json(people: People) -> str:
    """Writes it as the change log keeps it."""
    return json.dumps({"users": people.users, "aliases": people.aliases}, ensure_ascii=False)


def from_json(text: str) -> People:
    """Reads what `to_json` wrote."""
    values = json.loads(text)
    return People({int(user_id): fields for user_id, fields in values["users"].items()}, values["aliases"])


def stored(session: Session, like: People) -> People:
    """Returns how the same fields and names are now; people who are gone are left out."""
    users: dict[int, dict[str, Value]] = {}
    for user_id, fields in like.users.items():
        user = session.get(User, user_id)
        if user is not None:
            users[user_id] = {name: _value(getattr(user, name)) for name in fields}
    rows = session.exec(select(UserAlias).where(col(UserAlias.name_key).in_(list(like.aliases)))).all()
    owners = {row.name_key: row.user_id for row in rows}
    return People(users, {key: owners.get(key) for key in like.aliases})


def _value(value: object) -> Value:
    if isinstance(value, datetime):
        return int(value.timestamp())
    assert value is None or isinstance(value, (str, int, bool))  # noqa: S101  # the fields that are kept
    return value


def is_unchanged_since(session: Session, after: People) -> bool:
    """Tells whether what a change made of people still is so; contacts, which people change, do not count."""
    now = stored(session, after)
    if dict(now.aliases) != dict(after.aliases) or now.users.keys() != after.users.keys():
        return False
    return all(
        now.users[user_id][name] == value
        for user_id, fields in after.users.items()
        for name, value in fields.items()
        if name not in _HINTS
    )


def touching(one: People, other: People) -> bool:
    """Tells whether two changes are about the same people or names."""
    return bool(one.users.keys() & other.users.keys() or one.aliases.keys() & other.aliases.keys())


def reverse(session: Session, before: People, after: People) -> People:
    """Returns what taking a change back makes of people: what it replaced, where it still is what it had made."""
    now = stored(session, after)
    users = {
        user_id: {
            name: before.users[user_id][name] if now.users[user_id][name] == made else now.users[user_id][name]
            for name, made in fields.items()
        }
        for user_id, fields in after.users.items()
    }
    return People(users, before.aliases)


def write(session: Session, people: People) -> None:
    """Makes people so, in the caller's transaction; feeds, pins and pages learn of it once it commits."""
    for user_id, fields in people.users.items():
        user = session.get_one(User, user_id)
        for name, value in fields.items():
            moment = datetime.fromtimestamp(int(value), UTC) if name == "linked_at" and value is not None else None
            setattr(user, name, moment if name == "linked_at" else value)
        session.add(user)
    session.exec(delete(UserAlias).where(col(UserAlias.name_key).in_(list(people.aliases))))
    for key, owner in people.aliases.items():
        if owner is not None:
            session.add(UserAlias(user_id=owner, name_key=key))
    repository.raise_revision(session, "people")
    tell_after_commit(session)
    session.flush()
