"""/settings: whether a cover or swap waits for an admin's yes, and when the admins hear that nobody has said yes."""

from datetime import timedelta
from functools import partial
from typing import Final

from duty_teller.handlers.settings.pages import Ask, Page, actions, data_of
from duty_teller.services.rosters import rosters, settings
from duty_teller.services.texts.people import duration_text
from duty_teller.utils.buttons import Button
from duty_teller.utils.callback_data import FLAG, ID, number


async def cover(ask: Ask) -> Page:
    """Shows both rules and what can be chosen."""
    roster_id = ask.number()
    roster = await ask.read(partial(rosters.get, roster_id=roster_id))
    warned = roster.cover_warn_minutes
    lines = [
        f"<b>{ask.t('settings.to_cover')}</b>",
        "",
        ask.t("settings.cover_means_approval" if roster.cover_approval else "settings.cover_means_free"),
        ask.t("settings.cover_means_warned", lead=_lead(ask, warned)),
    ]
    toggle = "settings.cover_free_it" if roster.cover_approval else "settings.cover_ask_admin"
    offered = sorted({*settings.COVER_LEADS, warned})
    choices = [
        Button(
            f"✓ {_lead(ask, minutes)}" if minutes == warned else _lead(ask, minutes),
            data_of("cw", roster_id, minutes),
        )
        for minutes in offered
    ]
    return Page(
        "\n".join(lines),
        [
            [ask.button(toggle, "ca", roster_id, not roster.cover_approval)],
            choices[:3],
            choices[3:],
            [ask.button("settings.back", "m", roster_id)],
        ],
    )


def _lead(ask: Ask, minutes: int) -> str:
    return duration_text(ask.lang, timedelta(minutes=minutes))


async def _approval(ask: Ask) -> Page:
    await ask.write(partial(settings.set_cover_rules, roster_id=ask.number(), approval=ask.args[1]))
    return await cover(ask)


async def _warned(ask: Ask) -> Page:
    await ask.write(partial(settings.set_cover_rules, roster_id=ask.number(), warn_minutes=ask.number(1)))
    return await cover(ask)


ACTIONS: Final = actions({"co": (cover, ID), "ca": (_approval, ID, FLAG), "cw": (_warned, ID, number(1, 14 * 24 * 60))})
