"""What people do and what the bot gets to see of it; what the bot does and what people see of that."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from telegram import (
    Bot,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    MenuButtonWebApp,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
    WebAppInfo,
)

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN, ControlError, StandIn, sign_init_data
from tests.clock import Clock
from tests.demo.conftest import ALICE, DAN, GROUP, SAM

BUTTONS = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Apply", callback_data="apply:1"), InlineKeyboardButton("Cancel", callback_data="no")],
        [InlineKeyboardButton("Site", url="https://example.org/")],
    ]
)


async def updates(bot: Bot) -> list[Update]:
    """What waits, confirmed."""
    waiting = list(await bot.get_updates())
    if waiting:
        await bot.get_updates(offset=waiting[-1].update_id + 1)
    return waiting


async def texts(bot: Bot) -> list[str | None]:
    return [u.message.text for u in await updates(bot) if u.message and u.message.text]


# -- formatting ------------------------------------------------------------------------------------------------------


async def test_html_becomes_text_and_entities_and_back(stand_in: StandIn, bot: Bot) -> None:
    source = (
        "😀 <b>Dan &amp; <i>co</i></b> <a href='https://example.org/?a=1&amp;b=2'>link</a> <code>1 &lt; 2</code>\n"
        "<blockquote expandable>more</blockquote> <s>old</s> <u>new</u> <tg-spoiler>x</tg-spoiler>"
    )
    stand_in.send_text(ALICE, "/start")
    message = await bot.send_message(ALICE, source, parse_mode="HTML")

    assert message.text == "😀 Dan & co link 1 < 2\nmore old new x"
    bold = message.entities[0]
    assert (bold.type, bold.offset, bold.length) == ("bold", 3, 8)
    assert message.parse_entity(message.entities[2]) == "link"
    assert stand_in.messages(ALICE)[-1]["html"] == source.replace("'", '"')


async def test_pre_with_language_and_mention_of_a_person(stand_in: StandIn, bot: Bot) -> None:
    stand_in.send_text(ALICE, "/start")
    message = await bot.send_message(
        ALICE,
        f'<pre><code class="language-python">x = 1</code></pre><a href="tg://user?id={DAN}">Dan</a>'
        '<a href="tg://user?id=999">nobody</a><a href="http://localhost/">dropped</a>',
        parse_mode="HTML",
    )
    assert [(e.type, e.language, e.user and e.user.first_name) for e in message.entities] == [
        ("pre", "python", None),
        ("text_mention", None, "Dan"),
    ]


async def test_entities_are_found_in_plain_text(stand_in: StandIn, bot: Bot) -> None:
    text = "/duty@duty_teller_demo_bot ask @alice or a@b.example, https://example.org/x. #duty +7 900 111-22-33, 10/12"
    stand_in.send_text(ALICE, text)
    (update,) = await updates(bot)
    assert update.message is not None
    assert [(e.type, update.message.parse_entity(e)) for e in update.message.entities] == [
        ("bot_command", "/duty@duty_teller_demo_bot"),
        ("mention", "@alice"),
        ("email", "a@b.example"),
        ("url", "https://example.org/x"),
        ("hashtag", "#duty"),
        ("phone_number", "+7 900 111-22-33"),
    ]


# -- private chats ---------------------------------------------------------------------------------------------------


async def test_language_and_names_of_users(stand_in: StandIn, bot: Bot) -> None:
    for user_id in (ALICE, DAN, SAM):
        stand_in.send_text(user_id, "hi")
    users = [u.effective_user for u in await updates(bot)]
    assert [(u.id, u.full_name, u.username, u.language_code) for u in users if u] == [
        (ALICE, "Alice", "alice", "en"),
        (DAN, "Dan Duty", "dan_duty", "ru"),
        (SAM, "Sam", None, None),
    ]


async def test_press_carries_the_whole_message(stand_in: StandIn, bot: Bot) -> None:
    stand_in.send_text(ALICE, "/start")
    message = await bot.send_message(ALICE, "<b>Sure?</b>", parse_mode="HTML", reply_markup=BUTTONS)
    await updates(bot)

    stand_in.press(ALICE, message.message_id, "Apply")
    stand_in.press(ALICE, message.message_id, "no")
    first, second = [u.callback_query for u in await updates(bot)]

    assert first is not None
    assert second is not None
    assert (first.data, second.data) == ("apply:1", "no")
    assert first.from_user.id == ALICE
    assert first.message == message
    assert first.message.to_dict() == message.to_dict()


@pytest.mark.parametrize(("button", "reason"), [("Nope", "no button 'Nope' there"), ("Site", "opens something")])
async def test_press_of_what_is_not_there(stand_in: StandIn, bot: Bot, button: str, reason: str) -> None:
    stand_in.send_text(ALICE, "/start")
    message = await bot.send_message(ALICE, "x", reply_markup=BUTTONS)
    with pytest.raises(ControlError, match=reason):
        stand_in.press(ALICE, message.message_id, button)


async def test_edit_takes_buttons_away_unless_given(stand_in: StandIn, bot: Bot) -> None:
    stand_in.send_text(ALICE, "/start")
    message = await bot.send_message(ALICE, "x", reply_markup=BUTTONS)
    await message.edit_text("y")
    shown = stand_in.messages(ALICE)[-1]
    assert (shown["text"], shown["reply_markup"], shown["edited"]) == ("y", None, True)


async def test_contacts(stand_in: StandIn, bot: Bot) -> None:
    stand_in.send_contact(ALICE)
    stand_in.send_contact(ALICE, of_user_id=DAN)
    stand_in.send_contact(ALICE, "+15550001", with_user_id=False)
    contacts = [u.message.contact for u in await updates(bot) if u.message]
    assert [(c.phone_number, c.user_id) for c in contacts if c] == [
        ("+79001112233", ALICE),
        ("+79000001002", DAN),
        ("+15550001", None),
    ]


async def test_reply_keyboard_sends_text_or_contact(stand_in: StandIn, bot: Bot) -> None:
    stand_in.send_text(ALICE, "/start")
    keys = ReplyKeyboardMarkup([["Later"], [KeyboardButton("My phone", request_contact=True)]])
    asked = await bot.send_message(ALICE, "Phone?", reply_markup=keys)
    await updates(bot)

    stand_in.press_keyboard(ALICE, "Later")
    stand_in.press_keyboard(ALICE, "My phone")
    first, second = [u.message for u in await updates(bot)]

    assert asked.reply_markup is None
    assert first is not None
    assert first.text == "Later"
    assert second is not None
    assert second.contact is not None
    assert second.contact.user_id == ALICE
    assert second.reply_to_message is not None
    assert second.reply_to_message.message_id == asked.message_id
    await bot.send_message(ALICE, "Thanks", reply_markup=ReplyKeyboardRemove())
    with pytest.raises(ControlError, match="no reply keyboard"):
        stand_in.press_keyboard(ALICE, "Later")


async def test_document_is_downloaded_as_it_was_sent(stand_in: StandIn, bot: Bot) -> None:
    content = bytes(range(256)) * 10
    stand_in.send_document(ALICE, "График.xlsx", content, caption="/import")
    (update,) = await updates(bot)
    assert update.message is not None
    document = update.message.document
    assert document is not None
    assert (document.file_name, document.file_size) == ("График.xlsx", 2560)
    assert document.mime_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert update.message.caption == "/import"
    assert bytes(await (await document.get_file()).download_as_bytearray()) == content


async def test_document_of_the_bot_arrives_byte_for_byte(stand_in: StandIn, bot: Bot) -> None:
    content = b"\r\n--x\r\n\x00\xff" + bytes(range(256))
    stand_in.send_text(ALICE, "/start")
    message = await bot.send_document(
        ALICE, content, filename="Отчёт за май.bin", caption="<b>May</b>", parse_mode="HTML"
    )
    again = await bot.send_document(ALICE, message.document.file_id if message.document else "")

    shown = stand_in.messages(ALICE)[-2]
    assert (shown["document"]["file_name"], shown["html"]) == ("Отчёт за май.bin", "<b>May</b>")
    assert stand_in.download(shown["document"]["file_id"]) == content
    assert again.document == message.document


async def test_edited_message_reaches_the_bot(stand_in: StandIn, bot: Bot) -> None:
    sent = stand_in.send_text(ALICE, "/dutty")
    stand_in.edit_text(ALICE, sent["message_id"], "/duty")
    assert (await updates(bot))[1].edited_message.text == "/duty"  # type: ignore[union-attr]


async def test_block_and_return_are_told(stand_in: StandIn, bot: Bot) -> None:
    stand_in.send_text(ALICE, "/start")
    await updates(bot)
    stand_in.block_bot(ALICE)
    stand_in.send_text(ALICE, "/start")
    changes = [u.my_chat_member.new_chat_member.status for u in await updates(bot) if u.my_chat_member]
    assert changes == ["kicked", "member"]


@pytest.mark.parametrize("payload", ["x" * 65, "two words", "ключ"])
def test_start_payload_follows_telegrams_alphabet(payload: str) -> None:
    stand_in = StandIn()
    stand_in.add_user(ALICE, "Alice")
    with pytest.raises(ControlError, match="start payload"):
        stand_in.press_start(ALICE, payload)


async def test_inline_query(stand_in: StandIn, bot: Bot) -> None:
    from telegram import InlineQueryResultArticle, InputTextMessageContent

    stand_in.add_group(GROUP, "Team", [ALICE])
    query = stand_in.inline_query(ALICE, "tomorrow")
    asked = (await updates(bot))[-1].inline_query
    assert asked is not None
    assert (asked.query, asked.from_user.id) == ("tomorrow", ALICE)
    content = InputTextMessageContent("<b>Dan</b>", parse_mode="HTML")
    await asked.answer([InlineQueryResultArticle("1", "Dan", content)], is_personal=True, cache_time=0)

    answer = stand_in.callback_answer(query)
    assert answer is not None
    assert (answer["is_personal"], answer["cache_time"]) == (True, 0)
    stand_in.choose_inline(ALICE, query, "1", GROUP)
    assert stand_in.messages(GROUP)[-1]["html"] == "<b>Dan</b>"


# -- groups ----------------------------------------------------------------------------------------------------------


async def test_privacy_mode_of_an_ordinary_member(stand_in: StandIn, bot: Bot) -> None:
    stand_in.add_group(GROUP, "Team", [ALICE, DAN], bot_rights=None)
    own = await bot.send_message(GROUP, "I am here")
    theirs = stand_in.send_text(DAN, "lunch?", GROUP)["message_id"]
    await updates(bot)

    for text, reply_to in (
        ("/duty", None),
        ("/duty@Duty_Teller_Demo_Bot", None),
        ("/duty@another_bot", None),
        ("@duty_teller_demo_bot hello", None),
        ("no", theirs),
        ("thanks", own.message_id),
    ):
        stand_in.send_text(ALICE, text, GROUP, reply_to=reply_to)
    stand_in.send_document(ALICE, "a.json", b"{}", GROUP)
    stand_in.set_title(GROUP, "Team 2")
    seen = [u.message for u in await updates(bot) if u.message]

    assert [m.text or m.new_chat_title for m in seen] == ["/duty", "/duty@Duty_Teller_Demo_Bot", "thanks", "Team 2"]


async def test_administrator_reads_everything(stand_in: StandIn, bot: Bot) -> None:
    stand_in.add_group(GROUP, "Team", [ALICE])
    stand_in.send_text(ALICE, "lunch?", GROUP)
    assert await texts(bot) == ["lunch?"]


async def test_anonymous_administrator_has_no_name(stand_in: StandIn, bot: Bot) -> None:
    stand_in.add_group(GROUP, "Team", [ALICE, DAN])
    stand_in.send_text(ALICE, "/pin_duty", GROUP, anonymous=True)
    message = (await updates(bot))[-1].message
    assert message is not None
    assert message.from_user is not None
    assert message.from_user.id == 1087968824
    assert message.sender_chat is not None
    assert message.sender_chat.id == GROUP
    with pytest.raises(ControlError, match="only administrators"):
        stand_in.send_text(DAN, "/pin_duty", GROUP, anonymous=True)


async def test_coming_and_going_of_the_bot(stand_in: StandIn, bot: Bot) -> None:
    stand_in.add_group(GROUP, "Team", [ALICE, DAN], bot_rights=None)
    stand_in.set_bot_rights(GROUP, {"can_pin_messages": True})
    stand_in.kick_bot(GROUP, by=ALICE)
    stand_in.return_bot(GROUP)
    await bot.leave_chat(GROUP)
    seen = [u.my_chat_member for u in await updates(bot) if u.my_chat_member]

    assert [(m.old_chat_member.status, m.new_chat_member.status) for m in seen] == [
        ("left", "member"),
        ("member", "administrator"),
        ("administrator", "kicked"),
        ("kicked", "administrator"),
        ("administrator", "left"),
    ]
    assert seen[1].new_chat_member.can_pin_messages is True  # type: ignore[attr-defined]


async def test_members_as_the_bot_can_ask_for_them(stand_in: StandIn, bot: Bot) -> None:
    stand_in.add_group(GROUP, "Team", [ALICE, DAN], username="the_team")
    chat = await bot.get_chat("@the_team")
    me = await bot.get_chat_member(GROUP, bot.id)
    assert (chat.id, chat.title, chat.type) == (GROUP, "Team", "supergroup")
    assert (me.status, me.can_pin_messages) == ("administrator", True)  # type: ignore[attr-defined]
    assert (await bot.get_chat_member(GROUP, DAN)).status == "member"
    assert (await bot.get_chat_member(GROUP, SAM)).status == "left"
    assert {m.user.id for m in await bot.get_chat_administrators(GROUP)} == {ALICE, bot.id}
    assert await bot.get_chat_member_count(GROUP) == 3
    assert await bot.get_chat_member_count(ALICE) == 2
    stand_in.set_member(GROUP, DAN, "left")
    assert await bot.get_chat_member_count(GROUP) == 2


async def test_pins(stand_in: StandIn, bot: Bot) -> None:
    stand_in.add_group(GROUP, "Team", [ALICE])
    first, second = await bot.send_message(GROUP, "one"), await bot.send_message(GROUP, "two")
    await updates(bot)
    await first.pin(disable_notification=True)
    await second.pin()
    told = [u.message.pinned_message for u in await updates(bot) if u.message]

    assert [m.message_id for m in told if m] == [first.message_id, second.message_id]
    assert stand_in.pinned(GROUP)["text"] == "two"  # type: ignore[index]
    await bot.unpin_chat_message(GROUP)
    assert stand_in.pinned(GROUP)["text"] == "one"  # type: ignore[index]
    pinned = (await bot.get_chat(GROUP)).pinned_message
    assert pinned is not None
    assert pinned.text == "one"
    assert await bot.unpin_chat_message(GROUP, first.message_id)
    assert stand_in.pinned(GROUP) is None
    assert stand_in.calls("pinChatMessage")[0]["params"]["disable_notification"] is True


async def test_hand_deleted_message_is_told_to_nobody(stand_in: StandIn, bot: Bot) -> None:
    stand_in.add_group(GROUP, "Team", [ALICE])
    message = await bot.send_message(GROUP, "one")
    await message.pin()
    await updates(bot)
    stand_in.delete_message(GROUP, message.message_id)
    assert await updates(bot) == []
    assert stand_in.pinned(GROUP) is None


async def test_upgrade_sends_both_service_messages(stand_in: StandIn, bot: Bot) -> None:
    stand_in.add_group(-77, "Team", [ALICE], kind="group")
    await updates(bot)
    new_id = stand_in.upgrade_to_supergroup(-77)
    old, new = [u.message for u in await updates(bot)]
    assert old is not None
    assert new is not None
    assert (old.chat.id, old.migrate_to_chat_id) == (-77, new_id)
    assert (new.chat.id, new.migrate_from_chat_id) == (new_id, -77)
    with pytest.raises(ControlError, match="has become the supergroup"):
        stand_in.send_text(ALICE, "hi", -77)


async def test_topics_mark_their_messages(stand_in: StandIn, bot: Bot) -> None:
    stand_in.add_group(GROUP, "Team", [ALICE], forum=True)
    thread = stand_in.create_topic(GROUP, "On call")
    stand_in.send_text(ALICE, "/pin_duty", GROUP, thread_id=thread)
    message = (await updates(bot))[-1].message
    assert message is not None
    assert (message.message_thread_id, message.is_topic_message, message.chat.is_forum) == (thread, True, True)
    # Telegram names the message that opened the topic where nothing else is replied to.
    assert message.reply_to_message is not None
    assert message.reply_to_message.forum_topic_created is not None
    assert (await message.reply_text("ok")).message_thread_id == thread


async def test_reply_in_a_group_without_topics_has_a_thread_but_no_topic(stand_in: StandIn, bot: Bot) -> None:
    stand_in.add_group(GROUP, "Team", [ALICE])
    first = stand_in.send_text(ALICE, "one", GROUP)["message_id"]
    stand_in.send_text(ALICE, "/duty", GROUP, reply_to=first)
    message = (await updates(bot))[-1].message
    assert message is not None
    assert (message.message_thread_id, message.is_topic_message) == (first, None)
    assert (await bot.send_message(GROUP, "x", message_thread_id=first)).message_thread_id is None


async def test_message_ids_run_apart_in_supergroups(stand_in: StandIn, bot: Bot) -> None:
    stand_in.add_group(GROUP, "Team", [ALICE], bot_member=False)
    stand_in.add_group(-77, "Old team", [ALICE], kind="group", bot_member=False)
    ids = [stand_in.send_text(ALICE, "x", chat_id)["message_id"] for chat_id in (None, -77, GROUP, None, GROUP)]
    assert ids == [1, 2, 1, 3, 2]


async def test_outsider_can_not_write_into_a_group(stand_in: StandIn) -> None:
    stand_in.add_group(GROUP, "Team", [ALICE])
    with pytest.raises(ControlError, match="Sam is not in Team"):
        stand_in.send_text(SAM, "hi", GROUP)


# -- the bot itself --------------------------------------------------------------------------------------------------


async def test_commands_by_scope_and_language(stand_in: StandIn, bot: Bot) -> None:
    private, groups = BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()
    await bot.set_my_commands([("duty", "Who is on duty")], scope=private)
    await bot.set_my_commands([("duty", "Кто дежурит")], scope=private, language_code="ru")
    await bot.set_my_commands([("pin_duty", "Pin")], scope=groups)

    assert stand_in.commands("all_private_chats", "ru") == [{"command": "duty", "description": "Кто дежурит"}]
    assert [c.description for c in await bot.get_my_commands(private)] == ["Who is on duty"]
    assert stand_in.commands_for(DAN)[0]["description"] == "Кто дежурит"
    assert stand_in.commands_for(SAM)[0]["description"] == "Who is on duty"
    assert stand_in.commands("all_group_chats") == [{"command": "pin_duty", "description": "Pin"}]
    await bot.delete_my_commands(private, "ru")
    assert stand_in.commands_for(DAN)[0]["description"] == "Who is on duty"


async def test_menu_button_of_one_and_of_all(stand_in: StandIn, bot: Bot) -> None:
    stand_in.send_text(ALICE, "/start")
    button = MenuButtonWebApp("Calendar", WebAppInfo("http://127.0.0.1:8080/"))
    await bot.set_chat_menu_button(menu_button=button)
    assert await bot.get_chat_menu_button(ALICE) == button
    assert stand_in.menu_button(DAN)["web_app"]["url"] == "http://127.0.0.1:8080/"


async def test_descriptions_and_webhook(stand_in: StandIn, bot: Bot) -> None:
    assert await bot.set_my_description("Tells who is on duty")
    assert await bot.set_my_short_description("Duty", "ru")
    assert (await bot.get_my_description()).description == "Tells who is on duty"
    assert (await bot.get_my_short_description("ru")).short_description == "Duty"
    assert (await bot.get_my_name()).name == "Duty Teller"
    stand_in.send_text(ALICE, "x")
    assert (await bot.get_webhook_info()).pending_update_count == 1
    assert await bot.delete_webhook(drop_pending_updates=True)
    assert await updates(bot) == []
    assert await bot.send_chat_action(ALICE, "typing")
    assert bot.bot.can_read_all_group_messages is False


# -- the Mini App ----------------------------------------------------------------------------------------------------


def checked(init_data: str, token: str) -> dict[str, str]:
    """The recipe of Telegram's documentation, written down once more apart from the code that signs."""
    fields = dict(parse_qsl(init_data, keep_blank_values=True, strict_parsing=True))
    given = fields.pop("hash")
    lines = "\n".join(f"{key}={fields[key]}" for key in sorted(fields))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    assert hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest() == given
    return fields


