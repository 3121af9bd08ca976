"""A small strict stand-in of Telegram's Bot API: the demo runs on it, and the tests use the same one.

`BOT_API_BASE_URL` of the product is set to `StandIn.base_url`. State methods (`add_user`, `send_text`, `press` …) are
described at `duty_teller.bot_api_stand_in.client.StandInClient`, which offers the same over HTTP.
"""

from duty_teller.bot_api_stand_in.launch import launch_url, sign_init_data
from duty_teller.bot_api_stand_in.refusals import ControlError
from duty_teller.bot_api_stand_in.server import DEFAULT_TOKEN, StandIn
from duty_teller.bot_api_stand_in.thread import run_in_thread

__all__ = ["DEFAULT_TOKEN", "ControlError", "StandIn", "launch_url", "run_in_thread", "sign_init_data"]
