"""From a roster file that was understood to a change of the schedule: whose shifts are they, what would be different.

The order is fixed: people (a name is met by @username, alias, or full name, and only a unique match counts), then the
difference to what is stored, then overlaps and gaps of the result. Nothing is written before `apply_plan`.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import orjson
from sqlmodel import Session, select

from duty_teller.cache import invalidate_duty_related_caches
from duty_teller.db import repository
from duty_teller.db.models import ChangeKind, Coverage, EventType, Roster, ScheduleChange, User, UserAlias
from duty_teller.db.schemas import ShiftRow
from duty_teller.db.session import on_commit
from duty_teller.importers.duty_schedule import (
    Answers,
    Meaning,
    ParsedRoster,
    Question,
    RosterCells,
    RosterRules,
    fold_name,
)
from duty_teller.services import schedule_service
from duty_teller.services.import_service.by_hand import ByHand, ByHandOpenError, HandAnswer, mark_of, overwritten
from duty_teller.services.import_service.reconcile import reconcile
from duty_teller.services.people.matching import FilePerson, match_people
from duty_teller.services.schedule_service import Author, Covered, Diff, DiffItem, Overlap, RosterSettings, Shift
from duty_teller.utils.dates import day_span
from duty_teller.utils.handover import Handover, clock_span
from duty_teller.utils.user import split_username

_FILES_REMEMBERED: Final = 20
_EVERY_FILE: Final = ""
"""The key of answers that hold for all files of a roster; those of one file are kept by its fingerprint."""


@dataclass(frozen=True, slots=True)
class MissingPerson:
    """A stored person with shifts that begin in the covered days who is not in the file."""

    user_id: int
    full_name: str
    shifts: int


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do, for the preview and for `apply_plan`.

    Attributes:
        roster_id: The roster.
        diff: What would be written; user ids of new people are negative.
        parsed: What the file says.
        people: Everybody of the file who was not left out.
        skipped: Names of the file whose rows were left out by an answer.
        missing: People with stored shifts in these days who are not in the file.
        removes_missing: Whether their shifts go, too.
        overlaps: In the result.
        gaps: Of the result within the covered days, by the roster's coverage; spans of UTC.
        timezone: The zone to show times in.
        rules: What the file was read by.
        gaps_are_days: Coverage asks for somebody every hand-over day: gaps are whole ones.
        new_handover: The hand-over that the roster would get, when it is another than its own.
        by_hand: Changes made by hand that the file would overwrite, by start.
        keeps_by_hand: Whether they are kept; None: nobody has said so, and nothing can be applied. The difference is
            then the file's.
    """

    roster_id: int
    diff: Diff
    parsed: ParsedRoster
    people: tuple[FilePerson, ...]
    skipped: tuple[str, ...]
    missing: tuple[MissingPerson, ...]
    removes_missing: bool
    overlaps: tuple[Overlap, ...]
    gaps: tuple[tuple[datetime, datetime], ...]
    timezone: str
    rules: RosterRules
    new_handover: Handover | None
    gaps_are_days: bool
    by_hand: tuple[ByHand, ...] = ()
    keeps_by_hand: bool | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody has to say first what becomes of the changes made by hand."""
        return bool(self.by_hand) and self.keeps_by_hand is None

    def name_of(self, user_id: int) -> str:
        """Returns the name of somebody of the plan."""
        names = {person.user_id: person.full_name for person in self.people}
        names |= {missing.user_id: missing.full_name for missing in self.missing}
        for made in self.by_hand:
            names = {**made.names, **names}
        return names.get(user_id, "?")

    def counts_by_person(self) -> list[tuple[str, int, int, int]]:
        """Returns (name, added, removed, changed) of everybody the plan touches, by name."""
        added = Counter(shift.user_id for shift in self.diff.added)
        removed = Counter(shift.user_id for shift in self.diff.removed)
        changed = Counter(before.user_id for before, _after in self.diff.changed)
        touched = added.keys() | removed.keys() | changed.keys()
        return sorted((self.name_of(u), added[u], removed[u], changed[u]) for u in touched)


def rules_of(roster: Roster, handover: Handover | None = None) -> RosterRules:
    """Returns the rules that files of this roster are read by.

    Args:
        roster: The roster.
        handover: Another hand-over than the roster's own.
    """
    return RosterRules(
        handover or Handover(roster.handover_at, roster.timezone),
        clock_span(roster.day_shift),
        clock_span(roster.night_shift),
    )


def shift_hours(roster: Roster) -> dict[str, str]:
    """Returns the hours of the roster's shifts by `Meaning.kind`, for people: `{"day": "08:00–20:00", …}`."""
    return {"day": roster.day_shift.replace("-", "–"), "night": roster.night_shift.replace("-", "–")}


