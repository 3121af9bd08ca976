"""Secret links: shown again but never stored, and dead when they should be."""

import hashlib
from datetime import timedelta

import pytest
from sqlmodel import select

from duty_teller.db.models import CalendarLink, LinkScope, User
from duty_teller.services.feeds import links
from tests.house import NOW, SECRET, House


def token(house: House, scope: LinkScope = LinkScope.PERSONAL, secret: bytes = SECRET) -> str:
    return house.write(lambda s: links.get_token(s, secret, house.dan, scope, NOW))


def find(house: House, text: str, secret: bytes = SECRET) -> int | None:
    link = house.read(lambda s: links.find_link(s, secret, text))
    return None if link is None else link.id


def change(house: House, **fields: object) -> None:
    def work(session: object) -> None:
        link = session.exec(select(CalendarLink)).one()  # type: ignore[attr-defined]
        for name, value in fields.items():
            setattr(link, name, value)

    house.write(work)


def test_token_is_shown_again_equal_and_opens_its_link(house: House) -> None:
    first = token(house)
    assert token(house) == first
    assert find(house, first) == 1
    assert token(house, LinkScope.TEAM) != first


@pytest.mark.sqlite("the bytes of its file")
def test_token_has_256_bits_and_only_its_hash_is_stored(house: House) -> None:
    number, _dash, rest = token(house).partition("-")
    assert (number, len(rest)) == ("1", 43)
    database = (house.folder / "duty_teller.db").read_bytes() + (house.folder / "duty_teller.db-wal").read_bytes()
    assert rest.encode() not in database


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t[:-1] + ("A" if t[-1] not in "AB" else "z"),
        lambda t: "2" + t[1:],
        lambda t: "0" + t,
        lambda t: t + "A",
        lambda t: t + "\n",
        lambda t: "9" * 30 + t[1:],
        lambda t: "",
        lambda t: "1-" + "ё" * 43,
    ],
    ids=["forged", "other link", "leading zero", "longer", "newline", "huge", "nothing", "not ascii"],
)
def test_token_that_is_not_ours_opens_nothing(house: House, spoil: object) -> None:
    assert find(house, spoil(token(house))) is None  # type: ignore[operator]


def test_revoked_link_opens_nothing_and_the_next_one_is_new(house: House) -> None:
    old = token(house)
    change(house, revoked_at=NOW)
    assert find(house, old) is None
    new = token(house)
    assert (new != old, find(house, new), find(house, old)) == (True, 2, None)


def test_next_generation_has_another_token(house: House) -> None:
    old = token(house)
    change(house, generation=2)
    new = token(house)
    assert (find(house, new), find(house, old)) == (1, None)


def test_links_of_somebody_inactive_open_nothing(house: House) -> None:
    text = token(house)

    def retire(session: object) -> None:
        session.get_one(User, house.dan).is_active = False  # type: ignore[attr-defined]

    house.write(retire)
    assert find(house, text) is None


def test_lost_secret_makes_new_tokens_and_ends_the_old(house: House) -> None:
    old = token(house)
    new = token(house, secret=bytes(32))
    assert (find(house, new, bytes(32)), find(house, old, bytes(32))) == (1, None)


def test_last_reads_are_written_as_a_batch(house: House) -> None:
    token(house)
    later = NOW + timedelta(minutes=5)
    house.write(lambda s: links.note_reads(s, {1: (later, "Google-Calendar-Importer" * 20), 99: (later, "x")}))
    link = house.read(lambda s: s.exec(select(CalendarLink)).one())
    assert (link.last_read_at, len(link.last_read_by or "")) == (later, 200)


def test_hash_that_somebody_wrote_into_the_database_opens_nothing(house: House) -> None:
    token(house)
    forged = "1-" + "A" * 43
    change(house, token_sha256=hashlib.sha256(forged.encode()).hexdigest())
    assert find(house, forged) is None


def view(house: House, scope: LinkScope = LinkScope.PERSONAL) -> links.LinkView:
    found = house.write(lambda s: links.links_of(s, SECRET, house.dan, NOW))
    return next(link for link in found if link.scope == scope)


def test_new_address_opens_and_the_old_one_does_not(house: House) -> None:
    old = view(house)
    house.write(lambda s: links.note_reads(s, {1: (NOW, "Google-Calendar-Importer")}))

    assert house.write(lambda s: links.rotate(s, SECRET, house.dan, LinkScope.PERSONAL, old.mark))

    new = view(house)
    assert new.token is not None and old.token is not None
    assert (find(house, new.token), find(house, old.token)) == (1, None)
    assert (new.mark, new.last_read_at, new.last_read_by) == ("1.2", None, None)
    assert not house.write(lambda s: links.rotate(s, SECRET, house.dan, LinkScope.PERSONAL, old.mark))
    assert not house.write(lambda s: links.revoke(s, house.dan, LinkScope.PERSONAL, old.mark, NOW))
    assert view(house) == new


def test_revoked_link_stays_revoked_until_it_is_asked_for(house: House) -> None:
    old, team = view(house), view(house, LinkScope.TEAM)

    assert house.write(lambda s: links.revoke(s, house.dan, LinkScope.PERSONAL, old.mark, NOW))

    assert view(house).token is None
    assert view(house, LinkScope.TEAM) == team
    assert old.token is not None and find(house, old.token) is None
    for again in (links.rotate, lambda s, _secret, *rest: links.revoke(s, *rest, NOW)):
        assert not house.write(lambda s, again=again: again(s, SECRET, house.dan, LinkScope.PERSONAL, old.mark))
    house.write(lambda s: links.get_token(s, SECRET, house.dan, LinkScope.PERSONAL, NOW))
    made = view(house)
    assert made.token is not None and made.token != old.token
    assert find(house, made.token) == 3


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Google-Calendar-Importer", "Google Calendar"),
        ("Mozilla/5.0 (compatible; Google-Calendar/1.0)", "Google Calendar"),
        ("iOS/17.1 (21B74) dataaccessd/1.0", "Apple Calendar"),
        ("macOS/14.1 (23B74) dataaccessd/1.0", "Apple Calendar"),
        ("Mac+OS+X/10.15.7 (19H2) CalendarAgent/930.5.1", "Apple Calendar"),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0)", "Outlook"),
        ("Exchange/15.20 (ICS)", "Outlook"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.5", "Thunderbird"),
        ("ICSx5/2.1 (ical4j) Android/14", "ICSx⁵"),
        ("curl/8.5.0", "curl"),
        ("My Own Reader", "My"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0", None),
        ("", None),
        ("   ", None),
    ],
)
def test_client_is_called_by_a_name_people_know(agent: str, name: str | None) -> None:
    assert links.client_name(agent) == name
