"""Every refusal of the stand-in, met with a real python-telegram-bot: the words are Telegram's own."""

from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    MenuButtonWebApp,
    ReplyKeyboardMarkup,
    WebAppInfo,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN, StandIn
from tests.clock import Clock
from tests.demo.conftest import ALICE, DAN, GROUP, SAM, make_bot

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot:telegram.warnings.PTBUserWarning")
HTTPS = WebAppInfo("https://duty.example.org/")


def inline(**button: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("Go", **button)]])


async def refused(stand_in: StandIn, call: Any, error: type[Exception] = BadRequest) -> str:
    """What the refusal says on the wire, without its prefix: the library changes the case of what it shows."""
    with pytest.raises(error):
        await call
    last = stand_in.call_log[-1]
    prefix = {400: "Bad Request: ", 403: "Forbidden: "}[last.code or 0]
    assert last.description is not None
    assert last.description.startswith(prefix)
    return last.description.removeprefix(prefix)


@pytest.fixture
def started(stand_in: StandIn) -> StandIn:
    for user_id in (ALICE, DAN):
        stand_in.send_text(user_id, "/start")
    return stand_in


# -- text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "message text is empty"),
        (" \n ", "text must be non-empty"),
        ("x" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
        ("я" * 16385, "text is too long"),
        ("<b>x", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ("я<div>x</div>", 'can\'t parse entities: Unsupported start tag "div" at byte offset 2'),
        ("1 < 2", 'can\'t parse entities: Unsupported start tag "" at byte offset 2'),
        ("a <b", "can't parse entities: Unclosed start tag at byte offset 2"),
        ("x</b>", "can't parse entities: Unexpected end tag at byte offset 1"),
        (
            "<b>x</i>",
            'can\'t parse entities: Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
        ),
        ("<b>x</b", "can't parse entities: Unclosed end tag at byte offset 4"),
        ("<a href='x", "can't parse entities: Unclosed start tag at byte offset 0"),
        (
            "<a href>x</a>",
            'can\'t parse entities: Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
        ),
        ("<a =1>x</a>", 'can\'t parse entities: Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>x</a>", "can't parse entities: Unexpected end of name token at byte offset 8"),
        ("<a href=", 'can\'t parse entities: Unclosed start tag "a" at byte offset 0'),
        ("<span>x</span>", 'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-time unix="soon">x</tg-time>', "can't parse entities: Invalid Unix time specified"),
        ("<tg-time>x</tg-time>", "can't parse entities: Invalid Unix time specified"),
        ('<tg-time unix="1" format="rt">x</tg-time>', "can't parse entities: Invalid date-time format specified"),
        ('<tg-emoji emoji-id="no">x</tg-emoji>', "can't parse entities: Invalid custom emoji identifier specified"),
    ],
)
async def test_send_message_with_bad_text(started: StandIn, bot: Bot, text: str, reason: str) -> None:
    assert await refused(started, bot.send_message(ALICE, text, parse_mode="HTML")) == reason


async def test_date_time_is_kept_with_its_text_and_a_change_of_it_alone_is_a_change(started: StandIn, bot: Bot) -> None:
    html = '<b>until <tg-time unix="{}" format="wDT">09:00</tg-time></b>'
    message = await bot.send_message(ALICE, html.format(1795500000), parse_mode="HTML")
    bold, instant = message.entities
    assert (message.text, bold.type, instant.type) == ("until 09:00", "bold", "date_time")
    assert (instant.offset, instant.length, instant.date_time_format) == (6, 5, "wDT")
    assert instant.unix_time is not None
    assert instant.unix_time.timestamp() == 1795500000

    same = bot.edit_message_text(html.format(1795500000), ALICE, message.message_id, parse_mode="HTML")
    assert (await refused(started, same)).startswith("message is not modified")
    other: Any = await bot.edit_message_text(html.format(1795503600), ALICE, message.message_id, parse_mode="HTML")
    assert other.entities[1].unix_time != instant.unix_time


async def test_entities_beyond_a_hundred_are_dropped(started: StandIn, bot: Bot) -> None:
    message = await bot.send_message(ALICE, "<b>x</b> " * 150, parse_mode="HTML")
    assert len(message.entities) == 100


TAGS_OFF = {"can_pin_messages": True}
TAGS_ON = {"can_manage_tags": True}


@pytest.mark.parametrize(
    ("who", "tag", "rights", "reason"),
    [
        (DAN, "on duty", TAGS_OFF, "RIGHT_FORBIDDEN"),
        (DAN, "on duty", None, "RIGHT_FORBIDDEN"),
        (ALICE, "on duty", TAGS_ON, "USER_ADMIN_INVALID"),
        (DAN, "x" * 17, TAGS_ON, "TAG_TOO_LONG"),
        (DAN, "on duty 🟢", TAGS_ON, "TAG_EMOJI_NOT_ALLOWED"),
        (4711, "on duty", TAGS_ON, "USER_NOT_PARTICIPANT"),
    ],
)
async def test_set_chat_member_tag_that_is_refused(
    started: StandIn, bot: Bot, who: int, tag: str, rights: dict[str, bool] | None, reason: str
) -> None:
    started.add_group(-100555, "Tags", members=[ALICE, DAN], bot_rights=rights)
    assert await refused(started, bot.set_chat_member_tag(-100555, who, tag)) == reason


async def test_set_chat_member_tag_shows_in_the_member_and_goes_when_empty(started: StandIn, bot: Bot) -> None:
    started.add_group(-100555, "Tags", members=[ALICE, DAN], bot_rights=TAGS_ON)
    assert (
        await refused(started, bot.set_chat_member_tag(DAN, DAN, "x"))
        == "chat member tags can be changed in groups only"
    )

    await bot.set_chat_member_tag(-100555, DAN, "дежурит")
    assert getattr(await bot.get_chat_member(-100555, DAN), "tag", None) == "дежурит"
    await bot.set_chat_member_tag(-100555, DAN, "")
    assert getattr(await bot.get_chat_member(-100555, DAN), "tag", None) is None


async def test_send_message_of_exactly_4096_after_parsing_is_taken(started: StandIn, bot: Bot) -> None:
    message = await bot.send_message(ALICE, "<b>" + "x" * 4096 + "</b>", parse_mode="HTML")
    assert message.text == "x" * 4096


async def test_unknown_parse_mode(started: StandIn, bot: Bot) -> None:
    assert await refused(started, bot.send_message(ALICE, "x", parse_mode="BBCode")) == "unsupported parse_mode"


async def test_edit_too_long(started: StandIn, bot: Bot) -> None:
    message = await bot.send_message(ALICE, "x")
    assert await refused(started, message.edit_text("x" * 4097)) == "MESSAGE_TOO_LONG"


async def test_caption_too_long(started: StandIn, bot: Bot) -> None:
    refusal = await refused(started, bot.send_document(ALICE, b"data", caption="x" * 1025))
    assert refusal == "message caption is too long"


# -- buttons ---------------------------------------------------------------------------------------------------------


async def test_callback_data_of_64_bytes_is_taken_and_of_65_not(started: StandIn, bot: Bot) -> None:
    await bot.send_message(ALICE, "x", reply_markup=inline(callback_data="я" * 32))
    assert await refused(started, bot.send_message(ALICE, "x", reply_markup=inline(callback_data="я" * 32 + "x"))) == (
        "BUTTON_DATA_INVALID"
    )


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (
            {"inline_keyboard": [[{"text": "Go", "callback_data": ""}]]},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"inline_keyboard": [[{"callback_data": "x"}]]},
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        ({"inline_keyboard": [[{"text": " ", "callback_data": "x"}]]}, "inline keyboard button text must be non-empty"),
        (
            {"inline_keyboard": ["Go"]},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        (
            {"inline_keyboard": [["Go"]]},
            "can't parse inline keyboard button: InlineKeyboardButton must be an Object",
        ),
        (
            {"inline_keyboard": [[{"text": "Go", "url": "javascript:alert(1)"}]]},
            "inline keyboard button URL 'javascript:alert(1)' is invalid: Unsupported URL protocol",
        ),
        (
            {"inline_keyboard": [[{"text": "Go", "url": "http://localhost/x"}]]},
            "inline keyboard button URL 'http://localhost/x' is invalid: Wrong HTTP URL",
        ),
        (
            {"inline_keyboard": [[{"text": "Go", "web_app": {"url": "http://duty.example.org/"}}]]},
            "inline keyboard button Web App URL 'http://duty.example.org/' is invalid: Only HTTPS links are allowed",
        ),
        (
            {"inline_keyboard": [[{"text": str(n), "callback_data": "x"}] for n in range(101)]},
            "reply markup is too long",
        ),
        ({"keyboard": [[{"text": ""}]]}, "keyboard button text must be non-empty"),
        ({"keyboard": [[{}]]}, "can't parse keyboard button: Can't find field \"text\""),
        ({"keyboard": [[7]]}, "can't parse keyboard button: KeyboardButton must be a String or an Object"),
        ({"nonsense": 1}, "object expected as reply markup"),
        ("[]", "object expected as reply markup"),
        ("{", "can't parse reply keyboard markup JSON object"),
    ],
)
async def test_bad_reply_markup(started: StandIn, bot: Bot, markup: Any, reason: str) -> None:
    call = bot.do_api_request("sendMessage", {"chat_id": ALICE, "text": "x", "reply_markup": markup})
    assert await refused(started, call) == reason


