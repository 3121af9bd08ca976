"""Answers to pressed buttons and to inline queries."""

from datetime import timedelta

from duty_teller.bot_api_stand_in.entities import MAX_TEXT, formatted, utf16_length
from duty_teller.bot_api_stand_in.markup import checked_markup
from duty_teller.bot_api_stand_in.methods.registry import method
from duty_teller.bot_api_stand_in.model import Query
from duty_teller.bot_api_stand_in.params import Params
from duty_teller.bot_api_stand_in.refusals import Json, bad_request
from duty_teller.bot_api_stand_in.views import Views

ANSWERABLE_FOR = timedelta(seconds=60)
_MAX_RESULTS = 50
_MAX_ANSWER = 200


def _open_query(world: Views, query_id: str) -> Query:
    query = world.queries.get(query_id)
    if query is None or query.answer is not None or query.void or world.now() - query.asked_at > ANSWERABLE_FOR:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    return query


@method("answerCallbackQuery")
def answer_callback_query(world: Views, params: Params) -> bool:
    """Answer a pressed button, once and in time."""
    query = _open_query(world, params.text("callback_query_id"))
    if utf16_length(params.text("text")) > _MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    url = params.text("url")
    if url and not url.startswith((f"https://t.me/{world.bot['username']}?", f"t.me/{world.bot['username']}?")):
        raise bad_request("URL_INVALID")
    query.answer = {"text": params.text("text"), "show_alert": params.boolean("show_alert"), "url": url}
    world.changed()
    return True


@method("answerInlineQuery")
def answer_inline_query(world: Views, params: Params) -> bool:
    """Answer an inline query with up to 50 results."""
    results = params.get("results")
    if not isinstance(results, list):
        raise bad_request("expected an Array of inline query results")
    if len(results) > _MAX_RESULTS:
        raise bad_request("too many inline query results specified")
    seen: set[str] = set()
    for result in results:
        _check_result(result)
        if result["id"] in seen:
            raise bad_request("RESULT_ID_DUPLICATE")
        seen.add(result["id"])
    query = _open_query(world, params.text("inline_query_id"))
    query.answer = {
        "results": results,
        "is_personal": params.boolean("is_personal"),
        "cache_time": params.integer("cache_time", 300),
        "next_offset": params.text("next_offset"),
        "button": params.get("button"),
    }
    world.changed()
    return True


def _check_result(result: object) -> None:
    if not isinstance(result, dict):
        raise bad_request("can't parse inline query result: Inline query result must be an object")
    for field in ("type", "id"):
        if not isinstance(result.get(field), str):
            raise bad_request(f"can't parse inline query result: Can't find field \"{field}\"")
    if not 1 <= len(result["id"].encode()) <= 64:
        raise bad_request("RESULT_ID_INVALID")
    if result["type"] != "article":
        return
    if not result.get("title"):
        raise bad_request("can't parse inline query result: Can't find field \"title\"")
    content: Json = result.get("input_message_content") or {}
    if not content.get("message_text"):
        raise bad_request("input message content is not specified")
    text, _ = formatted(content["message_text"], content.get("parse_mode"))
    if utf16_length(text) > MAX_TEXT:
        raise bad_request("MESSAGE_TOO_LONG")
    checked_markup(result.get("reply_markup"), private=False, inline_only=True)
