"""Letters and the password of the mail server go only to a server that proves who it is."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr

from ohmatdyt.core import clock
from ohmatdyt.core.mail import NotSent, Postman
from ohmatdyt.core.settings import Settings, SettingsError, load_settings


@dataclass
class Authority:
    """Somebody who vouches for names."""

    folder: Path
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    name: x509.Name = field(
        default_factory=lambda: x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Authority")])
    )

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.root = self.folder / "root.pem"
        self.root.write_bytes(self._signed(self.name, self.key, authority=True).public_bytes(_PEM))

    def context(self, address: str, *, days: int = 30) -> ssl.SSLContext:
        """What a server at this address shows."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, address)])
        shown, secret = self.folder / "shown.pem", self.folder / "secret.pem"
        shown.write_bytes(self._signed(subject, key, address=address, days=days).public_bytes(_PEM))
        form = serialization.PrivateFormat.PKCS8
        secret.write_bytes(key.private_bytes(_PEM, form, serialization.NoEncryption()))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(shown, secret)
        return context

    def _signed(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        *,
        authority: bool = False,
        address: str = "",
        days: int = 30,
    ) -> x509.Certificate:
        now = clock.now()
        until = now + timedelta(days=days)
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(now, until) - timedelta(days=2))
            .not_valid_after(until)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
        )
        if authority:
            usage = {name: name in {"key_cert_sign", "crl_sign"} for name in _USAGES}
            made = made.add_extension(x509.KeyUsage(**usage), critical=True)
        if address:
            alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
            made = made.add_extension(alternative, critical=False)
        return made.sign(self.key, hashes.SHA256())


_PEM = serialization.Encoding.PEM
_USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


class Server:
    """A mail server that asks for a name and a password; what it was given is kept."""

    def __init__(self) -> None:
        self.letters = 0
        self.passwords: list[bytes] = []

    def authenticate(self, _server: SMTP, _session: Any, _envelope: Any, _how: str, given: Any) -> AuthResult:
        self.passwords.append(given.password)
        return AuthResult(success=True)

    async def handle_DATA(self, _server: SMTP, _session: Any, _envelope: Any) -> str:  # noqa: N802
        self.letters += 1
        return "250 OK"


@asynccontextmanager
async def listening(context: ssl.SSLContext | None, how: str) -> AsyncIterator[tuple[Server, int]]:
    """A server that speaks TLS in this way ("starttls", "tls", "none") for as long as the block lasts."""
    server = Server()

    def conversation() -> SMTP:
        starttls: dict[str, Any] = (
            {"tls_context": context, "require_starttls": True} if how == "starttls" else {}
        )
        # It takes the password from whoever offers it, in the open too, unless it was told to insist on STARTTLS.
        strict = how == "starttls"
        asks: dict[str, Any] = {
            "authenticator": server.authenticate,
            "auth_require_tls": strict,
            "auth_required": strict,
        }
        return SMTP(server, hostname="mail.test", loop=asyncio.get_running_loop(), **asks, **starttls)

    loop = asyncio.get_running_loop()
    listener = await loop.create_server(conversation, "127.0.0.1", 0, ssl=context if how == "tls" else None)
    try:
        yield server, listener.sockets[0].getsockname()[1]
    finally:
        listener.close()
        await listener.wait_closed()


def mail_settings(settings: Settings, port: int, how: str, root: Path | None) -> Settings:
    return settings.model_copy(
        update={
            "smtp_port": port,
            "smtp_tls": how,
            "smtp_ca_file": root,
            "smtp_user": "crm",
            "smtp_password": SecretStr("Romashka-77"),
            "smtp_timeout_s": 10.0,
        }
    )


async def send(settings: Settings) -> None:
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = "Перевірка", "crm@example.org", "a@example.org"
    letter.set_content("Текст")
    async with Postman(settings) as postman:
        await postman.send(letter, "a@example.org")


@pytest.mark.parametrize("how", ["starttls", "tls"])
async def test_a_server_vouched_for_gets_password_and_letter(
    settings: Settings, tmp_path: Path, how: str
) -> None:
    ours = Authority(tmp_path / "ours")
    async with listening(ours.context("127.0.0.1"), how) as (server, port):
        await send(mail_settings(settings, port, how, ours.root))
    assert server.letters == 1
    assert server.passwords == [b"Romashka-77"]


@pytest.mark.parametrize("how", ["starttls", "tls"])
@pytest.mark.parametrize("wrong", ["stranger", "other name", "run out", "nobody trusted"])
async def test_any_other_server_gets_neither(
    settings: Settings, tmp_path: Path, how: str, wrong: str
) -> None:
    ours, stranger = Authority(tmp_path / "ours"), Authority(tmp_path / "stranger")
    shown = {
        "stranger": lambda: stranger.context("127.0.0.1"),
        "other name": lambda: ours.context("127.0.0.9"),
        "run out": lambda: ours.context("127.0.0.1", days=-1),
        "nobody trusted": lambda: ours.context("127.0.0.1"),
    }[wrong]()
    root = None if wrong == "nobody trusted" else ours.root
    async with listening(shown, how) as (server, port):
        with pytest.raises(NotSent) as refused:
            await send(mail_settings(settings, port, how, root))
    assert refused.value.server_down, "no letter would get through"
    assert (server.letters, server.passwords) == (0, [])


async def test_a_server_that_offers_no_tls_gets_neither(settings: Settings, tmp_path: Path) -> None:
    """What somebody in between does who wants to read along: he leaves STARTTLS out of the server's answer."""
    async with listening(None, "none") as (server, port):
        with pytest.raises(NotSent):
            await send(mail_settings(settings, port, "starttls", None))
    assert (server.letters, server.passwords) == (0, [])


def test_a_password_is_never_sent_in_the_open() -> None:
    given: dict[str, Any] = {
        "smtp_host": "mail.example.org",
        "smtp_tls": "none",
        "smtp_user": "crm",
        "smtp_password": "x",
    }
    with pytest.raises(SettingsError, match="SMTP_TLS"):
        load_settings(app_env="test", mail_from="crm@example.org", **given)
