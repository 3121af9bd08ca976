"""Sending, editing and deleting messages; files."""

from datetime import timedelta
from typing import Any

from duty_teller.bot_api_stand_in.entities import MAX_TEXT, formatted, utf16_length
from duty_teller.bot_api_stand_in.markup import checked_markup
from duty_teller.bot_api_stand_in.methods.registry import existing, method
from duty_teller.bot_api_stand_in.model import Message, Room
from duty_teller.bot_api_stand_in.params import Params
from duty_teller.bot_api_stand_in.refusals import Json, Refusal, bad_request
from duty_teller.bot_api_stand_in.views import Views

MAX_CAPTION = 1024
MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_UPLOAD = 50 * 1024 * 1024
DELETABLE_FOR = timedelta(hours=48)
_ACTIONS = (
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
)


def _text_of(world: Views, params: Params, field: str, limit: int, too_long: str) -> tuple[str, list[Json]]:
    given = params.get("entities" if field == "text" else "caption_entities")
    text, entities = formatted(params.text(field), params.text("parse_mode"), given)
    if utf16_length(text) > limit:
        raise bad_request(too_long)
    kept = []
    for entity in entities:
        if entity["type"] == "text_mention":
            if entity["user"]["id"] not in world.people:
                continue  # Telegram drops mentions of people the bot has never met
            entity = {**entity, "user": world.user_json(entity["user"]["id"])}
        kept.append(entity)
    return text, kept


def _thread(room: Room, params: Params) -> int | None:
    """The topic a message goes to. Groups without topics ignore the field, as in Telegram; a private chat refuses."""
    thread_id = params.integer("message_thread_id")
    if thread_id == 0 or (room.kind != "private" and not room.is_forum):
        return None
    topic = room.topics.get(thread_id)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed and not (room.bot.is_admin and room.bot_may("can_manage_topics")):
        raise bad_request("TOPIC_CLOSED")
    return thread_id


