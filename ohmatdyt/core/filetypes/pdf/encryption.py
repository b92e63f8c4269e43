"""Reading a PDF that is encrypted and opens without a password, as scanners and banks make them (ISO 32000-2, 7.6).

Such a file has an owner's password only: everybody can read it, so what is in it can be judged.
"""

import hashlib
from collections.abc import Callable
from typing import Any, Final

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from ohmatdyt.core.filetypes.pdf.syntax import plain

Decrypt = Callable[[int, int, bytes], bytes]
"""Number and generation of an object, and the bytes of its stream."""

_PADDING: Final = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def unlocked(encrypt: dict[str, Any], file_id: bytes) -> Decrypt | None:
    """How to read the streams of a file without a password; None when it has one, or a lock that is not standard."""
    if encrypt.get("Filter") != "Standard":
        return None
    try:
        version, revision = encrypt["V"], encrypt["R"]
        if version in (1, 2, 4) and revision in (2, 3, 4):
            key = _older_key(encrypt, file_id)
        elif version == 5 and revision in (5, 6):
            key = _newer_key(encrypt)
        else:
            return None
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return None if key is None else _by_method(encrypt, key)


def _by_method(encrypt: dict[str, Any], key: bytes) -> Decrypt | None:
    method: Any = "V2"
    if encrypt["V"] >= 4:
        filters, name = encrypt.get("CF"), encrypt.get("StmF", "Identity")
        chosen = filters.get(name) if isinstance(filters, dict) else None
        method = "None" if name == "Identity" else chosen.get("CFM") if isinstance(chosen, dict) else None
    if method == "None":
        return lambda _number, _generation, data: data
    if method == "AESV3":
        return lambda _number, _generation, data: _aes(key, data)
    if method not in ("V2", "AESV2"):
        return None

    def decrypt(number: int, generation: int, data: bytes) -> bytes:
        salt = b"sAlT" if method == "AESV2" else b""
        mixed = (
            key + number.to_bytes(4, "little", signed=True)[:3] + generation.to_bytes(4, "little")[:2] + salt
        )
        own = hashlib.md5(mixed, usedforsecurity=False).digest()[: min(len(key) + 5, 16)]
        return _aes(own, data) if salt else _rc4(own, data)

    return decrypt


def _older_key(encrypt: dict[str, Any], file_id: bytes) -> bytes | None:
    """Algorithms 2, 4, 5 and 6."""
    revision = encrypt["R"]
    length = 5 if revision == 2 else encrypt.get("Length", 40) // 8
    if encrypt["V"] == 4:
        length = 16
    mixed = _PADDING + plain(encrypt["O"])[:32] + (encrypt["P"] & 0xFFFFFFFF).to_bytes(4, "little") + file_id
    if revision == 4 and encrypt.get("EncryptMetadata") is False:
        mixed += b"\xff\xff\xff\xff"
    key = hashlib.md5(mixed, usedforsecurity=False).digest()
    if revision >= 3:
        for _ in range(50):
            key = hashlib.md5(key[:length], usedforsecurity=False).digest()
    key = key[:length]
    known = plain(encrypt["U"])
    if revision == 2:
        return key if _rc4(key, _PADDING) == known[:32] else None
    proof = hashlib.md5(_PADDING + file_id, usedforsecurity=False).digest()
    for step in range(20):
        proof = _rc4(bytes(one ^ step for one in key), proof)
    return key if proof == known[:16] else None


def _newer_key(encrypt: dict[str, Any]) -> bytes | None:
    """Algorithms 2.A and 2.B, with a password of nothing."""
    known, wrapped = plain(encrypt["U"])[:48], plain(encrypt["UE"])[:32]
    digest = _hardened if encrypt["R"] == 6 else lambda salt: hashlib.sha256(salt).digest()
    if len(known) != 48 or len(wrapped) != 32 or digest(known[32:40]) != known[:32]:
        return None
    return _decrypted(Cipher(AES(digest(known[40:48])), CBC(bytes(16))), wrapped)


def _hardened(salt: bytes) -> bytes:
    key = hashlib.sha256(salt).digest()
    step = 0
    while True:
        cipher = Cipher(AES(key[:16]), CBC(key[16:32])).encryptor()
        mixed = cipher.update(key * 64) + cipher.finalize()
        chosen = (hashlib.sha256, hashlib.sha384, hashlib.sha512)[sum(mixed[:16]) % 3]
        key = chosen(mixed).digest()
        step += 1
        if step >= 64 and mixed[-1] <= step - 32:
            return key[:32]


def _rc4(key: bytes, data: bytes) -> bytes:
    return _decrypted(Cipher(ARC4(key), None), data)


def _aes(key: bytes, data: bytes) -> bytes:
    body = data[16 : len(data) - len(data) % 16]
    return _decrypted(Cipher(AES(key), CBC(data[:16])), body) if len(data) >= 32 else b""


def _decrypted(cipher: "Cipher[Any]", data: bytes) -> bytes:
    read = cipher.decryptor()
    return read.update(data) + read.finalize()
