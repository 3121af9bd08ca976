"""The installation's own secret: a 0600 file that signs feed links and invitations."""

import hashlib
import hmac
import os
from base64 import urlsafe_b64encode
from pathlib import Path


class SecretError(Exception):
    """The file of the secret holds something else."""


def load_secret(data_dir: Path) -> bytes:
    """Returns the 32 bytes of `DATA_DIR/secret`, made at the first call.

    Raises:
        SecretError: The file is there but is not ours (wrong length).
        OSError: It can neither be read nor made.
    """
    path = data_dir / "secret"
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists() and path.stat().st_mode & 0o077 and path.stat().st_uid == os.geteuid():
        path.chmod(0o600)  # whoever copied it back from a backup
    temporary = data_dir / f".secret.{os.getpid()}"
    if not path.exists():
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)  # never replaces what another process made in the meantime
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    secret = path.read_bytes()
    if len(secret) != 32:
        raise SecretError(f"{path} is not a secret of duty-teller (32 bytes): restore it from a backup")
    return secret


def signature(secret: bytes, purpose: str, *parts: object) -> bytes:
    """Returns the HMAC-SHA256 of the parts for a purpose; no two lists of parts collide."""
    message = "\x1f".join([purpose, *(str(part) for part in parts)])
    return hmac.new(secret, message.encode(), hashlib.sha256).digest()


def encode(data: bytes) -> str:
    """Writes bytes in `[A-Za-z0-9_-]`, unpadded."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()
