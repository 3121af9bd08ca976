"""Secret links: shown again but never stored, and dead when they should be."""

import hashlib
from datetime import timedelta

import pytest
from sqlmodel import select

from duty_teller.db.models import CalendarLink, LinkScope, User
from duty_teller.services import calendar_link_service as links
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
