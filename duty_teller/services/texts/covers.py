"""What the message of a request shows to each person: Telegram HTML, made from the request as it is now."""

from datetime import datetime
from html import escape
from typing import Final

from sqlmodel import Session, col, func, select

from duty_teller.db.models import (
    CoverAnswer,
    CoverKind,
    CoverMessage,
    CoverRequest,
    CoverRole,
    CoverState,
    Roster,
    User,
)
from duty_teller.i18n import t
from duty_teller.services.cover_service import candidates, requests
from duty_teller.services.cover_service.delivery import Shown
from duty_teller.services.texts.days import position_of
from duty_teller.services.texts.duty import span_text
from duty_teller.utils.buttons import Button
from duty_teller.utils.callback_data import FLAG, ID, PAGE, Data, declare
from duty_teller.utils.zones import zone

YES: Final = declare("cover:yes:", ID)
NO: Final = declare("cover:no:", ID)
BACK: Final = declare("cover:back:", ID)
GIVE: Final = declare("cover:give:", ID, ID)
OTHERS: Final = declare("cover:others:", ID, PAGE)
APPROVE: Final = declare("cover:ok:", ID, FLAG)
BACK_ANYWAY: Final = declare("cover:back!:", ID)
REVERT_ANYWAY: Final = declare("cover:revert!:", ID)
"""The two that give a shift back, once it was said who would be on duty twice."""
OBJECT: Final = declare("cover:obj:", ID)
SETTLE: Final = declare("cover:settle:", ID, FLAG)

_OFFERED: Final = 5
"""People an admin can put on with one tap; the others are on a page of their own."""


def why_text(lang: str, request: CoverRequest) -> str:
    """Returns why somebody else is wanted: a kind of absence in the reader's words, or the asker's own."""
    return t(lang, f"shift.word.{request.because}") if request.because is not None else request.reason


class _Writer:
    """A request, who reads of it, and what is said."""

    def __init__(self, session: Session, request: CoverRequest, message: CoverMessage, lang: str, now: datetime):
        self.session, self.request, self.message, self.lang, self.now = session, request, message, lang, now
        self.roster = session.get_one(Roster, request.roster_id)
        self.reader = message.user_id
        self.is_owner = self.reader == request.owner_id
        self.is_taker = self.reader is not None and self.reader == request.taker_id

    def name(self, user_id: int | None) -> str:
        return escape(self.session.get_one(User, user_id).full_name) if user_id is not None else "?"

    def t(self, key: str, **args: str | int) -> str:
        return t(self.lang, key, **args)

    @property
    def span(self) -> str:
        request = self.request
        return span_text(self.lang, request.start_at, request.end_at, self.roster.timezone) + position_of(
            request.position
        )

    @property
    def wanted_span(self) -> str:
        request = self.request
        if request.wanted_start_at is None or request.wanted_end_at is None:
            return ""
        span = span_text(self.lang, request.wanted_start_at, request.wanted_end_at, self.roster.timezone)
        return span + position_of(request.wanted_position)

    def about(self) -> list[str]:
        """The shift or the two of them, and the word why."""
        if self.request.kind == CoverKind.SWAP:
            mine, theirs = self.span, self.wanted_span
            if self.is_owner:
                lines = [self.t("cover.you_give", span=mine), self.t("cover.you_get", span=theirs)]
            elif self.reader == self.request.wanted_user_id:
                lines = [self.t("cover.you_get", span=mine), self.t("cover.you_give", span=theirs)]
            else:
                lines = [mine, theirs]
        else:
            lines = [self.span]
        why = why_text(self.lang, self.request)
        return [*lines, *([f"<i>{escape(why)}</i>"] if why else [])]

    def button(self, key: str, kind: Data[int]) -> Button:
        return Button(self.t(key), kind(self.request.id or 0))

    def choice(self, key: str, kind: Data[int, bool], yes: bool) -> Button:
        return Button(self.t(key), kind(self.request.id or 0, yes))

    def shown(self, mark: str, head: str, *lines: str, buttons: tuple[Button, ...] = ()) -> Shown:
        text = "\n".join([f"{mark} <b>{head}</b>", *self.about(), *(line for line in lines if line)])
        return Shown(text, buttons)

    def warned(self, user_id: int) -> str:
        request = self.request
        swapped = request.wanted_start_at, request.wanted_end_at
        given = (swapped[0], swapped[1]) if swapped[0] is not None and swapped[1] is not None else None
        found = candidates.one(self.session, request.roster_id, user_id, request.start_at, request.end_at, given)
        told = candidates.warnings_of(found)
        return "⚠️ " + ", ".join(self.t(key) for key in told) if told else ""

    def given_back(self) -> tuple[str, ...]:
        """Says who is on duty twice, or away, now that what was agreed is taken back."""
        request = self.request
        if request.change_id is None:
            return ()
        sides = [(request.owner_id, request.start_at, request.end_at)]
        if request.taker_id and request.wanted_start_at and request.wanted_end_at:
            sides.append((request.taker_id, request.wanted_start_at, request.wanted_end_at))
        return tuple(
            "⚠️ " + self.t(key, name=self.name(user_id))
            for user_id, start, end in sides
            for key in candidates.clashes(self.session, user_id, start, end)
        )


