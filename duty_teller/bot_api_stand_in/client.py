"""A synchronous client of the stand-in's control door, for tests and tools in another process or loop."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from duty_teller.bot_api_stand_in.watcher import Json, StandInError, StandInWatcher

__all__ = ["ADMIN_WITH_PINS", "Json", "StandInClient", "StandInError"]

ADMIN_WITH_PINS: Mapping[str, bool] = {"can_pin_messages": True}


class StandInClient(StandInWatcher):
    """Acts as the people in the stand-in's world, and looks at what the bot did."""

    # -- people and groups -------------------------------------------------------------------------------------------

    def add_user(
        self,
        id: int,
        first_name: str,
        username: str | None = None,
        language_code: str | None = "en",
        last_name: str | None = None,
        phone: str | None = None,
        started: bool = False,
    ) -> Json:
        """Let a person exist (or change one); `started` lets the bot write first."""
        return self._dict(
            "add_user",
            id=id,
            first_name=first_name,
            username=username,
            language_code=language_code,
            last_name=last_name,
            phone=phone,
            started=started,
        )

    def add_group(
        self,
        id: int,
        title: str,
        members: Sequence[int] = (),
        kind: Literal["group", "supergroup"] = "supergroup",
        forum: bool = False,
        bot_rights: Mapping[str, bool] | None = ADMIN_WITH_PINS,
        username: str | None = None,
        bot_member: bool = True,
        admins: Sequence[int] = (),
    ) -> Json:
        """Let a group exist. The first member created it and adds the bot.

        `bot_rights`: None is an ordinary member (privacy mode), `{"can_send_messages": False}` a restricted one,
        else an administrator with these rights.
        """
        return self._dict(
            "add_group",
            id=id,
            title=title,
            members=list(members),
            kind=kind,
            forum=forum,
            bot_rights=None if bot_rights is None else dict(bot_rights),
            username=username,
            bot_member=bot_member,
            admins=list(admins),
        )

    def set_member(self, chat_id: int, user_id: int, status: str = "member", anonymous: bool = False) -> None:
        """Put a person into a group or change the status there."""
        self._call("set_member", chat_id=chat_id, user_id=user_id, status=status, anonymous=anonymous)

    def set_title(self, chat_id: int, title: str) -> None:
        """Rename a group."""
        self._call("set_title", chat_id=chat_id, title=title)

    def kick_bot(self, chat_id: int, by: int | None = None) -> None:
        """Remove the bot from a group."""
        self._call("kick_bot", chat_id=chat_id, by=by)

    def return_bot(
        self, chat_id: int, by: int | None = None, bot_rights: Mapping[str, bool] | None = ADMIN_WITH_PINS
    ) -> None:
        """Add the bot to a group (again)."""
        rights = None if bot_rights is None else dict(bot_rights)
        self._call("return_bot", chat_id=chat_id, by=by, bot_rights=rights)

    def set_bot_rights(self, chat_id: int, bot_rights: Mapping[str, bool] | None) -> None:
        """Promote, demote or restrict the bot; see `add_group`."""
        self._call("set_bot_rights", chat_id=chat_id, bot_rights=None if bot_rights is None else dict(bot_rights))

    def block_bot(self, user_id: int) -> None:
        """Block the bot; any message of that person unblocks it."""
        self._call("block_bot", user_id=user_id)

    def upgrade_to_supergroup(self, chat_id: int, new_id: int | None = None) -> int:
        """Turn a basic group into a supergroup; returns its id."""
        return int(self._call("upgrade_to_supergroup", chat_id=chat_id, new_id=new_id))

    def create_topic(self, chat_id: int, name: str) -> int:
        """Open a topic; returns its `message_thread_id`."""
        return int(self._call("create_topic", chat_id=chat_id, name=name))

    def close_topic(self, chat_id: int, thread_id: int) -> None:
        """Close a topic."""
        self._call("close_topic", chat_id=chat_id, thread_id=thread_id)

    def reopen_topic(self, chat_id: int, thread_id: int) -> None:
        """Open a closed topic again."""
        self._call("reopen_topic", chat_id=chat_id, thread_id=thread_id)

    def delete_topic(self, chat_id: int, thread_id: int) -> None:
        """Delete a topic with its messages; bots are told nothing."""
        self._call("delete_topic", chat_id=chat_id, thread_id=thread_id)

    # -- what people do ----------------------------------------------------------------------------------------------

    def send_text(
        self,
        user_id: int,
        text: str,
        chat_id: int | None = None,
        thread_id: int | None = None,
        reply_to: int | None = None,
        anonymous: bool = False,
    ) -> Json:
        """Write a message (None: in the private chat); returns the Bot API `Message`."""
        return self._dict(
            "send_text",
            user_id=user_id,
            text=text,
            chat_id=chat_id,
            thread_id=thread_id,
            reply_to=reply_to,
            anonymous=anonymous,
        )

    def press_start(self, user_id: int, payload: str = "") -> Json:
        """Press Start, as `t.me/<bot>?start=payload` does."""
        return self._dict("press_start", user_id=user_id, payload=payload)

    def send_document(
        self,
        user_id: int,
        file_name: str,
        data: bytes,
        chat_id: int | None = None,
        caption: str | None = None,
        size: int | None = None,
    ) -> Json:
        """Send a file; `size` declares a larger one than `data`, for tests of the 20 MB limit."""
        return self._dict(
            "send_document",
            user_id=user_id,
            file_name=file_name,
            data=base64.b64encode(data).decode(),
            chat_id=chat_id,
            caption=caption,
            size=size,
        )

    def send_contact(
        self,
        user_id: int,
        phone: str | None = None,
        of_user_id: int | None = None,
        with_user_id: bool = True,
        chat_id: int | None = None,
    ) -> Json:
        """Share a contact: own, somebody else's (`of_user_id`), or one without Telegram (`with_user_id=False`)."""
        return self._dict(
            "send_contact",
            user_id=user_id,
            phone=phone,
            of_user_id=of_user_id,
            with_user_id=with_user_id,
            chat_id=chat_id,
        )

    def edit_text(self, user_id: int, message_id: int, text: str, chat_id: int | None = None) -> Json:
        """Change a message of one's own."""
        return self._dict("edit_text", user_id=user_id, message_id=message_id, text=text, chat_id=chat_id)

    def press(
        self,
        user_id: int,
        message_id: int,
        button: str,
        chat_id: int | None = None,
        timeout: float = 10,
    ) -> Json | None:
        """Press an inline button, named by its text or callback_data.

        Args:
            user_id: who presses.
            message_id: the message with the button.
            button: text or callback_data.
            chat_id: where; None is the private chat.
            timeout: seconds to wait for answerCallbackQuery; 0 does not wait.

        Returns:
            `{"text", "show_alert", "url"}` of the answer, or None when none came in time.
        """
        query = self._call("press", user_id=user_id, message_id=message_id, button=button, chat_id=chat_id)
        return self._answer_to(query, timeout)

    def press_keyboard(self, user_id: int, button: str, chat_id: int | None = None) -> Json:
        """Press a key of the reply keyboard: sends its text or the person's contact."""
        return self._dict("press_keyboard", user_id=user_id, button=button, chat_id=chat_id)

    def inline_query(self, user_id: int, query: str, timeout: float = 10) -> Json | None:
        """Type `@bot query`; returns `{"id", "results", "is_personal", "cache_time", …}`, or None without an answer."""
        query_id = self._call("inline_query", user_id=user_id, query=query)
        answer = self._answer_to(query_id, timeout)
        return None if answer is None else {"id": query_id, **answer}

    def choose_inline(self, user_id: int, query_id: str, result_id: str, chat_id: int | None = None) -> Json:
        """Send a result of an inline query into a chat."""
        return self._dict("choose_inline", user_id=user_id, query_id=query_id, result_id=result_id, chat_id=chat_id)

    def delete_message(self, chat_id: int, message_id: int) -> None:
        """Delete any message by hand; the bot is told nothing."""
        self._call("delete_message", chat_id=chat_id, message_id=message_id)

    # -- faults, clock, Mini App -------------------------------------------------------------------------------------

    def fault(self, method: str, kind: str, times: int = 1, chat_id: int | None = None, **options: Any) -> None:
        """Let calls fail: see `StandIn.fault` for the kinds and their options."""
        self._call("fault", method=method, kind=kind, times=times, chat_id=chat_id, **options)

    def clear_faults(self) -> None:
        """No more faults."""
        self._call("clear_faults")

    def set_limits(self, on: bool) -> None:
        """Enforce Telegram's sending limits, or stop doing so."""
        self._call("set_limits", on=on)

    def clear_history(self) -> None:
        """Clear all chats as people do for themselves; the bot is told nothing."""
        self._call("clear_history")

    def advance_clock(self, seconds: float) -> None:
        """Set the stand-in's clock on."""
        self._call("advance_clock", seconds=seconds)

    def set_mini_app_base_url(self, url: str) -> None:
        """Tell the play page where the Mini App lives."""
        self._call("set_mini_app_base_url", url=url)

    def init_data(
        self, user_id: int, start_param: str | None = None, auth_date: int | None = None, direct: bool = False
    ) -> str:
        """InitData for a person, signed with the bot's token; `auth_date` in Unix seconds."""
        return str(
            self._call("init_data", user_id=user_id, start_param=start_param, auth_date=auth_date, direct=direct)
        )

    def web_app_url(
        self,
        user_id: int,
        base: str | None = None,
        start_param: str | None = None,
        theme: Literal["light", "dark"] | None = "light",
    ) -> str:
        """The address that opens the Mini App signed in as a person."""
        return str(self._call("web_app_url", user_id=user_id, base=base, start_param=start_param, theme=theme))