def remembered_codes(roster: Roster) -> dict[str, Meaning]:
    """Returns what codes mean in this roster's files, as answered before: folded code → meaning."""
    return {code: Meaning.parse(text) for code, text in json.loads(roster.codes).items()}


def with_remembered(roster: Roster, answers: Answers, cells: RosterCells) -> Answers:
    """Returns the answers with those of earlier imports; what was answered now goes first.

    Codes, the order of dates and what is no person hold for every file of the roster. A year, a month or a week would
    be wrong for the next file: they are remembered for this very file, sent again.
    """
    kept = json.loads(roster.file_answers)
    before = Answers.from_json(kept.get(fingerprint(cells), {}))
    names = kept.get(_EVERY_FILE, {}).get("choices", {})
    return replace(
        answers.remembering(remembered_codes(roster)),
        date_order=answers.date_order or roster.date_order,
        year=answers.year or before.year,
        since=answers.since or before.since,
        months={**before.months, **answers.months},
        weeks={**before.weeks, **answers.weeks},
        days={**before.days, **answers.days},
        every={**before.every, **answers.every},
        choices={**names, **before.choices, **answers.choices},
    )


def fingerprint(cells: RosterCells) -> str:
    """Returns what tells a file from every other: the SHA-256 of its cells."""
    return hashlib.sha256(orjson.dumps(cells.to_json(), option=orjson.OPT_SORT_KEYS)).hexdigest()


def remember_for_file(session: Session, roster_id: int, cells: RosterCells, answers: Answers) -> None:
    """Keeps the answers that hold for this file only, of the last 20 files; what is a person holds for all."""
    own = replace(answers, codes={}, date_order=None)
    if own == Answers():
        return
    roster = session.get_one(Roster, roster_id)
    kept: dict[str, Any] = json.loads(roster.file_answers)
    names = kept.pop(_EVERY_FILE, {}).get("choices", {})
    names |= {key: answer for key, answer in own.choices.items() if key.startswith("name:")}
    key = fingerprint(cells)
    kept[key] = kept.pop(key, {}) | own.to_json()
    kept = dict(list(kept.items())[-_FILES_REMEMBERED:])
    if names:
        kept = {_EVERY_FILE: {"choices": names}} | kept
    roster.file_answers = json.dumps(kept, ensure_ascii=False)
    session.add(roster)


