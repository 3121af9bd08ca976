"""Whose name is it: the names of a file against the people of the roster.

@username, then phone, then a remembered alias, then the full name; for names that none of these meets, surname with
initials and a first name that only one person bears. Only a unique match is accepted. Several that fit, or one that
merely looks like it (a typing slip, a changed surname), are asked, and the answer is kept as an alias. A name that
resembles nobody is somebody new: the preview names them before anything is written.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

from sqlmodel import Session, col, select

from duty_teller.db import repository
from duty_teller.db.models import User, UserAlias
from duty_teller.i18n.core import LocalizedError
from duty_teller.importers.duty_schedule import ParsedRoster, Question, fold_name
from duty_teller.services.people import accounts
from duty_teller.utils.user import normalize_phone, split_username

NEW: Final = "new"
SKIP: Final = "skip"
_ALIKE: Final = 0.8
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class FilePerson:
    """Somebody of the file. A negative `user_id` stands for a person who will be made when the plan is applied.

    Attributes:
        name: As the file has it.
        user_id: The stored person.
        full_name: The stored name, or the file's for somebody new.
        username: From the file.
        has_account: Whether a Telegram account is tied to the person.
        learned: An answer said so: the name is kept as an alias.
        phone: From the file, for somebody new.
        like_deactivated: Somebody new bears the name of somebody who was deactivated.
    """

    name: str
    user_id: int
    full_name: str
    username: str | None
    has_account: bool
    learned: bool = False
    phone: str | None = None
    like_deactivated: bool = False

    @property
    def is_new(self) -> bool:
        """Whether nobody stored was recognised."""
        return self.user_id < 0


@dataclass(frozen=True, slots=True)
class Matched:
    """The people of a file, and the names that somebody has to decide on (`person` questions).

    A question's options are `<id> <name>` of people who may be meant, `new` and `skip` (leave that row out).
    """

    people: tuple[FilePerson, ...]
    questions: tuple[Question, ...]
    skipped: frozenset[str]


def match_people(session: Session, parsed: ParsedRoster, choices: Mapping[str, str] | None = None) -> Matched:
    """Finds the stored person of each name of a file.

    An account that is not tied to a person of the roster is never met, whatever it calls itself: names in Telegram are
    chosen by their bearers.

    Args:
        session: Where to read.
        parsed: The file.
        choices: Answers to earlier questions: name → option.

    Raises:
        LocalizedError: `error.name_twice`, two names of the file are certainly one person.
    """
    users = [user for user in repository.active_users(session) if accounts.is_of_roster(user)]
    by_id = {user.id or 0: user for user in users}
    aliases = {alias.name_key: alias.user_id for alias in session.exec(select(UserAlias)).all()}
    chosen = dict(choices or {})
    certain: dict[int, str] = {}
    found: dict[str, tuple[User, bool]] = {}
    for name in parsed.names:
        user, learned = _chosen(by_id, chosen.get(name)), True
        if user is None and name not in chosen:
            user, learned = _certain(users, aliases, name, _contact(parsed, name)), False
        if user is None:
            continue
        if user.id in certain:
            raise LocalizedError("error.name_twice", first=certain[user.id or 0], second=name, name=user.full_name)
        certain[user.id or 0] = name
        found[name] = (user, learned)
    questions: list[Question] = []
    free = [user for user in users if user.id not in certain]
    open_names = [name for name in parsed.names if name not in found and name not in chosen]
    guesses = {name: _fitting(free, name) for name in open_names}
    for name, fitting in guesses.items():
        rivals = sum(fitting == other for other in guesses.values()) if fitting else 0
        if len(fitting) == 1 and rivals == 1:
            found[name] = (fitting[0], False)
        elif candidates := fitting or _alike(free, name):
            questions.append(_question(parsed, name, candidates))
    skipped = frozenset(name for name, choice in chosen.items() if choice == SKIP)
    people = [_person(parsed, name, index, found.get(name)) for index, name in enumerate(parsed.names, start=1)]
    off = {
        fold_name(user.full_name)
        for user in session.exec(select(User).where(~col(User.is_active))).all()
        if accounts.is_of_roster(user) and accounts.merged_into(session, user) is None
    }
    people = [replace(p, like_deactivated=p.is_new and fold_name(p.full_name) in off) for p in people]
    return Matched(tuple(p for p in people if p.name not in skipped), tuple(questions), skipped)


def everybody(session: Session) -> tuple[str, ...]:
    """Returns everybody of the roster as options of a `person` question, `<id> <name>`, by name."""
    users = [user for user in repository.active_users(session) if accounts.is_of_roster(user)]
    names = [fold_name(user.full_name) for user in users]
    told = [
        (name, f"{user.id} {_told_apart(user, names.count(name) > 1)}") for user, name in zip(users, names, strict=True)
    ]
    return tuple(option for _name, option in sorted(told))


def people_named(session: Session, names: Sequence[str]) -> dict[str, int]:
    """Returns whose names these certainly are, as in a file: name → person, without those that fit nobody or several.

    Args:
        session: Where to read.
        names: As somebody has written them.
    """
    users = [user for user in repository.active_users(session) if accounts.is_of_roster(user)]
    aliases = {alias.name_key: alias.user_id for alias in session.exec(select(UserAlias)).all()}
    found: dict[str, int] = {}
    for name in names:
        user = _certain(users, aliases, name, (split_username(name)[1], None))
        fitting = [user] if user is not None else _fitting(users, name)
        if len(fitting) == 1:
            found[name] = fitting[0].id or 0
    return found


def _contact(parsed: ParsedRoster, name: str) -> tuple[str | None, str | None]:
    """Returns the @username and the phone (international, if it is one) that the file gives a person."""
    contact = parsed.contacts.get(name)
    username = (contact.username if contact is not None else None) or split_username(name)[1]
    try:
        phone = normalize_phone(contact.phone) if contact is not None and contact.phone else None
    except LocalizedError:
        phone = None
    return username, phone


def _person(parsed: ParsedRoster, name: str, index: int, found: tuple[User, bool] | None) -> FilePerson:
    username, phone = _contact(parsed, name)
    if found is None:
        return FilePerson(name, -index, split_username(name)[0], username, False, phone=phone)
    user, learned = found
    assert user.id is not None  # noqa: S101  # a stored row
    return FilePerson(name, user.id, user.full_name, username, user.telegram_user_id is not None, learned)


def _chosen(by_id: Mapping[int, User], choice: str | None) -> User | None:
    head = (choice or "").split(" ", 1)[0]
    return by_id.get(int(head)) if head.isdecimal() else None


def _certain(
    users: Sequence[User], aliases: Mapping[str, int], name: str, contact: tuple[str | None, str | None]
) -> User | None:
    username, phone = contact
    bearing = [user for user in users if username and (user.username or "").lower() == username]
    calling = [user for user in users if phone and user.phone == phone]
    for same in (bearing, calling):
        if len(same) == 1:
            return same[0]
    key = fold_name(split_username(name)[0])
    if key in aliases:
        return next((user for user in users if user.id == aliases[key]), None)
    same = [user for user in users if fold_name(user.full_name) == key]
    return same[0] if len(same) == 1 else None


def _fitting(users: Sequence[User], name: str) -> list[User]:
    """Returns whom the name fits: the same full name (several bear it), surname and initials, or a first name alone."""
    words = _words(name)
    same = [user for user in users if _words(user.full_name) == words]
    if same:
        return same
    return [user for user in users if _initials_fit(words, _words(user.full_name))]


def _words(name: str) -> list[str]:
    return sorted(fold_name(split_username(name)[0]).replace(".", " ").split())


def _initials_fit(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tells whether two names can be one person: every word of the shorter is a word of the longer, or its initial."""
    short, long = (one, list(other)) if len(one) <= len(other) else (other, list(one))
    if not any(len(word) > 1 for word in short):
        return False
    for word in sorted(short, key=len, reverse=True):
        match = word if word in long else next((w for w in long if _initial(word, w)), None)
        if match is None:
            return False
        long.remove(match)
    # A word that both have whole: Петрова П. П. shares no more than an initial with Петров П. П.
    return any(len(word) > 1 for word in set(one) & set(other))