async def test_web_app_button_on_loopback_is_taken(started: StandIn, bot: Bot) -> None:
    markup = inline(web_app=WebAppInfo("http://127.0.0.1:8080/"))
    message = await bot.send_message(ALICE, "x", reply_markup=markup)
    assert message.reply_markup == markup


async def test_private_only_buttons_in_a_group(started: StandIn, bot: Bot) -> None:
    started.add_group(GROUP, "Team", [ALICE])
    contact = ReplyKeyboardMarkup([[KeyboardButton("Phone", request_contact=True)]])
    web_app = ReplyKeyboardMarkup([[KeyboardButton("App", web_app=HTTPS)]])

    assert (
        await refused(started, bot.send_message(GROUP, "x", reply_markup=inline(web_app=HTTPS)))
        == "BUTTON_TYPE_INVALID"
    )
    assert await refused(started, bot.send_message(GROUP, "x", reply_markup=contact)) == (
        "phone number can be requested in private chats only"
    )
    assert await refused(started, bot.send_message(GROUP, "x", reply_markup=web_app)) == (
        "web App buttons can be used in private chats only"
    )
    assert (await bot.send_message(GROUP, "x", reply_markup=inline(url="https://t.me/x/app?startapp=g1"))).reply_markup


# -- whom it can reach -----------------------------------------------------------------------------------------------


