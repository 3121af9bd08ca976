"""Who is who, and who may do what: the numeric id alone grants."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from duty_teller.cache import is_admin_cache
from duty_teller.config import Settings
from duty_teller.db import repository
from duty_teller.db.models import (
    AccessName,
    CalendarLink,
    Chat,
    DraftStage,
    ImportDraft,
    LinkScope,
    Notice,
    NoticeKind,
    Role,
    ScheduleChange,
    User,
)
from duty_teller.i18n.core import LocalizedError
from duty_teller.services.outbox import outbox
from duty_teller.services.people import access, accounts
from duty_teller.services.people.access import Level, Person, Recognised
from duty_teller.services.people.accounts import LinkError
from duty_teller.utils.user import GROUP_ANONYMOUS_BOT, Visitor
from tests.house import ALICE, DAN, NOW, SAM, SECRET, House, duty

NAMES = {
    "admin_ids": frozenset[int](),
    "admin_usernames": frozenset({"alice"}),
    "allowed_usernames": frozenset({"sam"}),
}


def admit(house: House, visitor: Visitor, settings: Settings | None = None) -> Person | None:
    return house.write(lambda s: access.admit(s, settings or house.settings, visitor, NOW))


def level(house: House, account: int, settings: Settings | None = None) -> Level:
    return house.read(lambda s: access.level_of(s, settings or house.settings, account))


def count(house: House, model: type[User] | type[AccessName]) -> int:
    return house.read(lambda session: len(session.exec(select(model)).all()))


def named(house: House) -> Settings:
    return replace(house.settings, **NAMES)  # type: ignore[arg-type]


def test_admin_by_id_a_linked_person_and_a_stranger(house: House) -> None:
    alice, dan = admit(house, ALICE), admit(house, DAN)
    assert alice is not None and dan is not None
    assert (alice.level, alice.is_admin, alice.linked) == (Level.ADMIN, True, False)
    assert (dan.level, dan.is_admin, dan.linked, dan.user_id) == (Level.MEMBER, False, True, house.dan)


def test_nothing_is_stored_of_a_stranger(house: House) -> None:
    before = (count(house, User), count(house, AccessName), house.revision("people"))
    assert admit(house, SAM) is None
    assert house.read(lambda s: access.recognise(s, house.settings, SAM)) == Recognised(None, False)
    assert (count(house, User), count(house, AccessName), house.revision("people")) == before


def test_first_account_that_shows_a_name_gets_it_and_later_holders_get_nothing(house: House) -> None:
    settings = named(house)
    first = admit(house, Visitor(2001, "First", "Sam"), settings)
    later = admit(house, Visitor(2002, "Later", "sam"), settings)
    assert first is not None and first.level == Level.MEMBER
    assert later is None
    assert count(house, AccessName) == 1


def test_bound_account_keeps_access_when_it_is_renamed(house: House) -> None:
    settings = named(house)
    admit(house, Visitor(2001, "First", "alice"), settings)
    renamed = admit(house, Visitor(2001, "First", "new_name"), settings)
    assert renamed is not None and (renamed.is_admin, renamed.username) == (True, "new_name")


def test_name_removed_from_the_environment_stops_granting(house: House) -> None:
    admit(house, Visitor(2001, "First", "sam"), named(house))
    assert level(house, 2001, named(house)) == Level.MEMBER
    assert level(house, 2001, replace(named(house), allowed_usernames=frozenset())) == Level.STRANGER


def test_name_in_both_lists_is_bound_to_the_same_account(house: House) -> None:
    both = replace(house.settings, admin_usernames=frozenset({"sam"}), allowed_usernames=frozenset({"sam"}))
    admit(house, SAM, both)
    assert level(house, 1003, both) == Level.ADMIN
    assert level(house, 1003, replace(both, admin_usernames=frozenset())) == Level.MEMBER


def test_unbound_name_grants_nothing_by_reading(house: House) -> None:
    assert house.read(lambda s: access.recognise(s, named(house), SAM)) == Recognised(None, True)
    assert level(house, 1003, named(house)) == Level.STRANGER


def test_role_admin_is_admin_and_inactive_people_are_strangers(house: House) -> None:
    house.write(lambda s: repository.set_user_role(s, house.dan, Role.ADMIN))
    assert level(house, 1002) == Level.ADMIN

    def retire(session: Session) -> None:
        session.get_one(User, house.dan).is_active = False

    house.write(retire)
    assert level(house, 1002) == Level.STRANGER
    assert admit(house, DAN) is None


def test_admin_ids_stand_above_a_row_that_is_not_active(house: House) -> None:
    def retire(session: Session) -> None:
        session.get_one(User, house.alice).is_active = False

    house.write(retire)
    assert level(house, 1001) == Level.ADMIN


def test_anonymous_group_admin_is_never_let_in(house: House) -> None:
    everything = replace(
        named(house),
        admin_ids=frozenset({GROUP_ANONYMOUS_BOT}),
        admin_usernames=frozenset({"groupanonymousbot"}),
    )
    anonymous = Visitor(GROUP_ANONYMOUS_BOT, "Group", "GroupAnonymousBot")
    assert admit(house, anonymous, everything) is None
    assert count(house, AccessName) == 0


def test_recognise_reads_alone_and_leaves_what_is_new_to_admit(house: House) -> None:
    recognise = lambda visitor: house.read(lambda s: access.recognise(s, house.settings, visitor))  # noqa: E731
    dan = admit(house, DAN)
    assert recognise(DAN) == Recognised(dan, False)
    assert recognise(replace(DAN, username="dan_new")) == Recognised(dan, True)
    assert recognise(replace(DAN, language_code="ru")) == Recognised(dan, True)
    assert recognise(replace(DAN, language_code=None)) == Recognised(admit(house, DAN), False)


def test_name_of_the_roster_stays_whatever_telegram_shows(house: House) -> None:
    person = admit(house, Visitor(1002, "King of the Hill", "dan_new", "ru"))
    assert person is not None
    assert (person.full_name, person.username, person.language_code) == ("Dan Duty", "dan_new", "ru")


def test_ids_of_64_bits_are_told_apart(house: House) -> None:
    big = 2**52 + 1001
    settings = replace(house.settings, admin_ids=frozenset({big}))
    assert admit(house, Visitor(big, "Big"), settings) is not None
    assert level(house, big + 1, settings) == Level.STRANGER


# --- invitations ---


def accept(house: House, payload: str, visitor: Visitor = SAM) -> User:
    return house.write(lambda s: accounts.accept_invitation(s, SECRET, payload, visitor, house.clock.now))


def refused(house: House, payload: str, visitor: Visitor = SAM) -> str:
    before = house.revision("people")
    with pytest.raises(LinkError) as caught:
        accept(house, payload, visitor)
    assert house.revision("people") == before
    return caught.value.key


def test_invitation_ties_the_account_that_pressed_it(house: House) -> None:
    ivan = house.person("Иванов Иван")
    payload = accounts.invitation(SECRET, ivan, NOW)
    assert len(payload) <= 64
    assert accounts.is_invitation(payload) is True
    assert payload.replace("-", "").replace("_", "").isalnum()

    person = accept(house, payload)

    assert (person.id, person.telegram_user_id, person.username, person.linked_at) == (ivan, 1003, "sam", NOW)
    assert (person.full_name, level(house, 1003)) == ("Иванов Иван", Level.MEMBER)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda p: p[:-1] + ("A" if p[-1] != "A" else "B"),
        lambda p: p.replace("i", "i1", 1),
        lambda p: p.upper(),
        lambda p: p + "x",
        lambda p: p.rsplit("-", 1)[0] + "-ё",
        lambda p: "i" + "f" * 40 + "-1-x",
        lambda p: "i1",
        lambda p: "i-zz-x",
        lambda p: "",
    ],
    ids=["signature", "person", "case", "longer", "not ascii", "huge", "short", "no number", "nothing"],
)
def test_forged_invitation_is_refused(house: House, spoil: object) -> None:
    ivan = house.person("Иванов Иван")
    payload = spoil(accounts.invitation(SECRET, ivan, NOW))  # type: ignore[operator]
    assert refused(house, payload) == "error.invitation_invalid"


def test_invitation_signed_with_another_secret_is_refused(house: House) -> None:
    ivan = house.person("Иванов Иван")
    assert refused(house, accounts.invitation(bytes(32), ivan, NOW)) == "error.invitation_invalid"


def test_invitation_ends_after_a_week(house: House) -> None:
    payload = accounts.invitation(SECRET, house.person("Иванов Иван"), NOW)
    house.clock.move(days=7, seconds=1)
    assert refused(house, payload) == "error.invitation_expired"
    house.clock.move(seconds=-1)
    assert accept(house, payload).telegram_user_id == 1003


def test_used_invitation_is_refused_for_others_and_harmless_for_the_same(house: House) -> None:
    ivan = house.person("Иванов Иван")
    payload = accounts.invitation(SECRET, ivan, NOW)
    accept(house, payload)
    house.clock.move(days=30)
    assert accept(house, payload).id == ivan
    assert refused(house, payload, Visitor(2009, "Mallory")) == "error.invitation_used"


def test_invitation_of_somebody_inactive_is_refused(house: House) -> None:
    ivan = house.person("Иванов Иван", is_active=False)
    assert refused(house, accounts.invitation(SECRET, ivan, NOW)) == "error.invitation_invalid"


def test_account_that_is_somebody_of_the_roster_cannot_be_two(house: House) -> None:
    payload = accounts.invitation(SECRET, house.person("Иванов Иван"), NOW)
    assert refused(house, payload, DAN) == "error.link_other"


def test_account_with_shifts_of_its_own_cannot_be_absorbed(house: House) -> None:
    house.put(duty(house.alice, "2026-11-24"))
    payload = accounts.invitation(SECRET, house.person("Иванов Иван"), NOW)
    assert refused(house, payload, ALICE) == "error.link_other"


def test_person_with_another_account_is_taken(house: House) -> None:
    with pytest.raises(LinkError) as caught:
        house.write(lambda s: accounts.link(s, s.get_one(User, house.dan), SAM, NOW))
    assert caught.value.key == "error.link_taken"


def test_row_of_an_account_is_absorbed_with_all_that_hangs_on_it(house: House) -> None:
    def furnish(session: Session) -> None:
        alice = session.get_one(User, house.alice)
        alice.role, alice.phone, alice.language, alice.reachable = Role.ADMIN, "+79005550000", "ru", True
        alice.reminder_leads, alice.quiet_hours, alice.notices_off = "", "23:00-07:00", "gaps"
        outbox.put(session, NoticeKind.PEOPLE, "k", {}, NOW, NOW, user_id=house.alice)
        session.add(CalendarLink(user_id=house.alice, scope=LinkScope.TEAM, token_sha256="x", created_at=NOW))
        session.add(Chat(id=-5, title="Group", trusted=True, trusted_by=house.alice))
        session.add(
            ImportDraft(
                owner_id=house.alice,
                roster_id=1,
                stage=DraftStage.FILE,
                chat_id=1,
                created_at=NOW,
                expires_at=NOW + timedelta(days=1),
            )
        )

    house.write(furnish)
    house.put(duty(house.dan, "2026-11-24"))
    person = house.person("Алиса Админова", username="old_hint")

    accept(house, accounts.invitation(SECRET, person, NOW), ALICE)

    def read(session: Session) -> tuple[object, ...]:
        user = session.get_one(User, person)
        return (
            session.get(User, house.alice),
            (user.telegram_user_id, user.full_name, user.username),
            (user.role, user.phone, user.language, user.reachable),
            (user.reminder_leads, user.quiet_hours, user.notices_off),
            session.exec(select(Notice.user_id)).all(),
            session.exec(select(CalendarLink.user_id)).all(),
            session.get_one(Chat, -5).trusted_by,
            session.exec(select(ImportDraft.owner_id)).all(),
            session.exec(select(ScheduleChange.author_id)).all(),
        )

    assert house.read(read) == (
        None,
        (1001, "Алиса Админова", "alice"),
        (Role.ADMIN, "+79005550000", "ru", True),
        ("", "23:00-07:00", "gaps"),
        [person],
        [person],
        person,
        [person],
        [person],
    )


# --- roles, phones, reach ---


def test_new_role_drops_what_is_remembered_of_that_person_once_it_commits(house: House, cache_folder: Path) -> None:
    is_admin_cache.set((1002,), False)
    is_admin_cache.set((1001,), True)

    def work(session: Session) -> None:
        repository.set_user_role(session, house.dan, Role.ADMIN)
        assert is_admin_cache.get((1002,), NOW) is False

    people = house.revision("people")
    house.write(work)
    assert (is_admin_cache.get((1002,), NOW), is_admin_cache.get((1001,), NOW)) == (None, True)
    assert house.revision("people") == people + 1


def test_phone_is_normalised_stored_and_removed(house: House) -> None:
    phone = lambda: house.read(lambda s: s.get_one(User, house.dan).phone)  # noqa: E731
    people = house.revision("people")
    house.write(lambda s: accounts.set_phone(s, house.dan, "8 (900) 111-22-44"))
    assert (phone(), house.revision("people")) == ("+79001112244", people + 1)
    with pytest.raises(LocalizedError):
        house.write(lambda s: accounts.set_phone(s, house.dan, "call me"))
    assert phone() == "+79001112244"
    house.write(lambda s: accounts.set_phone(s, house.dan, None))
    assert phone() is None


def test_people_named_are_candidates_without_an_account_only(house: House) -> None:
    ivan = house.person("Иванов Иван", username="ivan_i")
    house.person("Gone", username="ivan_i", is_active=False)
    found = lambda name: [u.id for u in house.read(lambda s: accounts.people_named(s, name))]  # noqa: E731
    assert (found("IVAN_I"), found("dan"), found(None), found("")) == ([ivan], [], [], [])


def test_reachable_admins_are_those_the_bot_may_write_to(house: House) -> None:
    ids = lambda: [u.id for u in house.read(lambda s: access.reachable_admins(s, house.settings))]  # noqa: E731
    assert ids() == []
    house.write(lambda s: accounts.set_reachable(s, house.alice, True))
    house.write(lambda s: accounts.set_reachable(s, house.dan, True))
    assert ids() == [house.alice]
