"""AES-256-GCM (NIST SP 800-38D): a data key for every resident, wrapped by one master key from a file.

The master key is nowhere in the database, so a stolen copy of the database and the sample files does not
open. Changing the master key wraps the data keys anew and touches nothing they have sealed.
"""

import base64
import binascii
import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from records.errors import KeyMissing, SealBroken

KEY_BYTES = 32
NONCE_BYTES = 12  # SP 800-38D section 8.2.2: random nonces of 96 bits, at most 2^32 under one key
STORE = "store"  # the owner of the key that is no resident's


class Cipher:
    """Seals and opens under one data key. Safe to use from any thread."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, plaintext: bytes, aad: bytes) -> bytes:
        """Seal bytes; `aad` says what they are and must be the same when they are opened."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plaintext, aad)

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """Open sealed bytes; raise `SealBroken` when they or `aad` are not what was sealed."""
        try:
            return self._aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], aad)
        except (InvalidTag, ValueError):
            raise SealBroken(f"{len(sealed)} sealed bytes were changed or belong elsewhere") from None


class Vault:
    """The master key."""

    def __init__(self, master_key: bytes) -> None:
        self._cipher = Cipher(master_key)

    @classmethod
    def create(cls, path: Path) -> "Vault":
        """Make a master key in a new file that only its owner reads; raise `FileExistsError`."""
        key = os.urandom(KEY_BYTES)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(key) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        _sync_directory(path.parent)
        return cls(key)

    @classmethod
    def open(cls, path: Path, check: bytes | None = None) -> "Vault":
        """Read the master key; raise `KeyMissing` when it is not there, or did not wrap `check`."""
        vault = cls(_read_key(path))
        if check is not None:
            vault.unwrap(STORE, check)
        return vault

    def new_key(self, owner: str) -> bytes:
        """Make a data key for an owner; return it wrapped, the form in which it is stored."""
        return self._wrap(owner, os.urandom(KEY_BYTES))

    def cipher(self, owner: str, wrapped: bytes) -> Cipher:
        """Get the cipher of an owner's wrapped data key; raise `KeyMissing` when it is not theirs."""
        return Cipher(self.unwrap(owner, wrapped))

    def rewrap(self, owner: str, wrapped: bytes, new: "Vault") -> bytes:
        """Wrap a data key by another master key; what it sealed stays as it is."""
        return new._wrap(owner, self.unwrap(owner, wrapped))

    def mark(self, wrapped_store_key: bytes, text: str) -> bytes:
        """Make a keyed hash of a text: equal for equal texts, and tells nothing without the key."""
        key = self.unwrap(STORE, wrapped_store_key)
        return hmac.new(key, text.encode(), hashlib.sha256).digest()

    def unwrap(self, owner: str, wrapped: bytes) -> bytes:
        """Get an owner's data key; raise `KeyMissing` when this master key did not wrap it for them."""
        try:
            return self._cipher.open(wrapped, _aad(owner))
        except SealBroken:
            raise KeyMissing("the master key does not fit the data; restore the right key file") from None

    def _wrap(self, owner: str, key: bytes) -> bytes:
        return self._cipher.seal(key, _aad(owner))


def _aad(owner: str) -> bytes:
    return f"data key of {owner}".encode()


def _read_key(path: Path) -> bytes:
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        raise KeyMissing(f"there is no master key at {path}; restore it from its backup") from None
    if path.stat().st_mode & 0o077:
        raise KeyMissing(f"{path} can be read by others; `chmod 600 {path}`")
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyMissing(f"{path} does not hold a master key: {KEY_BYTES} bytes in base64")
    return key


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
