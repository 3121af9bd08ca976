"""`make run`: the bot where there is a token, in the environment or in `.env`; the demo where there is none."""

import os
import sys

from dotenv import dotenv_values

settings = {**dotenv_values(".env"), **os.environ}
command = "run" if settings.get("BOT_TOKEN") or settings.get("BOT_TOKEN_FILE") else "demo"
if command == "demo":
    print("There is no BOT_TOKEN, in the environment or in .env: this is the demo.", flush=True)
# Without docstrings the idle process is 8 MiB smaller, without the columns of each instruction 1 MiB; so is the binary.
os.execv(sys.executable, [sys.executable, "-OO", "-X", "no_debug_ranges", "-m", "duty_teller", command])