async def test_unknown_chats(started: StandIn, bot: Bot) -> None:
    assert await refused(started, bot.send_message(424242, "x")) == "chat not found"
    assert await refused(started, bot.send_message("@nobody_here", "x")) == "chat not found"
    assert await refused(started, bot.send_message("", "x")) == "chat_id is empty"


async def test_person_who_never_wrote(started: StandIn, bot: Bot) -> None:
    assert await refused(started, bot.send_message(SAM, "x"), Forbidden) == (
        "bot can't initiate conversation with a user"
    )
    started.send_text(SAM, "hi")
    assert (await bot.send_message(SAM, "x")).text == "x"


async def test_blocked_until_the_person_writes_again(started: StandIn, bot: Bot) -> None:
    started.block_bot(DAN)
    assert await refused(started, bot.send_message(DAN, "x"), Forbidden) == "bot was blocked by the user"
    started.send_text(DAN, "back")
    assert (await bot.send_message(DAN, "x")).text == "x"


async def test_other_bots_can_not_be_written_to(started: StandIn, bot: Bot) -> None:
    refusal = await refused(started, bot.send_message(1087968824, "x"), Forbidden)
    assert refusal == "bot can't send messages to bots"


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_kicked_from_a_group(started: StandIn, bot: Bot, kind: Any) -> None:
    started.add_group(GROUP, "Team", [ALICE], kind=kind)
    message = await bot.send_message(GROUP, "x")
    started.kick_bot(GROUP)
    expected = f"bot was kicked from the {kind} chat"

    assert await refused(started, bot.send_message(GROUP, "x"), Forbidden) == expected
    assert await refused(started, message.edit_text("y"), Forbidden) == expected
    assert await refused(started, message.pin(), Forbidden) == expected

    started.return_bot(GROUP)
    assert (await bot.send_message(GROUP, "x")).text == "x"


async def test_group_the_bot_is_not_in(started: StandIn, bot: Bot) -> None:
    started.add_group(GROUP, "Team", [ALICE], bot_member=False)
    refusal = await refused(started, bot.send_message(GROUP, "x"), Forbidden)
    assert refusal == "bot is not a member of the supergroup chat"


