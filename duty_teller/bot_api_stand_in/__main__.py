"""`python -m duty_teller.bot_api_stand_in --port N --token T`: the stand-in alone, with the demo's three people."""

import argparse
import asyncio
import signal

from duty_teller.bot_api_stand_in.server import DEFAULT_TOKEN, StandIn


async def _serve(port: int, token: str, mini_app: str | None, limits: bool) -> None:
    stand_in = StandIn(token, enforce_limits=limits)
    stand_in.mini_app_base_url = mini_app
    stand_in.add_user(1001, "Alice", "alice")
    stand_in.add_user(1002, "Dan", "dan")
    stand_in.add_user(1003, "Sam", "sam")
    stand_in.add_group(-1_001_000_000_001, "Duty team", [1001, 1002])
    await stand_in.start(port)
    print(f"Bot API and play page: {stand_in.base_url}/", flush=True)
    print(f"BOT_API_BASE_URL={stand_in.base_url} BOT_TOKEN={token}", flush=True)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    await stand_in.stop()


def main() -> None:
    """Parse the command line and serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m duty_teller.bot_api_stand_in", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--token", default=DEFAULT_TOKEN, help="the token the bot has to use")
    parser.add_argument("--mini-app", metavar="URL", help="where the Mini App lives, for the play page")
    parser.add_argument("--limits", action="store_true", help="enforce Telegram's sending limits")
    arguments = parser.parse_args()
    asyncio.run(_serve(arguments.port, arguments.token, arguments.mini_app, arguments.limits))


if __name__ == "__main__":
    main()
