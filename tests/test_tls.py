"""What is trusted over https."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import certifi
import pytest

from duty_teller.utils import tls

HOST = "duty.example.org"
KEY = """-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQggf95j9dbuvs8U2ee
8lCfVWmHLNs7UjXiV1e1s4oWXr2hRANCAATTFYtXy0f0+kyOK4HAzJQ95vMPMxp/
voMbcxQWr5QBMCBEBzxWXhylCeXcUwQKzv2pGy1hI12L2DqdWY2B53+Y
-----END PRIVATE KEY-----
"""
CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBqTCCAVCgAwIBAgIUfS6ZapyAOg9IV4PQxhIwdZkvxMcwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQZHV0eS5leGFtcGxlLm9yZzAgFw0yNjExMjkxMTI2MDNaGA8y
MTI2MTEwNTExMjYwM1owGzEZMBcGA1UEAwwQZHV0eS5leGFtcGxlLm9yZzBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABNMVi1fLR/T6TI4rgcDMlD3m8w8zGn++gxtz
FBavlAEwIEQHPFZeHKUJ5dxTBArO/akbLWEjXYvYOp1ZjYHnf5ijcDBuMB0GA1Ud
DgQWBBT7tna4qkBuCKdJxVGqXNwzxzlXpzAfBgNVHSMEGDAWgBT7tna4qkBuCKdJ
xVGqXNwzxzlXpzAbBgNVHREEFDASghBkdXR5LmV4YW1wbGUub3JnMA8GA1UdEwEB
/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIfTzAPkyFMAXRdyce3Zxm7f3cMEsmq
uqXpYHRYNVRnlAIhAKZgmDuidENv7vvwYkGwFpWq2MjmC3I1KtAMkB0u2kPq
-----END CERTIFICATE-----
"""
HASH = "8fc4e870"
"""Of the certificate's subject: `openssl x509 -hash`."""


@pytest.fixture(autouse=True)
def afresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    tls.context.cache_clear()
    yield
    tls.context.cache_clear()


def have_store(monkeypatch: pytest.MonkeyPatch, folder: Path, others: int) -> None:
    """Makes a folder the system's store: of some certificates (nobody reads them), and ours."""
    folder.mkdir()
    for number in range(others):
        (folder / f"{number:08x}.0").write_text("another one")
    (folder / f"{HASH}.0").write_text(CERTIFICATE)
    paths = ssl.get_default_verify_paths()._replace(openssl_capath=str(folder))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)


def is_trusted(context: ssl.SSLContext, folder: Path) -> bool:
    """Shakes hands with a server that has our certificate."""
    context.verify_flags |= 0x200000  # type: ignore[assignment]  # X509_V_FLAG_NO_CHECK_TIME: whatever the clock says
    (folder / "server.pem").write_text(KEY + CERTIFICATE)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(folder / "server.pem")
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = serving.wrap_bio(to_server, to_client, server_side=True)
    client = context.wrap_bio(to_client, to_server, server_hostname=HOST)
    for _ in range(4):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError:
                return False
    return client.getpeercert() != {}


def test_store_of_the_system_is_trusted_and_only_what_is_needed_of_it_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    have_store(monkeypatch, tmp_path / "store", others=100)
    context = tls.context()
    assert context.cert_store_stats()["x509"] == 0
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert is_trusted(context, tmp_path)
    assert context.cert_store_stats()["x509"] == 1


@pytest.mark.parametrize("others", [None, 3], ids=["no folder", "hardly anything in it"])
def test_without_a_store_of_the_system_certifi_is_trusted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, others: int | None
) -> None:
    have_store(monkeypatch, tmp_path / "store", others or 0)
    if others is None:
        (tmp_path / "store").rename(tmp_path / "elsewhere")
    context = tls.context()
    assert context.cert_store_stats()["x509"] == Path(certifi.where()).read_text().count("BEGIN CERTIFICATE")
    assert not is_trusted(context, tmp_path)


def test_variable_goes_before_the_store_of_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    have_store(monkeypatch, tmp_path / "store", others=100)
    monkeypatch.setenv("SSL_CERT_FILE", certifi.where())
    assert not is_trusted(tls.context(), tmp_path)
    tls.context.cache_clear()
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    with pytest.raises(OSError):
        tls.context()