async def test_upgraded_group_names_its_new_id(started: StandIn, bot: Bot) -> None:
    started.add_group(-77, "Team", [ALICE], kind="group")
    new_id = started.upgrade_to_supergroup(-77)

    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(-77, "x")

    assert caught.value.new_chat_id == new_id
    assert (await bot.send_message(new_id, "x")).chat.type == "supergroup"


async def test_no_right_to_send(started: StandIn, bot: Bot) -> None:
    started.add_group(GROUP, "Team", [ALICE], bot_rights={"can_send_messages": False})
    assert await refused(started, bot.send_message(GROUP, "x")) == "not enough rights to send text messages to the chat"
    started.set_bot_rights(GROUP, {"can_send_documents": False})
    assert (
        await refused(started, bot.send_document(GROUP, b"data")) == "not enough rights to send documents to the chat"
    )
    assert (await bot.send_message(GROUP, "x")).text == "x"


# -- pins, edits, deletions ------------------------------------------------------------------------------------------


async def test_pin_without_the_right(started: StandIn, bot: Bot) -> None:
    started.add_group(GROUP, "Team", [ALICE], bot_rights=None)
    message = await bot.send_message(GROUP, "x")
    for call in (message.pin(), message.unpin(), bot.unpin_all_chat_messages(GROUP)):
        assert await refused(started, call) == "not enough rights to manage pinned messages in the chat"


async def test_message_that_is_not_there(started: StandIn, bot: Bot) -> None:
    started.add_group(GROUP, "Team", [ALICE])
    message = await bot.send_message(GROUP, "x")
    started.delete_message(GROUP, message.message_id)

    assert await refused(started, message.edit_text("y")) == "message to edit not found"
    assert await refused(started, message.pin()) == "message to pin not found"
    assert await refused(started, message.unpin()) == "message to unpin not found"
    assert await refused(started, message.delete()) == "message to delete not found"
    assert await refused(started, bot.unpin_chat_message(GROUP)) == "message to unpin not found"
    assert await refused(started, message.reply_text("y")) == "message to be replied not found"
    assert await refused(started, bot.delete_message(GROUP, 0)) == "message identifier is not specified"


async def test_unchanged_edit(started: StandIn, bot: Bot) -> None:
    markup = inline(callback_data="a")
    message = await bot.send_message(ALICE, "<b>x</b>", parse_mode="HTML", reply_markup=markup)
    unchanged = (
        "message is not modified: specified new message content and reply markup are exactly the same as a current "
        "content and reply markup of the message"
    )

    assert await refused(started, message.edit_text(" <strong>x</strong>\n", "HTML", reply_markup=markup)) == unchanged
    assert await refused(started, message.edit_reply_markup(markup)) == unchanged
    assert (await bot.edit_message_text("x", ALICE, message.message_id, reply_markup=markup)).text == "x"  # type: ignore[union-attr]


async def test_message_that_can_not_be_edited(started: StandIn, bot: Bot) -> None:
    theirs = started.send_text(ALICE, "mine")["message_id"]
    keyboard = await bot.send_message(ALICE, "x", reply_markup=ReplyKeyboardMarkup([["Yes"]]))
    document = await bot.send_document(ALICE, b"data")
    text = await bot.send_message(ALICE, "x")

    assert await refused(started, bot.edit_message_text("x", ALICE, theirs)) == "message can't be edited"
    assert await refused(started, keyboard.edit_text("y")) == "message can't be edited"
    assert await refused(started, document.edit_text("y")) == "there is no text in the message to edit"
    assert await refused(started, text.edit_caption("y")) == "there is no caption in the message to edit"
    call = bot.do_api_request(
        "editMessageText",
        {"chat_id": ALICE, "message_id": text.message_id, "text": "y", "reply_markup": {"keyboard": [["No"]]}},
    )
    assert await refused(started, call) == "inline keyboard expected"


async def test_delete_after_48_hours(started: StandIn, bot: Bot, clock: Clock) -> None:
    young, old = await bot.send_message(ALICE, "x"), await bot.send_message(ALICE, "y")
    clock.move(hours=47, minutes=59)
    assert await young.delete()
    clock.move(minutes=1)
    assert await refused(started, old.delete()) == "message can't be deleted for everyone"