def plan_import(
    session: Session,
    roster: Roster,
    parsed: ParsedRoster,
    rules: RosterRules,
    answers: Answers,
    remove_missing: bool = False,
    choices: Mapping[str, str] | None = None,
    hand_answer: HandAnswer | None = None,
) -> ImportPlan | tuple[Question, ...]:
    """Compares a file with what is stored. Nothing is written.

    Args:
        session: Where to read.
        roster: The roster the file is for.
        parsed: The file, read by these rules and answers.
        rules: With the hand-over that was chosen.
        answers: What codes mean; remembered for the roster when the plan is applied.
        remove_missing: Also remove the shifts of people who are not in the file.
        choices: Answers to questions about people: name → option.
        hand_answer: What becomes of changes made by hand that the file would overwrite.

    Returns:
        The plan, or the names that somebody has to decide on first.

    Raises:
        LocalizedError: As `people_matching.match_people`.
    """
    assert roster.id is not None  # noqa: S101  # a stored row
    matched = match_people(session, parsed, choices)
    if matched.questions:
        return matched.questions
    people = matched.people
    ids = {person.name: person.user_id for person in people}
    wanted = [
        Shift(ids[s.name], s.position, s.start, s.end, EventType(s.event_type), s.note)
        for s in parsed.shifts
        if s.name not in matched.skipped
    ]
    zone = rules.handover.timezone
    spans = tuple(day_span(first, last, zone) for first, last in parsed.covered)
    stored = _stored(session, roster.id, spans)
    wanted = reconcile(wanted, stored, spans, zone)
    replaceable = {row.id: row for row in stored if any(start <= row.start_at < end for start, end in spans)}
    missing = _missing(replaceable.values(), set(ids.values()))
    replaced = set(ids.values()) | ({m.user_id for m in missing} if remove_missing else set())
    diff = schedule_service.plan_changes(
        session,
        roster.id,
        wanted,
        Covered(frozenset(replaced), spans),
        ChangeKind.IMPORT,
        _new_settings(roster, rules, answers),
    )
    kept = [Shift.of(row) for row in stored if row.user_id not in replaced or row.id not in replaceable]
    result = wanted + kept
    staying = frozenset(m.user_id for m in missing) - replaced
    made, items = overwritten(session, roster.id, diff.items, [Shift.of(row) for row in stored], result, staying)
    keeps = None
    if made:
        keeps = hand_answer.keep if hand_answer is not None and hand_answer.mark in (None, mark_of(made)) else None
        diff, result = _as_answered(diff, items, made, [Shift.of(row) for row in stored], bool(keeps))
        removed = set(diff.removed)
        told = [row for row in replaceable.values() if (Shift.of(row) in removed) == remove_missing]
        missing = _missing(told, set(ids.values()))
    planned = _as_planned(roster, rules)
    gaps = [gap for start, end in spans for gap in _gaps(planned, result, start, end)]
    return ImportPlan(
        roster_id=roster.id,
        diff=diff,
        parsed=parsed,
        people=people,
        skipped=tuple(sorted(matched.skipped)),
        missing=tuple(missing),
        removes_missing=remove_missing,
        overlaps=tuple(schedule_service.find_overlaps(result)),
        gaps=tuple(gaps),
        timezone=zone,
        rules=rules,
        gaps_are_days=roster.coverage == Coverage.DAILY,
        new_handover=None if rules.handover == Handover(roster.handover_at, roster.timezone) else rules.handover,
        by_hand=made,
        keeps_by_hand=keeps,
    )


def _as_answered(
    diff: Diff, items: Sequence[DiffItem], made: Sequence[ByHand], stored: Sequence[Shift], keeps: bool
) -> tuple[Diff, list[Shift]]:
    """Returns the difference without what would overwrite changes that are kept, and the schedule it leaves."""
    dropped = {item for one in made for item in one.file} if keeps else set()
    left = tuple(item for item in items if item not in dropped)
    unchanged = diff.unchanged + sum(item.before is not None for item in dropped.intersection(diff.items))
    result = Counter(stored)
    result.subtract(item.before for item in left if item.before is not None)
    result.update(item.after for item in left if item.after is not None)
    return replace(diff, items=left, unchanged=unchanged), list(result.elements())


def _stored(session: Session, roster_id: int, spans: Sequence[tuple[datetime, datetime]]) -> list[ShiftRow]:
    """Returns the shifts that touch the spans, each once."""
    rows = {row.id: row for start, end in spans for row in repository.shifts_between(session, [roster_id], start, end)}
    return list(rows.values())


def _missing(stored: Iterable[ShiftRow], in_file: set[int]) -> list[MissingPerson]:
    counts = Counter((row.user_id, row.full_name) for row in stored if row.user_id not in in_file)
    return [MissingPerson(user_id, name, n) for (user_id, name), n in sorted(counts.items(), key=lambda c: c[0][1])]