def render_message(session: Session, request: CoverRequest, message: CoverMessage, lang: str, now: datetime) -> Shown:
    """Makes what a message shows (`cover_service.delivery.Render`)."""
    writer = _Writer(session, request, message, lang, now)
    if request.kind == CoverKind.TAKEOVER:
        return _taken_over(writer)
    match request.state:
        case CoverState.OPEN:
            return _open(writer)
        case CoverState.TAKEN | CoverState.APPROVED:
            return _waits(writer) if request.change_id is None else _taken(writer)
        case CoverState.REFUSED:
            who = request.approver_id or request.wanted_user_id
            return writer.shown("❌", writer.t("cover.refused_by", name=writer.name(who)))
        case CoverState.EXPIRED:
            if writer.is_owner:
                return writer.shown("⏱", writer.t("cover.expired"))
            if message.role == CoverRole.ADMIN or writer.is_taker:
                return writer.shown("⏱", writer.t("cover.expired_for", owner=writer.name(request.owner_id)))
            return writer.shown("▫️", writer.t("cover.not_needed"))
        case CoverState.VOID:
            return writer.shown("▫️", writer.t("cover.void"))
        case _:
            told = writer.is_owner or writer.is_taker or message.role == CoverRole.ADMIN
            head = writer.t("cover.withdrawn" if told else "cover.not_needed")
            return writer.shown("▫️", head, *(writer.given_back() if told else ()))


def _open(writer: _Writer) -> Shown:
    request, message = writer.request, writer.message
    owner = writer.name(request.owner_id)
    withdraw = writer.button("cover.withdraw", BACK)
    if message.role in (CoverRole.OWNER, CoverRole.ADMIN) and request.kind == CoverKind.SWAP:
        head = writer.t("cover.swap_offered", name=writer.name(request.wanted_user_id))
        return writer.shown("🔁", head, buttons=(withdraw,))
    if message.role == CoverRole.OWNER:
        asked = _asked(writer)
        return writer.shown("🔎", writer.t("cover.looking"), asked, buttons=(withdraw,))
    if message.role == CoverRole.ADMIN:
        return _for_admin(writer, owner, withdraw)
    if request.kind == CoverKind.SWAP:
        buttons = (writer.button("cover.swap_yes", YES), writer.button("cover.decline", NO))
        warning = writer.warned(message.user_id or 0)
        return writer.shown("🔁", writer.t("cover.swap_with_you", name=owner), warning, buttons=buttons)
    nudged = writer.t("cover.no_answer_yet") if request.nudged_at is not None else ""
    head = writer.t("cover.needs", name=owner)
    if message.role == CoverRole.GROUP:
        return writer.shown("🙋", head, nudged, buttons=(writer.button("cover.take", YES),))
    if message.answer == CoverAnswer.NO:
        after_all = writer.button("cover.take_after_all", YES)
        return writer.shown("▫️", head, writer.t("cover.you_said_no"), buttons=(after_all,))
    buttons = (writer.button("cover.take", YES), writer.button("cover.decline", NO))
    return writer.shown("🙋", head, writer.warned(message.user_id or 0), nudged, buttons=buttons)


def _asked(writer: _Writer) -> str:
    """Says how many were asked, and how many have said no."""
    found = select(CoverMessage.role, CoverMessage.answer, func.count()).where(
        CoverMessage.request_id == writer.request.id,
        col(CoverMessage.user_id).is_distinct_from(writer.request.owner_id),
        col(CoverMessage.user_id).is_distinct_from(writer.request.asked_by_id),
    )
    counts = {
        (role, answer): number
        for role, answer, number in writer.session.exec(
            found.group_by(col(CoverMessage.role), col(CoverMessage.answer))
        )
    }
    if any(role == CoverRole.GROUP for role, _answer in counts):
        return writer.t("cover.asked_group")
    refused = sum(number for (_role, answer), number in counts.items() if answer == CoverAnswer.NO)
    number = sum(counts.values())  # an admin who was told has been asked, too: one tap, and they have it
    if number and refused == number and writer.is_owner:
        return writer.t("cover.all_said_no")
    text = writer.t("cover.asked", n=number)
    return f"{text}, {writer.t('cover.said_no', n=refused)}" if refused else text + "."


