"""What the history says of each kind of change, in both languages."""

from dataclasses import replace

import pytest

from duty_teller.db.models import ChangeKind, EventType
from duty_teller.services import history, schedule_service
from duty_teller.services.schedule_service import Diff, DiffItem, Shift
from duty_teller.services.texts.history import label, sentence
from tests.house import House, absence, duty, moscow

FRIDAY = "2026-11-27"
SPAN = {"en": "Fri 27 Nov, 09:00 – Sat 28 Nov, 09:00", "ru": "пт 27 нояб., 09:00 – сб 28 нояб., 09:00"}
NEXT = {"en": "Sat 28 Nov, 09:00 – Sun 29 Nov, 09:00", "ru": "сб 28 нояб., 09:00 – вс 29 нояб., 09:00"}


def edit(house: House, kind: ChangeKind, *pairs: tuple[Shift | None, Shift | None], reason: str = "x") -> int:
    """Applies a change by hand: (before, after) of each shift."""
    uids = {Shift.of(row): row.uid for row in house.duties() if row.cancelled_at is None}
    items = tuple(DiffItem(uids[before] if before is not None else None, before, after) for before, after in pairs)
    return house.apply(Diff(1, house.revision(), kind, items), reason)


def said(house: House, change: int, lang: str) -> str:
    def read(session: object) -> str:
        view = history.view(session, change)  # type: ignore[arg-type]
        assert view is not None
        return sentence(session, lang, view, house.roster())  # type: ignore[arg-type]

    return house.read(read)


@pytest.mark.parametrize(
    ("kind", "en", "ru"),
    [
        (
            ChangeKind.COVER,
            "Alice Admin took over Dan Duty's shift: {span}",
            "{span}: дежурит Alice Admin, а не Dan Duty",
        ),
        (
            ChangeKind.EDIT,
            "Alice Admin took over Dan Duty's shift: {span}",
            "{span}: дежурит Alice Admin, а не Dan Duty",
        ),
    ],
)
def test_shift_that_changed_hands(house: House, kind: ChangeKind, en: str, ru: str) -> None:
    shift = duty(house.dan, FRIDAY)
    house.put(shift)
    change = edit(house, kind, (shift, None), (None, replace(shift, user_id=house.alice)))
    assert said(house, change, "en") == en.format(span=SPAN["en"])
    assert said(house, change, "ru") == ru.format(span=SPAN["ru"])


def test_shift_that_somebody_else_gave_away_says_who_and_why(house: House) -> None:
    shift = duty(house.alice, FRIDAY)
    house.put(shift)
    change = edit(
        house, ChangeKind.EDIT, (shift, None), (None, replace(shift, user_id=house.dan)), reason="A → B · sick child"
    )
    assert said(house, change, "en") == f"Alice Admin gave Alice Admin's shift to Dan Duty: {SPAN['en']} (sick child)"
    assert said(house, change, "ru") == f"Alice Admin: {SPAN['ru']} — дежурит Dan Duty, а не Alice Admin (sick child)"


def test_swap_names_what_each_has_now(house: House) -> None:
    one, other = duty(house.dan, FRIDAY), duty(house.alice, "2026-11-28")
    house.put(one, other)
    change = edit(
        house,
        ChangeKind.SWAP,
        (one, None),
        (None, replace(one, user_id=house.alice)),
        (other, None),
        (None, replace(other, user_id=house.dan)),
    )
    assert said(house, change, "en") == (
        f"Alice Admin and Dan Duty swapped: Alice Admin has {SPAN['en']}, Dan Duty has {NEXT['en']}"
    )
    assert said(house, change, "ru") == (
        f"Alice Admin и Dan Duty поменялись: Alice Admin — {SPAN['ru']}, Dan Duty — {NEXT['ru']}"
    )


def test_shift_added_moved_and_removed(house: House) -> None:
    shift = duty(house.dan, FRIDAY)
    moved = replace(shift, end_at=moscow("2026-11-28", 12))
    added = edit(house, ChangeKind.EDIT, (None, shift))
    changed = edit(house, ChangeKind.EDIT, (shift, moved))
    removed = edit(house, ChangeKind.EDIT, (moved, None))

    longer = "Fri 27 Nov, 09:00 – Sat 28 Nov, 12:00"
    assert said(house, added, "en") == f"Alice Admin added a shift for Dan Duty: {SPAN['en']}"
    assert said(house, changed, "en") == f"Alice Admin moved Dan Duty's shift: {SPAN['en']} → {longer}"
    assert said(house, removed, "en") == f"Alice Admin removed Dan Duty's shift: {longer}"
    assert said(house, added, "ru") == f"Alice Admin: новая смена — Dan Duty, {SPAN['ru']}"


def test_absence_and_its_end(house: House) -> None:
    away = absence(house.dan, "2026-12-01", days=5)
    entered = edit(house, ChangeKind.AWAY, (None, away))
    shorter = edit(house, ChangeKind.AWAY, (away, replace(away, end_at=moscow("2026-12-03"))))
    assert away.event_type == EventType.VACATION
    assert said(house, entered, "en") == "Alice Admin entered for Dan Duty: vacation, Tue 1 Dec – Sat 5 Dec"
    assert said(house, entered, "ru") == "Alice Admin: отпуск — Dan Duty, вт 1 дек. – сб 5 дек."
    assert said(house, shorter, "en") == (
        "Alice Admin changed for Dan Duty: vacation, Tue 1 Dec – Sat 5 Dec → Tue 1 Dec – Wed 2 Dec"
    )


def test_many_shifts_are_counted_and_an_undo_names_what_it_took_back(house: House) -> None:
    change = house.put(*(duty(house.dan, f"2026-11-{day}") for day in range(23, 29)))
    undo = house.undo(change)
    redo = house.undo(undo)

    text = "Alice Admin imported november.xlsx: 6 shifts added"
    assert said(house, change, "en") == text
    assert said(house, change, "ru") == "Alice Admin: импорт november.xlsx — 6 смен добавлено"
    assert said(house, undo, "en") == f"Alice Admin undid this: {text}"
    assert said(house, redo, "en") == f"Alice Admin redid this: {text}"


def test_label_of_a_change_names_file_or_people_and_day(house: House) -> None:
    shift = duty(house.dan, FRIDAY)
    imported = house.put(shift, reason="a very long name of a file that no button could ever show.xlsx")
    given = edit(house, ChangeKind.COVER, (shift, None), (None, replace(shift, user_id=house.alice)))

    def read(session: object, change: int) -> str:
        view = history.view(session, change)  # type: ignore[arg-type]
        assert view is not None
        return label(session, "en", view, house.roster())  # type: ignore[arg-type]

    assert house.read(lambda s: read(s, imported)) == "a very long name of a file that no but"[:37] + "…"
    assert house.read(lambda s: read(s, given)) == "Dan Duty → Alice Admin, Fri 27 Nov"


def test_plan_of_an_undo_writes_nothing(house: House) -> None:
    change = house.put(duty(house.dan, FRIDAY))
    (diff,) = house.read(lambda s: schedule_service.plan_undo(s, change))
    assert [(item.before, item.after) for item in diff.items] == [(duty(house.dan, FRIDAY), None)]
    assert len(house.live()) == 1
