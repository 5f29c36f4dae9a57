"""Personal data at rest: AES-GCM, a ring of keys, and keyed hashes to find things by.

``ENCRYPTION_KEY`` holds one or more base64 keys of 32 bytes, separated by commas.  The first one
encrypts; all of them decrypt.  To rotate: put a new key in front, run ``python -m bot
rotate-keys``, then drop the old one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

VERSION = b"\x01"
NONCE = 12  # bytes, as NIST SP 800-38D recommends for GCM
HEAD = 1 + 4 + NONCE


class VaultError(RuntimeError):
    """A key is malformed, missing, or does not open what is stored."""


class Vault:
    """Seals and opens bytes with the keys of one ring."""

    def __init__(self, keys: str) -> None:
        raw = [_decode(key) for key in keys.split(",") if key.strip()]
        if not raw:
            raise VaultError("ENCRYPTION_KEY: no key given")
        self._ciphers = {_key_id(key): AESGCM(key) for key in raw}
        self._current = _key_id(raw[0])
        self._hash_keys = [hashlib.sha256(b"look-up" + key).digest() for key in raw]

    def seal(self, data: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        head = VERSION + self._current + nonce
        return head + self._ciphers[self._current].encrypt(nonce, data, head[:5])

    def open(self, sealed: bytes) -> bytes:
        """Decrypt.

        Raises:
            VaultError: sealed with a key that is not in the ring, or damaged.
        """
        key_id, nonce = sealed[1:5], sealed[5:HEAD]
        cipher = self._ciphers.get(key_id)
        if sealed[:1] != VERSION or cipher is None:
            raise VaultError(f"ENCRYPTION_KEY: no key {key_id.hex()} in the ring")
        try:
            return cipher.decrypt(nonce, sealed[HEAD:], sealed[:5])
        except InvalidTag as error:
            raise VaultError("stored data is damaged") from error

    def is_current(self, sealed: bytes) -> bool:
        return sealed[1:5] == self._current

    def fingerprint(self, text: str) -> bytes:
        """Keyed hash under the current key: store this beside what is sealed."""
        return hmac.digest(self._hash_keys[0], text.encode(), "sha256")

    def fingerprints(self, text: str) -> list[bytes]:
        """Keyed hashes under every key of the ring: look for any of these."""
        return [hmac.digest(key, text.encode(), "sha256") for key in self._hash_keys]


def new_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def _decode(key: str) -> bytes:
    try:
        raw = base64.b64decode(key.strip(), validate=True)
    except binascii.Error as error:
        raise VaultError("ENCRYPTION_KEY: not base64") from error
    if len(raw) != 32:
        raise VaultError(f"ENCRYPTION_KEY: a key has 32 bytes, this one has {len(raw)}")
    return raw


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"key-id" + key).digest()[:4]


_in_use: list[Vault] = []  # one ring a process: columns seal and open themselves with it


def use(vault: Vault) -> None:
    _in_use[:] = [vault]


def current() -> Vault:
    """Return the ring of this process.

    Raises:
        VaultError: ``use`` was not called; the program must not touch personal data.
    """
    if not _in_use:
        raise VaultError("ENCRYPTION_KEY: no key ring in use")
    return _in_use[0]


class Sealed(TypeDecorator[dict[str, Any]]):
    """A JSON object that only this program can read."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> bytes | None:
        del dialect
        if value is None:
            return None
        try:
            text = orjson.dumps(value)
        except TypeError:  # half an emoji is no reason to fail
            text = json.dumps(value, ensure_ascii=False).encode(errors="replace")
        return current().seal(text)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> dict[str, Any] | None:
        del dialect
        if value is None:
            return None
        read: dict[str, Any] = orjson.loads(current().open(value))
        return read