async def test_delete_of_somebody_elses_message_needs_a_right(started: StandIn, bot: Bot) -> None:
    started.add_group(GROUP, "Team", [ALICE])
    theirs = started.send_text(ALICE, "x", GROUP)["message_id"]
    assert await refused(started, bot.delete_message(GROUP, theirs)) == "message can't be deleted"
    started.set_bot_rights(GROUP, {"can_delete_messages": True})
    assert await bot.delete_message(GROUP, theirs)


async def test_topics(started: StandIn, bot: Bot) -> None:
    started.add_group(GROUP, "Team", [ALICE], forum=True)
    thread = started.create_topic(GROUP, "On call")
    message = await bot.send_message(GROUP, "x", message_thread_id=thread)
    started.close_topic(GROUP, thread)

    assert (message.message_thread_id, message.is_topic_message) == (thread, True)
    assert await refused(started, bot.send_message(GROUP, "x", message_thread_id=thread)) == "TOPIC_CLOSED"
    started.reopen_topic(GROUP, thread)
    assert await bot.send_message(GROUP, "x", message_thread_id=thread)
    for missing in (thread + 1000, 1):
        refusal = await refused(started, bot.send_message(GROUP, "x", message_thread_id=missing))
        assert refusal == "message thread not found"
    started.delete_topic(GROUP, thread)
    assert await refused(started, bot.send_message(GROUP, "x", message_thread_id=thread)) == "message thread not found"


# -- queries, files, the rest ----------------------------------------------------------------------------------------


async def test_callback_query_answered_late_or_twice(started: StandIn, bot: Bot, clock: Clock) -> None:
    too_old = "query is too old and response timeout expired or query ID is invalid"
    message = await bot.send_message(ALICE, "x", reply_markup=inline(callback_data="a"))
    once, late = (started.press(ALICE, message.message_id, "a") for _ in range(2))

    assert (await refused(started, bot.answer_callback_query(once, "x" * 201))) == "MESSAGE_TOO_LONG"
    assert await bot.answer_callback_query(once, "done")
    assert started.callback_answer(once) == {"text": "done", "show_alert": False, "url": ""}
    clock.move(seconds=61)
    for query in (once, late, "123"):
        assert await refused(started, bot.answer_callback_query(query)) == too_old


async def test_files(started: StandIn, bot: Bot) -> None:
    big = started.send_document(ALICE, "big.xlsx", b"PK", size=20 * 1024 * 1024 + 1)["document"]["file_id"]
    whole = started.send_document(ALICE, "ok.xlsx", b"PK", size=20 * 1024 * 1024)["document"]["file_id"]

    assert await refused(started, bot.get_file(big)) == "file is too big"
    assert (
        await refused(started, bot.get_file("no-such-file")) == "wrong file_id or the file is temporarily unavailable"
    )
    assert (await bot.get_file(whole)).file_size == 20 * 1024 * 1024
    assert await refused(started, bot.send_document(ALICE, "AgADnope")) == (
        "wrong remote file identifier specified: can't unserialize it"
    )
    assert await refused(started, bot.do_api_request("sendDocument", {"chat_id": ALICE})) == (
        "there is no document in the request"
    )


async def test_inline_answers(started: StandIn, bot: Bot) -> None:
    def article(number: int, **changes: Any) -> dict[str, Any]:
        content = {"message_text": "x"}
        return {"type": "article", "id": str(number), "title": "T", "input_message_content": content, **changes}

    async def answer(*results: dict[str, Any]) -> Any:
        query = started.inline_query(ALICE, "dan")
        return await bot.do_api_request("answerInlineQuery", {"inline_query_id": query, "results": list(results)})

    assert await refused(started, answer(*(article(n) for n in range(51)))) == "too many inline query results specified"
    assert await refused(started, answer(article(1), article(1))) == "RESULT_ID_DUPLICATE"
    assert await refused(started, answer(article(1, id="x" * 65))) == "RESULT_ID_INVALID"
    assert (
        await refused(started, answer(article(1, input_message_content={}))) == "input message content is not specified"
    )
    assert (
        await refused(started, answer(article(1, title="")))
        == "can't parse inline query result: Can't find field \"title\""
    )
    assert await answer(*(article(n) for n in range(50)))


