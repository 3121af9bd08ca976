"""Rights: who is an admin by what, and that there is always one left."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import Session, select

from duty_teller.cache import is_admin_cache
from duty_teller.config import Settings
from duty_teller.db import repository
from duty_teller.db.models import Dialogue, LinkScope, Notice, NoticeKind, NoticeOutcome, Role, User, UserAlias
from duty_teller.i18n.core import LocalizedError
from duty_teller.services import dialogues
from duty_teller.services.feeds import links
from duty_teller.services.outbox import outbox
from duty_teller.services.people import access, accounts, admin_notices, cards, roles
from duty_teller.services.people.access import Level
from duty_teller.services.people.cards import Which
from duty_teller.services.people.roles import Source
from duty_teller.utils.user import Visitor
from tests.house import ALICE, DAN, NOW, SAM, SECRET, House, duty


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(LocalizedError) as caught:
        work()
    return caught.value.key


def no_ids(house: House, **changed: frozenset[str]) -> Settings:
    """Alice is an admin by nothing but what is given."""
    return replace(house.settings, admin_ids=frozenset(), **changed)  # type: ignore[arg-type]


def give(house: House, user_id: int, role: Role, settings: Settings | None = None) -> roles.RoleOutcome:
    return house.write(lambda s: roles.give_role(s, settings or house.settings, user_id, role, NOW))


def sources(house: House, user_id: int, settings: Settings) -> set[Source]:
    return set(house.read(lambda s: roles.sources_of(s, settings, s.get_one(User, user_id))))


def test_sources_are_told_apart(house: House) -> None:
    settings = replace(house.settings, admin_usernames=frozenset({"alice"}))
    assert sources(house, house.alice, settings) == {Source.IDS}
    house.write(lambda s: access.admit(s, settings, ALICE, NOW))
    give(house, house.alice, Role.ADMIN)  # is one already: nothing is written
    assert sources(house, house.alice, settings) == {Source.IDS, Source.NAME}
    give(house, house.dan, Role.ADMIN)
    assert sources(house, house.dan, settings) == {Source.ROLE}
    assert sources(house, house.person("Nobody"), settings) == set()


def test_role_is_given_and_taken_and_told_once(house: House) -> None:
    told = give(house, house.dan, Role.ADMIN)
    assert (told.changed, told.is_admin, told.let_in, told.telegram_user_id) == (True, True, False, 1002)
    assert give(house, house.dan, Role.ADMIN).changed is False
    told = give(house, house.dan, Role.USER)
    assert (told.changed, told.is_admin) == (True, False)
    assert give(house, house.dan, Role.USER).changed is False


@pytest.mark.parametrize(
    "take",
    [
        lambda s, settings, who: roles.give_role(s, settings, who, Role.USER, NOW),
        lambda s, settings, who: roles.deactivate(s, settings, who, NOW),
        lambda s, settings, who: roles.unlink(s, settings, who, NOW),
    ],
    ids=["demoted", "deactivated", "unlinked"],
)
def test_last_admin_by_role_is_kept(house: House, take: Callable[..., object]) -> None:
    settings = no_ids(house)
    house.write(lambda s: repository.set_user_role(s, house.dan, Role.ADMIN))
    assert refused(lambda: house.write(lambda s: take(s, settings, house.dan))) == "people.last_admin"
    assert house.read(lambda s: roles.admin_accounts(s, settings)) == {1002}

    house.write(lambda s: repository.set_user_role(s, house.alice, Role.ADMIN))
    house.write(lambda s: take(s, settings, house.dan))
    assert house.read(lambda s: roles.admin_accounts(s, settings)) == {1001}


def test_last_admin_by_name_is_not_deactivated(house: House) -> None:
    settings = no_ids(house, admin_usernames=frozenset({"alice"}))
    house.write(lambda s: access.admit(s, settings, ALICE, NOW))
    off = lambda: house.write(lambda s: roles.deactivate(s, settings, house.alice, NOW))  # noqa: E731
    assert refused(off) == "people.last_admin"
    house.write(lambda s: repository.set_user_role(s, house.dan, Role.ADMIN))
    off()
    assert house.read(lambda s: roles.admin_accounts(s, settings)) == {1002}


def test_admins_who_count(house: House) -> None:
    """Ids always; names once bound and while they stand in the environment; roles of the active with an account."""
    settings = replace(house.settings, admin_ids=frozenset({777}), admin_usernames=frozenset({"alice", "unbound"}))
    accounts = lambda s=settings: house.read(lambda session: roles.admin_accounts(session, s))  # noqa: E731
    assert accounts() == {777}
    house.write(lambda s: access.admit(s, settings, ALICE, NOW))
    assert accounts() == {777, 1001}
    assert accounts(replace(settings, admin_usernames=frozenset())) == {777}
    nobody = house.person("Role without account", role=Role.ADMIN)
    house.write(lambda s: repository.set_user_role(s, house.dan, Role.ADMIN))
    assert accounts() == {777, 1001, 1002}
    house.write(lambda s: roles.deactivate(s, settings, house.dan, NOW))
    assert accounts() == {777, 1001}
    assert sources(house, nobody, settings) == set()


def test_environments_admins_are_not_demoted_by_the_bot(house: House) -> None:
    named = no_ids(house, admin_usernames=frozenset({"dan"}))
    house.write(lambda s: access.admit(s, named, DAN, NOW))
    assert refused(lambda: give(house, house.alice, Role.USER)) == "people.admin_by_ids"
    assert refused(lambda: give(house, house.dan, Role.USER, named)) == "people.admin_by_name"
    assert refused(lambda: house.write(lambda s: roles.deactivate(s, house.settings, house.alice, NOW))) == (
        "people.admin_by_ids"
    )


def test_role_needs_an_account_and_access(house: House) -> None:
    assert refused(lambda: give(house, house.person("Ivan"), Role.ADMIN)) == "people.role_no_account"
    house.write(lambda s: roles.deactivate(s, house.settings, house.dan, NOW))
    assert refused(lambda: give(house, house.dan, Role.ADMIN)) == "people.role_inactive"
    assert refused(lambda: give(house, 4711, Role.ADMIN)) == "people.gone"


@pytest.mark.parametrize("role", list(Role))
def test_unknown_account_is_let_in_by_an_admins_word(house: House, role: Role) -> None:
    told = house.write(lambda s: roles.let_in(s, house.settings, SAM, role, NOW))
    assert (told.let_in, told.changed, told.is_admin) == (True, True, role == Role.ADMIN)
    user = house.read(lambda s: s.get_one(User, told.user_id))
    assert (user.full_name, user.username, user.linked_at) == ("Sam Stranger", "sam", NOW)
    house.write(lambda s: repository.set_user_role(s, told.user_id, Role.USER))
    assert house.read(lambda s: access.level_of(s, house.settings, 1003)) == Level.MEMBER


def test_deactivating_takes_everything_but_the_shifts(house: House) -> None:
    house.put(duty(house.dan, "2026-11-24"))

    def furnish(session: Session) -> str:
        dialogues.begin(session, house.dan, "x", 1, NOW)
        outbox.put(session, NoticeKind.STARTS, "k", {}, NOW, NOW, user_id=house.dan)
        return links.get_token(session, SECRET, house.dan, LinkScope.PERSONAL, NOW)

    token = house.write(furnish)
    live = house.live()
    link = lambda: house.read(lambda s: links.find_link(s, SECRET, token))  # noqa: E731
    assert link() is not None

    assert house.write(lambda s: roles.deactivate(s, house.settings, house.dan, NOW)).changed is True

    assert link() is None
    assert house.live() == live
    assert house.read(lambda s: s.exec(select(Notice.outcome)).all()) == [NoticeOutcome.WITHDRAWN]
    assert house.read(lambda s: s.exec(select(Dialogue)).all()) == []
    assert house.read(lambda s: access.level_of(s, house.settings, 1002)) == Level.STRANGER
    assert house.write(lambda s: roles.deactivate(s, house.settings, house.dan, NOW)).changed is False

    assert house.write(lambda s: roles.activate(s, house.settings, house.dan)).changed is True
    assert link() is not None
    assert house.read(lambda s: access.level_of(s, house.settings, 1002)) == Level.MEMBER


def test_unlinking_says_what_the_account_may_still_do(house: House) -> None:
    told = house.write(lambda s: roles.unlink(s, house.settings, house.alice, NOW, 1001))
    assert (told.changed, told.is_admin, told.telegram_user_id) == (True, True, 1001)
    told = house.write(lambda s: roles.unlink(s, house.settings, house.dan, NOW, 9999))
    assert (told.changed, told.telegram_user_id) == (False, 1002)


@pytest.mark.parametrize(
    "change",
    [
        lambda s, house: roles.give_role(s, house.settings, house.dan, Role.ADMIN, NOW),
        lambda s, house: roles.deactivate(s, house.settings, house.dan, NOW),
        lambda s, house: roles.unlink(s, house.settings, house.dan, NOW),
        lambda s, house: access.admit(s, replace(house.settings, admin_usernames=frozenset({"dan"})), DAN, NOW),
    ],
    ids=["role", "deactivated", "unlinked", "name bound"],
)
def test_what_is_remembered_falls_when_the_change_commits(
    house: House, cache_folder: Path, change: Callable[[Session, House], object]
) -> None:
    is_admin_cache.set((1002,), False)
    house.write(lambda s: change(s, house))
    assert is_admin_cache.get((1002,), NOW) is None


# --- names ---


def test_rename_keeps_the_old_name_for_files(house: House) -> None:
    before = house.revision("people")
    user = house.write(lambda s: accounts.rename(s, house.dan, "  Daniel   Duty ", NOW))
    assert user.full_name == "Daniel Duty"
    assert house.read(lambda s: [(a.name_key, a.user_id) for a in s.exec(select(UserAlias))]) == [
        ("dan duty", house.dan)
    ]
    assert house.revision("people") == before + 1
    house.write(lambda s: accounts.rename(s, house.dan, "Daniel Duty", NOW))
    assert house.revision("people") == before + 1
    assert house.write(lambda s: accounts.rename(s, house.dan, "Dan Duty", NOW)).full_name == "Dan Duty"


@pytest.mark.parametrize("name", ["", "   ", "123", "…", "x" * 201])
def test_rename_refuses_what_is_no_name(house: House, name: str) -> None:
    assert refused(lambda: house.write(lambda s: accounts.rename(s, house.dan, name, NOW))) == "people.name_bad"


def test_rename_refuses_a_name_of_somebody_else(house: House) -> None:
    ivan = house.person("Иванов Иван")
    house.write(lambda s: s.add(UserAlias(user_id=ivan, name_key="ваня")))
    for name in ("Иван Иванов", "Ваня", "ИВАНОВ  ИВАН"):
        assert refused(lambda name=name: house.write(lambda s: accounts.rename(s, house.dan, name, NOW))) == (  # type: ignore[misc]
            "people.name_taken"
        )


# --- the list ---


def test_list_filters_and_marks(house: House) -> None:
    boris, gone = house.person("Boris"), house.person("Gone", is_active=False)
    undone = house.person("Left Over")
    house.undo(house.put(duty(undone, "2026-11-24")))
    house.write(lambda s: accounts.set_reachable(s, house.alice, True))
    listed = lambda which: {  # noqa: E731
        line.user_id: [str(mark) for mark in line.marks]
        for line in house.read(lambda s: cards.list_people(s, house.settings, which))
    }
    assert listed(Which.ALL) == {house.alice: ["admin"], house.dan: ["unreachable"], boris: ["no_account"]}
    assert listed(Which.UNREACHABLE) == {house.dan: ["unreachable"], boris: ["no_account"]}
    assert listed(Which.ADMINS) == {house.alice: ["admin"]}
    assert listed(Which.INACTIVE) == {gone: ["inactive"], undone: ["left_over"]}


def test_card_counts_what_is_to_come(house: House) -> None:
    house.put(
        duty(house.dan, "2026-11-20"), duty(house.dan, "2026-11-23"),
        duty(house.dan, "2026-11-25"), duty(house.dan, "2026-11-27"),
    )  # fmt: skip
    card = house.read(lambda s: cards.card(s, house.settings, house.dan, NOW))
    assert (card.coming, card.level, card.sources) == (3, Level.MEMBER, frozenset())
    assert card.on_duty_until is not None and card.next_shift is not None
    assert f"{card.on_duty_until[0]:%d %H:%M} {card.next_shift[0]:%d %H:%M}" == "24 06:00 25 06:00"


# --- what admins are told ---


def told(house: House) -> list[tuple[str, int | None]]:
    return house.read(
        lambda s: [(n.dedupe_key, n.user_id) for n in s.exec(select(Notice).order_by(Notice.id))]  # type: ignore[arg-type]
    )


def test_admins_are_told_of_a_name_that_is_bound_once_each_and_later_holders_bind_nothing(house: House) -> None:
    house.write(lambda s: accounts.set_reachable(s, house.alice, True))
    house.write(lambda s: repository.set_user_role(s, house.dan, Role.ADMIN))  # cannot be reached: not told
    settings = replace(house.settings, allowed_usernames=frozenset({"sam"}), admin_usernames=frozenset({"sam"}))
    for visitor in (SAM, SAM, Visitor(4711, "Mallory", "SAM")):
        house.write(lambda s, visitor=visitor: access.admit(s, settings, visitor, NOW))  # type: ignore[misc]
    assert told(house) == [
        (f"bound:admin:sam:1003:{house.alice}", house.alice),
        (f"bound:allowed:sam:1003:{house.alice}", house.alice),
    ]
    assert house.read(lambda s: access.level_of(s, settings, 4711)) == Level.STRANGER
    assert house.read(lambda s: access.level_of(s, house.settings, 1003)) == Level.STRANGER


def test_nobody_is_told_when_the_binding_is_rolled_back(house: House) -> None:
    house.write(lambda s: accounts.set_reachable(s, house.alice, True))
    settings = replace(house.settings, allowed_usernames=frozenset({"sam"}))

    def fail(session: Session) -> None:
        access.admit(session, settings, SAM, NOW)
        raise KeyError

    with pytest.raises(KeyError):
        house.write(fail)
    assert told(house) == []


def test_who_bound_the_name_is_not_told_of_it(house: House) -> None:
    settings = replace(house.settings, admin_usernames=frozenset({"alice"}))
    house.write(lambda s: accounts.set_reachable(s, house.alice, True))
    house.write(lambda s: access.admit(s, settings, ALICE, NOW))
    assert told(house) == []


def test_who_has_said_it_is_not_told_who_joined(house: House) -> None:
    ivan = house.person("Ivan")
    house.write(lambda s: repository.set_user_role(s, house.dan, Role.ADMIN))

    def work(session: Session) -> None:
        person = session.get_one(User, ivan)
        admins = [session.get_one(User, house.alice), session.get_one(User, house.dan)]
        admin_notices.joined(session, admins, person, SAM, NOW, said_by=house.alice)

    house.write(work)
    assert told(house) == [(f"joined:{ivan}:1003:{int(NOW.timestamp())}:{house.dan}", house.dan)]
