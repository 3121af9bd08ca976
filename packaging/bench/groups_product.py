"""The product as `duty-teller run` starts it, with a wall clock that is ahead by what a file says."""

import mmap
import struct
import sys
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from duty_teller import run
from duty_teller.config import Settings
from duty_teller.utils import logs
from duty_teller.utils.dates import utc_now
from duty_teller.utils.sockets import listen


def main(file: Path) -> int:
    """Runs until SIGTERM; `file` holds the offset: seconds, a double."""
    with file.open("rb") as opened:
        offset = mmap.mmap(opened.fileno(), 8, access=mmap.ACCESS_READ)

    def clock() -> datetime:
        return utc_now() + timedelta(seconds=struct.unpack("d", offset[:8])[0])

    settings = Settings.from_env(serving=True)
    logs.configure(settings.log_level, [settings.bot_token])
    run.prepare(settings)
    listener = listen(settings.http_host, settings.http_port)
    return run.leave(run.run_loop(run.serve(settings, listener, clock=clock)))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