def _reply_to(room: Room, params: Params) -> int | None:
    reply: Any = params.get("reply_parameters")
    wanted = reply.get("message_id", 0) if isinstance(reply, dict) else params.integer("reply_to_message_id")
    lenient = reply.get("allow_sending_without_reply") if isinstance(reply, dict) else None
    if not wanted:
        return None
    if int(wanted) in room.messages:
        return int(wanted)
    if lenient or params.boolean("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _send(world: Views, params: Params, room: Room, body: Json, right: str, kind: str) -> Json:
    if not (room.bot_may("can_send_messages") and room.bot_may(right)):
        raise bad_request(f"not enough rights to send {kind} to the chat")
    markup = checked_markup(params.get("reply_markup"), private=room.kind == "private")
    thread_id, reply_to = _thread(room, params), _reply_to(room, params)
    if markup:
        body["reply_markup"] = markup
        if "keyboard" in markup:
            room.keyboard = markup
        elif "remove_keyboard" in markup:
            room.keyboard = None
    message = world.post(room, world.bot["id"], body, reply_to=reply_to, thread_id=thread_id)
    return world.message_json(message)


@method("sendMessage")
def send_message(world: Views, params: Params) -> Json:
    """Send text."""
    if not params.text("text"):
        raise bad_request("message text is empty")
    text, entities = _text_of(world, params, "text", MAX_TEXT, "message is too long")
    room = world.reachable(params.get("chat_id"))
    body: Json = {"text": text}
    if entities:
        body["entities"] = entities
    return _send(world, params, room, body, "can_send_messages", "text messages")


@method("sendDocument")
def send_document(world: Views, params: Params) -> Json:
    """Send a file: uploaded, or one that was sent before by its file_id."""
    return _send_file(world, params, "document")


@method("sendPhoto")
def send_photo(world: Views, params: Params) -> Json:
    """Send a picture; it is kept as a file like any other, in one size."""
    return _send_file(world, params, "photo")


def _send_file(world: Views, params: Params, field: str) -> Json:
    room = world.reachable(params.get("chat_id"))
    upload = params.uploads.get(field)
    given = params.text(field)
    if upload is None and given.startswith("attach://"):
        upload = params.uploads.get(given.removeprefix("attach://"))
    if upload is not None:
        if len(upload.data) > MAX_UPLOAD:
            raise Refusal(413, "Request Entity Too Large")
        if not upload.data:
            raise bad_request("file must be non-empty")
        stored = world.keep_file(upload.name, upload.data, upload.mime_type)
    elif given in world.files:
        stored = world.files[given]
    elif given:
        raise bad_request("wrong remote file identifier specified: can't unserialize it")
    else:
        raise bad_request(f"there is no {field} in the request")
    size = {"width": 90, "height": 90}
    body: Json = {field: stored.as_json() if field == "document" else [{**stored.as_json(), **size}]}
    if params.text("caption"):
        body["caption"], entities = _text_of(world, params, "caption", MAX_CAPTION, "message caption is too long")
        if entities:
            body["caption_entities"] = entities
    return _send(world, params, room, body, f"can_send_{field}s", f"{field}s")


@method("sendChatAction")
def send_chat_action(world: Views, params: Params) -> bool:
    """Show "typing …"."""
    if params.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.reachable(params.get("chat_id"))
    return True


def _own(world: Views, params: Params) -> tuple[Room, Message]:
    """The message to edit: the bot's own, with no reply keyboard under it."""
    if params.get("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    room, message = existing(world, params, "message to edit", "edit")
    markup = message.body.get("reply_markup")
    if message.sender_id != world.bot["id"] or message.service or (markup and "inline_keyboard" not in markup):
        raise bad_request("message can't be edited")
    return room, message


def _change(world: Views, message: Message, body: Json) -> Json:
    ignored = ("edit_date",)
    if {k: v for k, v in message.body.items() if k not in ignored} == body:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same as a current "
            "content and reply markup of the message"
        )
    message.body = {**body, "edit_date": int(world.now().timestamp())}
    world.changed()
    return world.message_json(message)


@method("editMessageText")
def edit_message_text(world: Views, params: Params) -> Json:
    """Change the text and the buttons; buttons that are not given go away."""
    if not params.text("text"):
        raise bad_request("message text is empty")
    text, entities = _text_of(world, params, "text", MAX_TEXT, "MESSAGE_TOO_LONG")
    room, message = _own(world, params)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    markup = checked_markup(params.get("reply_markup"), private=room.kind == "private", inline_only=True)
    body: Json = {"text": text}
    if entities:
        body["entities"] = entities
    if markup:
        body["reply_markup"] = markup
    return _change(world, message, body)


@method("editMessageCaption")
def edit_message_caption(world: Views, params: Params) -> Json:
    """Change the text under a file."""
    room, message = _own(world, params)
    if "text" in message.body:
        raise bad_request("there is no caption in the message to edit")
    markup = checked_markup(params.get("reply_markup"), private=room.kind == "private", inline_only=True)
    dropped = ("caption", "caption_entities", "reply_markup", "edit_date")
    body = {key: value for key, value in message.body.items() if key not in dropped}
    if params.text("caption"):
        body["caption"], entities = _text_of(world, params, "caption", MAX_CAPTION, "message caption is too long")
        if entities:
            body["caption_entities"] = entities
    if markup:
        body["reply_markup"] = markup
    return _change(world, message, body)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(world: Views, params: Params) -> Json:
    """Change the buttons only."""
    room, message = _own(world, params)
    markup = checked_markup(params.get("reply_markup"), private=room.kind == "private", inline_only=True)
    body = {key: value for key, value in message.body.items() if key not in ("reply_markup", "edit_date")}
    if markup:
        body["reply_markup"] = markup
    return _change(world, message, body)


@method("deleteMessage")
def delete_message(world: Views, params: Params) -> bool:
    """Delete a message that is younger than 48 hours."""
    if not params.text("chat_id"):
        raise bad_request("chat identifier is not specified")
    if not params.integer("message_id"):
        raise bad_request("message identifier is not specified")
    room, message = existing(world, params, "message to delete")
    own = message.sender_id == world.bot["id"]
    if room.kind != "private" and not own and not (room.bot.is_admin and room.bot_may("can_delete_messages")):
        raise bad_request("message can't be deleted")
    if world.now() - message.sent_at >= DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    world.forget_message(room, message.id)
    return True


@method("getFile")
def get_file(world: Views, params: Params) -> Json:
    """Prepare a file of up to 20 MB for download."""
    if not params.text("file_id"):
        raise bad_request("file_id not specified")
    stored = world.files.get(params.text("file_id"))
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if stored.size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": stored.path,
    }
