"""Passwords: argon2id with OWASP's parameters (19 MiB, 2 passes: about 20 ms), at most a few at once per process."""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import Invalid

SHORTEST = 10
LONGEST = 256

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_at_once = threading.Semaphore(4)  # memory for sixteen threads hashing at once would be a way to bring the server down
# The hash of a password nobody knows: an unknown login takes as long as a known one.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$UD4u4CRRSn8Jl9AAx2B7Qw$+YLuHcrs/gCF5c6wCgs3XhRmBERKr14MA0i7MnHqm2k"


class PasswordTooWeak(Invalid):
    """A new password is too short, too long, or too easily guessed."""

    zh = "密码至少要有 {shortest} 个字符、最多 {longest} 个字符，不能包含登录名，也不能只由一两种字符组成。"
    en = "A password needs {shortest} to {longest} characters, must not contain the login, nor consist of one or two characters only."


def hashed(password: str, login: str = "") -> str:
    """Return the hash to be stored. Raises `PasswordTooWeak`."""
    password = _normal(password)
    guessable = len(set(password)) < 3 or (login and login.lower() in password.lower())
    if not SHORTEST <= len(password) <= LONGEST or guessable:
        raise PasswordTooWeak(shortest=SHORTEST, longest=LONGEST)
    return renewed(password)


def matches(stored: str | None, password: str) -> bool:
    """Tell whether the password fits; takes the same time when there is nothing to fit."""
    password = _normal(password)
    try:
        with _at_once:
            fits = _hasher.verify(stored or _NOBODY, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return fits and stored is not None and len(password) <= LONGEST


def renewed(password: str) -> str:
    """Return a hash with the present parameters, of a password that was accepted before."""
    with _at_once:
        return _hasher.hash(_normal(password))


def outdated(stored: str) -> bool:
    """Tell whether a hash was made with older parameters and should be made anew."""
    return _hasher.check_needs_rehash(stored)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)