async def test_commands_and_menu(started: StandIn, bot: Bot) -> None:
    assert await refused(started, bot.set_my_commands([BotCommand("Duty", "x")])) == "BOT_COMMAND_INVALID"
    assert await refused(started, bot.set_my_commands([BotCommand("duty", " ")])) == "BOT_COMMAND_DESCRIPTION_INVALID"
    assert await refused(started, bot.set_my_commands([("duty", "x")] * 101)) == "BOT_COMMANDS_TOO_MUCH"
    refusal = await refused(started, bot.set_my_commands([("duty", "x")], language_code="ru-RU"))
    assert refusal == "invalid language code specified"
    refusal = await refused(
        started, bot.do_api_request("setMyCommands", {"commands": [], "scope": {"type": "everybody"}})
    )
    assert refusal == "can't parse BotCommandScope: Unsupported type specified"
    http = MenuButtonWebApp("Calendar", WebAppInfo("http://duty.example.org/"))
    assert await refused(started, bot.set_chat_menu_button(ALICE, http)) == (
        "inline keyboard button Web App URL 'http://duty.example.org/' is invalid: Only HTTPS links are allowed"
    )


async def test_administrators_of_a_private_chat(started: StandIn, bot: Bot) -> None:
    assert (
        await refused(started, bot.get_chat_administrators(ALICE)) == "there are no administrators in the private chat"
    )
    started.add_group(GROUP, "Team", [ALICE])
    assert await refused(started, bot.get_chat_member(GROUP, 424242)) == "user not found"


async def test_tokens_and_methods(started: StandIn) -> None:
    async with httpx.AsyncClient(base_url=started.base_url) as http:
        answers = [
            await http.get(path)
            for path in (
                f"/bot{DEFAULT_TOKEN}/noSuchMethod",
                f"/bot{DEFAULT_TOKEN}x/getMe",
                "/botnonsense/getMe",
                f"/file/bot{DEFAULT_TOKEN}/documents/none.txt",
                f"/bot{DEFAULT_TOKEN}/getMe",
                f"/bot{DEFAULT_TOKEN}/GETME",
            )
        ]

    assert [(answer.status_code, answer.json().get("description")) for answer in answers] == [
        (404, "Not Found: method not found"),
        (401, "Unauthorized"),
        (404, "Not Found"),
        (404, "Not Found"),
        (200, None),
        (200, None),
    ]


async def test_wrong_token_is_invalid_for_the_library(started: StandIn) -> None:
    with pytest.raises(InvalidToken):
        async with make_bot(started, "1000000001:another"):
            pass


async def test_bodies_of_every_kind_are_read(started: StandIn) -> None:
    url = f"{started.base_url}/bot{DEFAULT_TOKEN}/sendMessage"
    fields = {"chat_id": str(ALICE), "text": "Дежурный & co", "reply_markup": '{"inline_keyboard":[]}'}
    async with httpx.AsyncClient() as http:
        answers = [
            await http.post(url, json=fields),
            await http.post(url, data=fields),
            await http.post(url, files={name: (None, value) for name, value in fields.items()}),
            await http.get(url, params=fields),
            await http.post(url, content=b"{", headers={"content-type": "application/json"}),
        ]

    assert [answer.json().get("result", {}).get("text") for answer in answers] == ["Дежурный & co"] * 4 + [None]
    assert answers[4].json()["description"] == "Bad Request: can't parse JSON object"


async def test_limits_when_enforced(started: StandIn, bot: Bot, clock: Clock) -> None:
    started.set_limits(True)
    for _ in range(5):
        await bot.send_message(ALICE, "x")
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(ALICE, "x")
    assert caught.value.retry_after == 1

    clock.move(seconds=1)
    assert await bot.send_message(ALICE, "x")


async def test_limit_of_a_group_is_20_a_minute(started: StandIn, bot: Bot, clock: Clock) -> None:
    started.add_group(GROUP, "Team", [ALICE])
    started.set_limits(True)
    for _ in range(20):
        await bot.send_message(GROUP, "x")
        clock.move(seconds=1)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(GROUP, "x")
    assert caught.value.retry_after == 40


async def test_limit_over_all_is_30_a_second(started: StandIn, bot: Bot) -> None:
    for number in range(31):
        started.add_user(5000 + number, "Somebody", started=True)
    started.set_limits(True)
    for number in range(30):
        await bot.send_message(5000 + number, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(5030, "x")
