"""The sample team's first day, played as a user would: what there is to look at has come through the front door.

The admin sends the roster file to the bot and taps Apply, the duty member opens an invitation, the group gets its pin
and asks for a digest at each hand-over.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from duty_teller.bot_api_stand_in.client import StandInClient
from duty_teller.demo.sample import GROUP_ID, SamplePerson, SampleTeam, roster_file
from duty_teller.utils.handover import handover_day, parse_handover

_WAIT: Final = 60
_HANDOVER: Final = "09:00"
_DIGEST: Final = ":digest:handover"


@dataclass(frozen=True, slots=True)
class Addresses:
    """What there is to open."""

    play_page: str
    admin: str
    member: str
    personal_feed: str
    team_feed: str


def set_up(client: StandInClient, sample: SampleTeam, timezone: str, now: datetime) -> Addresses:
    """Plays the first day of the sample team.

    Args:
        client: Of the stand-in that the bot polls.
        sample: The team.
        timezone: The first roster's zone.
        now: The present instant.

    Raises:
        TimeoutError: The bot did not answer.
    """
    admin, member = sample.admin, sample.member
    for person in (admin, member, sample.stranger):
        _add(client, person, sample.lang)
    members = [admin.telegram_user_id, member.telegram_user_id, sample.stranger.telegram_user_id]
    client.add_group(GROUP_ID, sample.group, members=members)
    client.press_start(admin.telegram_user_id)
    client.wait_for_message(admin.telegram_user_id, timeout=_WAIT)
    today = handover_day(now, parse_handover(_HANDOVER, timezone))
    sent = client.send_document(admin.telegram_user_id, "roster.json", roster_file(sample, today))
    preview = client.wait_for_message(
        admin.telegram_user_id, lambda m: _button(m, ":apply") is not None, after_id=sent["message_id"], timeout=_WAIT
    )
    client.press(admin.telegram_user_id, preview["message_id"], _button(preview, ":apply") or "")
    _invite(client, sample, member)
    _that_is_me(client, sample)
    for person in (member, admin):
        asked = client.send_text(person.telegram_user_id, "/set_phone")
        client.wait_for_message(person.telegram_user_id, after_id=asked["message_id"], timeout=_WAIT)
        contact = client.send_contact(person.telegram_user_id, phone=person.phone)
        client.wait_for_message(person.telegram_user_id, after_id=contact["message_id"], timeout=_WAIT)
    client.send_text(admin.telegram_user_id, "/pin_duty", chat_id=GROUP_ID)
    client.wait_until(lambda: client.pinned(GROUP_ID), _WAIT, "the pinned message")
    offered = client.wait_for_message(GROUP_ID, lambda m: _button(m, _DIGEST) is not None, timeout=_WAIT)
    client.press(admin.telegram_user_id, offered["message_id"], _button(offered, _DIGEST) or "", chat_id=GROUP_ID)
    personal, team_feed = _feeds(client, member)
    return Addresses(
        play_page=f"{client.base_url}/",
        admin=f"{client.base_url}/open/{admin.telegram_user_id}",
        member=f"{client.base_url}/open/{member.telegram_user_id}",
        personal_feed=personal,
        team_feed=team_feed,
    )


def _add(client: StandInClient, person: SamplePerson, lang: str) -> None:
    client.add_user(
        person.telegram_user_id,
        person.first_name,
        username=person.username,
        language_code=lang,
        last_name=person.last_name,
        phone=person.phone,
    )


def _button(message: dict[str, Any], ending: str) -> str | None:
    """Returns the callback data of a message's button that ends like this."""
    rows = (message["reply_markup"] or {}).get("inline_keyboard", [])
    data = (button.get("callback_data", "") for row in rows for button in row)
    return next((text for text in data if text.endswith(ending)), None)


def _invite(client: StandInClient, sample: SampleTeam, person: SamplePerson) -> None:
    """Has the admin make an invitation, and the person open it."""
    admin = sample.admin.telegram_user_id
    asked = client.send_text(admin, "/invite")
    shown = client.wait_for_message(admin, after_id=asked["message_id"], timeout=_WAIT)
    client.press(admin, shown["message_id"], sample.full_name(person))
    link = re.compile(r"\?start=([\w-]+)")
    invitation = client.wait_for_message(
        admin, lambda m: link.search(m["text"]) is not None, after_id=shown["message_id"], timeout=_WAIT
    )
    match = link.search(invitation["text"])
    started = client.press_start(person.telegram_user_id, match[1] if match else "")
    client.wait_for_message(person.telegram_user_id, after_id=started["message_id"], timeout=_WAIT)


def _that_is_me(client: StandInClient, sample: SampleTeam) -> None:
    """Has the admin say which person of the roster they are."""
    admin = sample.admin.telegram_user_id
    asked = client.send_text(admin, "/invite")
    shown = client.wait_for_message(admin, after_id=asked["message_id"], timeout=_WAIT)
    client.press(admin, shown["message_id"], sample.full_name(sample.admin))
    offer = client.wait_for_message(
        admin, lambda m: "me:" in (_button(m, "") or ""), after_id=shown["message_id"], timeout=_WAIT
    )
    client.press(admin, offer["message_id"], _button(offer, "") or "")


def _feeds(client: StandInClient, person: SamplePerson) -> tuple[str, str]:
    asked = client.send_text(person.telegram_user_id, "/calendar_link")
    shown = client.wait_for_message(person.telegram_user_id, after_id=asked["message_id"], timeout=_WAIT)
    personal = _copied(shown)
    client.press(person.telegram_user_id, shown["message_id"], "cal:show:team")
    team = client.wait_for_message(
        person.telegram_user_id,
        lambda m: _copied(m) not in ("", personal),
        after_id=asked["message_id"],
        timeout=_WAIT,
    )
    return personal, _copied(team)


def _copied(message: dict[str, Any]) -> str:
    """Returns what the button of a message copies, or nothing."""
    rows = (message["reply_markup"] or {}).get("inline_keyboard", [])
    return next((button["copy_text"]["text"] for row in rows for button in row if "copy_text" in button), "")