def _for_admin(writer: _Writer, owner: str, withdraw: Button) -> Shown:
    request = writer.request
    found = candidates.candidates(
        writer.session,
        request.roster_id,
        request.position,
        request.start_at,
        request.end_at,
        frozenset({request.owner_id}),
    )
    free = [candidate for candidate in found if candidate.free and candidate.user_id != writer.reader]
    own = any(candidate.free and candidate.user_id == writer.reader for candidate in found)
    buttons: tuple[Button, ...] = (writer.button("cover.take", YES),) if own else ()
    buttons += tuple(Button(c.name, GIVE(request.id or 0, c.user_id)) for c in free[:_OFFERED])
    if len(free) > _OFFERED:
        buttons += (Button(writer.t("cover.somebody_else"), OTHERS(request.id or 0, 0)),)
    hint = writer.t("cover.give_hint") if free else ""
    head = writer.t("cover.nobody_yet", name=owner)
    return writer.shown("⚠️", head, _asked(writer), hint, buttons=(*buttons, withdraw))


def _waits(writer: _Writer) -> Shown:
    request = writer.request
    owner, taker = writer.name(request.owner_id), writer.name(request.taker_id)
    back = (writer.button("cover.withdraw", BACK),)
    if writer.message.role == CoverRole.ADMIN and not writer.is_taker:
        buttons = (writer.choice("cover.approve", APPROVE, True), writer.choice("cover.refuse", APPROVE, False))
        warning = writer.warned(request.taker_id or 0)
        return writer.shown("❓", writer.t("cover.confirm", owner=owner, name=taker), warning, buttons=buttons)
    if writer.is_taker:
        return writer.shown("⏳", writer.t("cover.waits_you"), buttons=back)
    if writer.is_owner:
        return writer.shown("⏳", writer.t("cover.waits", name=taker), buttons=back)
    return writer.shown("▫️", writer.t("cover.taken", name=taker))


def _taken(writer: _Writer) -> Shown:
    request = writer.request
    owner, taker = writer.name(request.owner_id), writer.name(request.taker_id)
    swap = request.kind == CoverKind.SWAP
    approved = writer.t("cover.approved_by", name=writer.name(request.approver_id)) if request.approver_id else ""
    started = writer.now >= min(m for m in (request.start_at, request.wanted_start_at) if m is not None)
    if writer.is_owner or writer.is_taker:
        key = "cover.unswap" if swap else "cover.take_back" if writer.is_owner else "cover.give_back"
        buttons = () if started else (writer.button(key, BACK),)
        if swap:
            return writer.shown("✅", writer.t("cover.swapped", owner=owner, name=taker), approved, buttons=buttons)
        head = writer.t("cover.covers_you", name=taker) if writer.is_owner else writer.t("cover.you_have_it")
        return writer.shown("✅", head, approved, buttons=buttons)
    if swap:
        return writer.shown("✅", writer.t("cover.swapped", owner=owner, name=taker), approved)
    if writer.message.role == CoverRole.ADMIN:
        return writer.shown("✅", writer.t("cover.covers", owner=owner, name=taker), approved)
    return writer.shown("▫️", writer.t("cover.taken", name=taker))


def _taken_over(writer: _Writer) -> Shown:
    request = writer.request
    owner, taker = writer.name(request.owner_id), writer.name(request.taker_id)
    head = writer.t("cover.you_have_it_now") if writer.is_taker else writer.t("cover.has_it_now", name=taker)
    whose = writer.t("cover.takes_from", owner=owner) if not writer.is_owner else ""
    noted = writer.t("cover.done_by", name=writer.name(request.asked_by_id)) if request.asked_by_id else ""
    if request.state == CoverState.WITHDRAWN:
        return writer.shown("▫️", writer.t("cover.withdrawn"), *writer.given_back())
    if request.state == CoverState.REFUSED:
        head = writer.t("cover.reverted_by", name=writer.name(request.approver_id))
        return writer.shown("↩️", head, *writer.given_back())
    if request.state == CoverState.APPROVED:
        return writer.shown("🤝", head, writer.t("cover.kept_by", name=writer.name(request.approver_id)))
    if request.objected_by_id is not None:
        objects = writer.t("cover.objected", name=writer.name(request.objected_by_id))
        decides = writer.message.role == CoverRole.ADMIN
        buttons = (writer.choice("cover.keep", SETTLE, True), writer.choice("cover.revert", SETTLE, False))
        return writer.shown("❗", head, whose, objects, buttons=buttons if decides else ())
    if requests.takes_back_slip(writer.session, request, writer.reader or 0):
        back = writer.button("cover.give_back" if writer.is_taker else "cover.take_back", BACK)
        return writer.shown("🤝", head, whose, buttons=(back,))
    if request.objection_until is not None and (writer.is_owner or writer.is_taker):
        local = request.objection_until.astimezone(zone(writer.roster.timezone))
        until = writer.t("cover.object_until", moment=f"{local:%H:%M}")
        return writer.shown("🤝", head, whose, noted, until, buttons=(writer.button("cover.object", OBJECT),))
    return writer.shown("🤝", head, whose, noted)
