"""/settings: which groups get fresh messages beside their pin, on Mondays or at each hand-over."""

from functools import partial
from html import escape
from typing import Final

from telegram import InlineKeyboardButton

from duty_teller.db.models import DigestKind
from duty_teller.handlers.settings.pages import A_PAGE, Ask, Page, actions, data_of
from duty_teller.handlers.transport.callbacks import CHAT, PAGE, maybe, one_of
from duty_teller.handlers.transport.paging import turning
from duty_teller.services.groups import digests
from duty_teller.services.groups.digests import DigestChat


async def groups(ask: Ask) -> Page:
    """Lists the groups, each with what it gets."""
    chats = await ask.read(digests.digest_chats)
    page = max(0, min(ask.number(), (len(chats) - 1) // A_PAGE))
    shown = chats[page * A_PAGE : (page + 1) * A_PAGE]
    rows = [
        [InlineKeyboardButton(f"{chat.title[:40]} · {_state(ask, chat)}", callback_data=data_of("dc", chat.chat_id))]
        for chat in shown
    ]
    rows += turning(page, len(chats) > (page + 1) * A_PAGE, partial(data_of, "dg"))
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
        rows.append([InlineKeyboardButton(text, callback_data=data_of("dc", chat_id, kind))])
    text = f"<b>{escape(chat.title)}</b>\n{ask.t(f'settings.digest_means_{chat.digest}')}"
    return Page(text, [*rows, [ask.button("settings.back", "dg", 0)]])


ACTIONS: Final = actions({"dg": (groups, PAGE), "dc": (group, CHAT, maybe(one_of(DigestKind)))})
