"""The one TLS context of all that is asked over https: Telegram, and calendars of others."""

import os
import ssl
from functools import cache
from pathlib import Path
from typing import Final

import httpx

_WHOLE: Final = 50
"""Certificates from which on a folder is the system's store, and not one of a few that somebody added to nothing."""


@cache
def context() -> ssl.SSLContext:
    """Returns what connections are checked by.

    `SSL_CERT_FILE` or `SSL_CERT_DIR` say what is trusted; else the system's folder of certificates does, where it has
    one (OpenSSL's own: distributions keep it up to date, and companies add theirs to it), else certifi. Of a folder
    OpenSSL reads the certificate that it needs; a file is kept whole: 1.3 MiB and 30 ms.

    Raises:
        OSError: The variable names what cannot be read.
    """
    folder = ssl.get_default_verify_paths().openssl_capath
    if not (os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")) and _is_whole(Path(folder)):
        return ssl.create_default_context(capath=folder)
    return httpx.create_ssl_context()


def _is_whole(folder: Path) -> bool:
    try:
        # Files that OpenSSL finds are named by the hash of their subject (openssl-rehash(1)).
        return sum(1 for file in folder.iterdir() if file.suffix == ".0" and file.exists()) >= _WHOLE
    except OSError:
        return False
