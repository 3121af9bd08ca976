"""/settings: which groups get fresh messages beside their pin, on Mondays or at each hand-over."""

from functools import partial
from html import escape
from typing import Final

from duty_teller.db.models import DigestKind
from duty_teller.handlers.settings.pages import A_PAGE, Ask, Page, actions, data_of
from duty_teller.handlers.transport.paging import page_of
from duty_teller.services.groups import digests
from duty_teller.services.groups.digests import DigestChat
from duty_teller.services.groups.groups import DIGESTS
from duty_teller.utils.buttons import Button
from duty_teller.utils.callback_data import CHAT, maybe, one_of


async def groups(ask: Ask) -> Page:
    """Lists the groups, each with what it gets."""
    chats = await ask.read(digests.digest_chats)
    part = page_of(chats, ask.number(), A_PAGE, DIGESTS)
    rows = [[Button(f"{chat.title[:40]} · {_state(ask, chat)}", data_of("dc", chat.chat_id))] for chat in part.shown]
    rows += part.turn
    text = ask.t("settings.digest_which" if chats else "settings.digest_no_groups")
    return Page(text, [*rows, [ask.button("settings.back", "e")]])


def _state(ask: Ask, chat: DigestChat) -> str:
    return ask.t(f"settings.digest_{chat.digest}")


async def group(ask: Ask) -> Page:
    """Shows one group and what it can get; a word behind its id chooses that."""
    chat_id = ask.number()
    if ask.args[1] is not None:
        kind = ask.args[1]
        chat = await ask.write(partial(digests.set_digest, chat_id=chat_id, kind=kind))
    else:
        chat = await ask.read(partial(digests.digest_chat, chat_id=chat_id))
    rows = []
    for kind in DigestKind:
        mark = "✓ " if chat.digest == kind else ""
        text = mark + ask.t(f"settings.digest_{kind}")
        rows.append([Button(text, data_of("dc", chat_id, kind))])
    text = f"<b>{escape(chat.title)}</b>\n{ask.t(f'settings.digest_means_{chat.digest}')}"
    return Page(text, [*rows, [ask.button("settings.back", "dg", 0)]])


ACTIONS: Final = actions({"dg": (groups, DIGESTS), "dc": (group, CHAT, maybe(one_of(DigestKind)))})