def _new_settings(roster: Roster, rules: RosterRules, answers: Answers) -> RosterSettings | None:
    stored = RosterSettings(roster.timezone, roster.handover_at, roster.codes, roster.date_order)
    codes = json.loads(roster.codes) | {code: str(meaning) for code, meaning in answers.codes.items()}
    wanted = RosterSettings(
        rules.handover.timezone,
        rules.handover.at,
        roster.codes if codes == json.loads(roster.codes) else json.dumps(codes, ensure_ascii=False, sort_keys=True),
        answers.date_order or roster.date_order,
    )
    return None if wanted == stored else wanted


def _as_planned(roster: Roster, rules: RosterRules) -> Roster:
    """Returns the roster as it will be, not stored: its coverage asks by the new hand-over."""
    return Roster(
        timezone=rules.handover.timezone,
        handover_at=rules.handover.at,
        coverage=roster.coverage,
        coverage_hours=roster.coverage_hours,
    )


def _gaps(roster: Roster, shifts: Sequence[Shift], start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Returns the gaps of the hand-over days that begin in the span."""
    handover = Handover(roster.handover_at, roster.timezone)
    first = schedule_service.first_handover(handover, start)
    after = schedule_service.first_handover(handover, end)
    return schedule_service.gaps_of(roster, shifts, first, after)


def apply_plan(session: Session, plan: ImportPlan, author: Author, reason: str, now: datetime) -> ScheduleChange | None:
    """Applies a plan in the caller's transaction: new people, shifts, log, revision.

    Args:
        session: A writing session.
        plan: From `plan_import`; its diff carries the revision that was seen.
        author: Who confirmed it.
        reason: The file's name.
        now: The present instant.

    Returns:
        None when there was nothing to change.

    Raises:
        ScheduleMovedError: The schedule changed since the plan was made; nothing is written.
        ByHandOpenError: Nobody has said what becomes of changes made by hand.
    """
    if plan.is_open:
        raise ByHandOpenError("import.by_hand.open", n=len(plan.by_hand))
    new = [person for person in plan.people if person.is_new]
    _learn_aliases(session, plan.people)
    if _note_usernames(session, plan.people) or new:
        repository.raise_revision(session, "people")
        on_commit(session, invalidate_duty_related_caches)
    if plan.diff.empty and not new:
        return None
    ids: dict[int, int] = {}
    for person in new:
        user = User(full_name=person.full_name[:200], username=person.username, phone=person.phone, created_at=now)
        session.add(user)
        session.flush()
        assert user.id is not None  # noqa: S101  # flushed
        ids[person.user_id] = user.id
    items = tuple(_with_ids(item, ids) for item in plan.diff.items)
    diff = replace(plan.diff, items=items)
    return schedule_service.apply(session, diff, author, reason, diff.revision, now)


def _learn_aliases(session: Session, people: Iterable[FilePerson]) -> None:
    """Keeps the names that somebody said belong to a stored person: they are not asked again."""
    known = {alias.name_key for alias in session.exec(select(UserAlias)).all()}
    for person in people:
        key = fold_name(split_username(person.name)[0])
        if person.learned and not person.is_new and key not in known:
            session.add(UserAlias(user_id=person.user_id, name_key=key))
            known.add(key)


def _note_usernames(session: Session, people: Iterable[FilePerson]) -> bool:
    """Keeps the @usernames that the file gives to people without an account; returns whether any is new."""
    noted = False
    for person in people:
        if person.username and not person.is_new and not person.has_account:
            user = session.get_one(User, person.user_id)
            if user.username != person.username:
                user.username, noted = person.username, True
    return noted


def _with_ids(item: DiffItem, ids: dict[int, int]) -> DiffItem:
    if item.after is None or item.after.user_id >= 0:
        return item
    return replace(item, after=replace(item.after, user_id=ids[item.after.user_id]))


def counted(parsed: ParsedRoster) -> dict[EventType, int]:
    """Returns how many shifts of each type a file holds."""
    counts = Counter(shift.event_type for shift in parsed.shifts)
    return {kind: counts[kind] for kind in EventType}
