"""The vault: what users wrote is kept encrypted, and who they are is kept as pseudonyms, under one key."""

import hashlib
import os
import stat
from base64 import urlsafe_b64encode
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from bot.errors import SettingsError

KEY_FILE = "telegram_data.key"
PSEUDONYM_BYTES = 8


class Vault:
    """Encrypts and decrypts bodies; names chats and people by numbers that only the key leads back from."""

    def __init__(self, key: bytes) -> None:
        """Raises ValueError for a key that Fernet does not take."""
        self._fernet = Fernet(key)
        self._secret = hashlib.sha256(b"pseudonyms" + key).digest()

    def seal(self, body: bytes) -> bytes:
        """The body, encrypted."""
        return self._fernet.encrypt(body)

    def open(self, sealed: bytes) -> bytes | None:
        """The body; None when it was sealed with another key, or damaged."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            return None

    def pseudonym(self, number: int) -> int:
        """A number for a chat or a person, the same each time, that does not tell which it is."""
        return self.digest(str(number).encode())

    def digest(self, body: bytes) -> int:
        """A number for a body, the same each time, that tells nothing of it."""
        digest = hashlib.blake2b(body, key=self._secret, digest_size=PSEUDONYM_BYTES).digest()
        return int.from_bytes(digest, "big", signed=True)


def open_vault(secret: str, key_file: Path) -> Vault:
    """The vault under a secret (a Fernet key, or any passphrase), or under the key in a file that is made where it is
    missing, readable for its owner alone.

    Raises SettingsError for a key that cannot be read or made.
    """
    if secret:
        return Vault(_key_of(secret))
    try:
        return Vault(_key_in(key_file))
    except OSError as error:
        raise SettingsError(
            f"{key_file}: the key for stored user data cannot be read or made ({error.strerror}); give this user the "
            "right to, or set VERBATIM_TELEGRAM_DATA_KEY"
        ) from error
    except ValueError as error:
        raise SettingsError(
            f"{key_file}: is no key for stored user data; bring it back from a backup, or remove it and "
            "telegram_data.sqlite beside it to begin anew"
        ) from error


def _key_in(path: Path) -> bytes:
    with suppress(FileNotFoundError):
        key = path.read_bytes().strip()
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)
        return key
    path.parent.mkdir(parents=True, exist_ok=True)
    key = urlsafe_b64encode(os.urandom(32))
    part = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(key + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)  # unlike a rename it fails where another process was quicker
    except FileExistsError:
        return path.read_bytes().strip()
    finally:
        part.unlink(missing_ok=True)
    return key


def _key_of(secret: str) -> bytes:
    """A Fernet key as it is; of any other secret, its digest."""
    try:
        Fernet(secret.encode())
    except ValueError:
        return urlsafe_b64encode(hashlib.scrypt(secret.encode(), salt=b"verbatim", n=2**14, r=8, p=1, dklen=32))
    return secret.encode()