def _initial(one: str, other: str) -> bool:
    return (len(one) == 1 or len(other) == 1) and one[0] == other[0]


def _alike(users: Sequence[User], name: str) -> list[User]:
    """Returns whose name looks like it, the likeliest first."""
    key = " ".join(_words(name))
    rated = [(SequenceMatcher(None, key, " ".join(_words(user.full_name))).ratio(), user) for user in users]
    near = sorted(((rate, user) for rate, user in rated if rate >= _ALIKE), key=lambda pair: -pair[0])
    return [user for _rate, user in near]


def _told_apart(user: User, has_namesake: bool) -> str:
    """Returns a name; with what tells namesakes apart, if anything is known: @username, phone, or the number."""
    if not has_namesake:
        return user.full_name
    mark = f"@{user.username}" if user.username else user.phone or f"№ {user.id}"
    return f"{user.full_name} · {mark}"


def _question(parsed: ParsedRoster, name: str, candidates: Collection[User]) -> Question:
    cells = [shift for shift in parsed.shifts if shift.name == name]
    shown = list(candidates)[:_SHOWN]
    names = [fold_name(user.full_name) for user in shown]
    options = [f"{user.id} {_told_apart(user, names.count(key) > 1)}" for user, key in zip(shown, names, strict=True)]
    return Question("person", name, cells[0].where if cells else "", len(cells), (*options, NEW, SKIP))