def test_init_data_is_signed_as_telegram_does(clock: Clock) -> None:
    stand_in = StandIn(clock=clock)
    stand_in.add_user(ALICE, "Алиса & Co", "alice")
    fields = checked(stand_in.init_data(ALICE), DEFAULT_TOKEN)
    user = json.loads(fields["user"])

    assert (user["id"], user["first_name"], user["username"], user["language_code"]) == (
        ALICE,
        "Алиса & Co",
        "alice",
        "en",
    )
    assert int(fields["auth_date"]) == int(clock().timestamp())
    assert sorted(fields) == ["auth_date", "query_id", "signature", "user"]


def test_init_data_at_another_time_and_with_start_param() -> None:
    fields = checked(sign_init_data("1:x", {"id": 1}, 1_700_000_000, "g42"), "1:x")
    assert (fields["auth_date"], fields["start_param"]) == ("1700000000", "g42")


def test_web_app_url_carries_launch_data_in_the_fragment(clock: Clock) -> None:
    stand_in = StandIn(clock=clock)
    stand_in.add_user(ALICE, "Alice")
    stand_in.mini_app_base_url = "http://127.0.0.1:8080"
    parts = urlsplit(stand_in.web_app_url(ALICE, start_param="g42", theme="dark"))
    launch: dict[str, Any] = dict(parse_qsl(parts.fragment))

    assert (parts.netloc, parts.path, parts.query) == ("127.0.0.1:8080", "/", "tgWebAppStartParam=g42")
    assert checked(launch["tgWebAppData"], DEFAULT_TOKEN)["start_param"] == "g42"
    assert (launch["tgWebAppVersion"], launch["tgWebAppPlatform"]) == ("8.0", "web")
    assert json.loads(launch["tgWebAppThemeParams"])["bg_color"] == "#212121"
