"""`duty-teller healthcheck`: whether the service on this machine is well, for containers and monitors."""

import http.client
import json
import sys

from duty_teller.config import Settings
from duty_teller.utils import exit_codes, local_http
from duty_teller.utils.output import tell
from duty_teller.utils.texts import reason


def healthcheck(settings: Settings) -> int:
    """Asks `/healthz` and prints its status and problems.

    Returns:
        0 while web part and database answer, also where Telegram is away; 1 otherwise.
    """
    try:
        status, body = local_http.get(settings.http_host, settings.http_port, "/healthz")
        answer = json.loads(body)
        state, problems = str(answer["status"]), [str(problem) for problem in answer["problems"]]
    except (OSError, http.client.HTTPException) as error:
        print(f"duty-teller: nothing answers at {place(settings)}: {reason(error)}", file=sys.stderr)
        return exit_codes.FAILURE
    except (ValueError, KeyError, TypeError):
        print(f"duty-teller: what answers at {place(settings)} is another program", file=sys.stderr)
        return exit_codes.FAILURE
    tell("; ".join([state, *problems]))
    return exit_codes.OK if status == http.client.OK else exit_codes.FAILURE


def place(settings: Settings) -> str:
    """Returns where the service listens."""
    host = settings.http_host
    return host if host.startswith("unix:") else f"{host}:{settings.http_port}"
