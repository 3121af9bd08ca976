"""A synchronous client of the stand-in's control door, for tests and tools in another process or loop."""

import base64
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import httpx

Json = dict[str, Any]
T = TypeVar("T")
ADMIN_WITH_PINS: Mapping[str, bool] = {"can_pin_messages": True}


class StandInError(Exception):
    """The stand-in could not do what was asked: nobody could do it in Telegram either."""


class StandInClient:
    """Acts as the people in the stand-in's world and looks at what the bot did.

    Use it as a context manager or call `close`. Waiting methods raise TimeoutError.

    Args:
        base_url: the stand-in's `base_url`.
    """

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        # There is no TLS on loopback; without this every client would read the certificates of the system first.
        self._http = httpx.Client(base_url=self.base_url, timeout=40, trust_env=False, verify=False)  # noqa: S501

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _call(self, action: str, **arguments: Any) -> Any:
        answer = self._http.post(f"/_control/{action}", json=arguments).json()
        if "error" in answer:
            raise StandInError(answer["error"])
        return answer["result"]

    def _dict(self, action: str, **arguments: Any) -> Json:
        result: Json = self._call(action, **arguments)
        return result

    def _maybe(self, action: str, **arguments: Any) -> Json | None:
        result: Json | None = self._call(action, **arguments)
        return result

    def _rows(self, action: str, **arguments: Any) -> list[Json]:
        result: list[Json] = self._call(action, **arguments)
        return result

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

    def _answer_to(self, query_id: str, timeout: float) -> Json | None:
        if timeout <= 0:
            return None
        try:
            return self.wait_until(lambda: self._maybe("callback_answer", query_id=query_id), timeout)
        except TimeoutError:
            return None

    # -- looking -----------------------------------------------------------------------------------------------------

    def messages(self, chat_id: int) -> list[Json]:
        """All messages of a chat as they are now, oldest first.

        Keys: message_id, chat_id, date, sender {id, name, is_bot}, text, html, entities, reply_markup, edited, pinned,
        service, reply_to, thread_id, document, contact.
        """
        return self._rows("messages", chat_id=chat_id)

    def last_message(self, chat_id: int) -> Json | None:
        """The newest message that is not a service message."""
        return self._maybe("last_message", chat_id=chat_id)

    def pinned(self, chat_id: int) -> Json | None:
        """The message pinned on top of a chat."""
        return self._maybe("pinned", chat_id=chat_id)

    def wait_until(self, look: Callable[[], T | None], timeout: float = 10, what: str = "what was waited for") -> T:
        """Call `look` at every change of the stand-in's state until it gives something true, and return that."""
        deadline = time.monotonic() + timeout
        while True:
            version = self._call("wait", version=-1)
            found = look()
            if found:
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{what} did not come within {timeout} s")
            self._call("wait", version=version, timeout=min(left, 5))

    def wait_for_message(
        self,
        chat_id: int,
        wanted: Callable[[Json], bool] | str = "",
        after_id: int = 0,
        timeout: float = 10,
        from_bot: bool = True,
    ) -> Json:
        """Wait for a message and return it (as `messages` shows it).

        Args:
            chat_id: where.
            wanted: a test of a message, or text it must contain (also after an edit).
            after_id: only messages with a greater id.
            timeout: in seconds.
            from_bot: only messages of the bot.

        Raises:
            TimeoutError: none came; the message lists what is there.
        """
        fits = wanted if callable(wanted) else lambda message: wanted in message["text"]

        def look() -> Json | None:
            for message in self.messages(chat_id):
                own = message["sender"]["id"] == self._bot_id()
                if (
                    message["message_id"] > after_id
                    and message["service"] is None
                    and (own or not from_bot)
                    and fits(message)
                ):
                    return message
            return None

        try:
            return self.wait_until(look, timeout)
        except TimeoutError:
            there = [(m["message_id"], m["sender"]["name"], m["text"]) for m in self.messages(chat_id)]
            raise TimeoutError(f"no such message in {chat_id} within {timeout} s, there is {there}") from None

    def _bot_id(self) -> int:
        if not hasattr(self, "_bot"):
            self._bot = int(self._call("overview")["bot"]["id"])
        return self._bot

    def calls(self, method: str | None = None, since: int = 0) -> list[Json]:
        """The bot's calls: number, method, params, time, code, description. Without a method all but getUpdates."""
        return self._rows("calls", method=method, since=since)

    def clear_calls(self) -> None:
        """Forget the log."""
        self._call("clear_calls")

    def commands(self, scope: Json | str | None = None, lang: str = "") -> list[Json]:
        """The commands of exactly this scope (`{"type": …}` or its type) and language."""
        return self._rows("commands", scope=scope, lang=lang)

    def commands_for(self, user_id: int) -> list[Json]:
        """The commands a person sees in the private chat."""
        return self._rows("commands_for", user_id=user_id)

    def menu_button(self, user_id: int) -> Json:
        """The menu button of a private chat."""
        return self._dict("menu_button", user_id=user_id)

    def download(self, file_id: str) -> bytes:
        """The content of a file, also of one the bot sent."""
        return base64.b64decode(self._call("download", file_id=file_id))

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
        theme: Literal["light", "dark"] = "light",
    ) -> str:
        """The address that opens the Mini App signed in as a person."""
        return str(self._call("web_app_url", user_id=user_id, base=base, start_param=start_param, theme=theme))
