"""Keep a short text in the database so that only this installation can read it: AES-256-GCM under SECRET_KEY.

For what must wait for delivery and be readable once, such as a temporary password in a letter. The key is derived
(HKDF, RFC 5869) for this purpose alone, so it is not the key that signs tokens.
"""

import os

_INFO = b"ohmatdyt sealed text v1"
_NONCE_BYTES = 12


class UnreadableSecret(Exception):
    """It was sealed under another SECRET_KEY or for another purpose, or was altered."""


def seal(secret_key: str, text: str, *, context: str) -> bytes:
    """Encrypt `text`; it opens only with the same `context` (say whose and what it is)."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(_key(secret_key)).encrypt(nonce, text.encode(), context.encode())


def unseal(secret_key: str, sealed: bytes, *, context: str) -> str:
    """The text again. Raises UnreadableSecret."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        return AESGCM(_key(secret_key)).decrypt(nonce, rest, context.encode()).decode()
    except (InvalidTag, ValueError):
        raise UnreadableSecret from None


def _key(secret_key: str) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_INFO).derive(secret_key.encode())
