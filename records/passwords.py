"""Which passwords may be set: long ones, not the common ones (NIST SP 800-63B section 5.1.1.2)."""

from records.errors import RuleBroken
from records.rules import Rule

SHORTEST = 12
LONGEST = 128
FEWEST_DIFFERENT = 5
SHORTEST_NAME_INSIDE = 4
_OWN_PART = 4  # characters that must be left when everything everybody types is taken out

# What the public lists of leaked passwords are made of; longer first, so that parts do not hide wholes.
_COMMON_PARTS = sorted(
    (
        "1234567890 123456789 12345678 1234567 123456 12345 1234 0987654321 987654321 654321 111111 000000 "
        "666666 888888 123123 112233 147258369 147258 159753 5201314 1314520 password passw0rd p@ssw0rd "
        "p@ssword pass word qwertyuiop qwerty qwert asdfghjkl asdfgh asdf zxcvbnm zxcvbn zxcv 1q2w3e4r5t "
        "1q2w3e4r 1q2w3e 1qaz2wsx 1qaz 2wsx 3edc qazwsx abcdefgh abcdef abc123 abcd abc admin administrator "
        "root letmein welcome iloveyou woaini monkey dragon sunshine princess football baseball master "
        "shadow superman trustno1 login hello freedom whatever changeme secret default guest test user "
        "woaiwo cloudclinic hospital doctor nurse 2020 2021 2022 2023 2024 2025 2026 2027 2028"
    ).split(),
    key=len,
    reverse=True,
)


def check_password(password: str, sign_in_name: str) -> None:
    """Raise `RuleBroken` for a password that is too short, too long, common, or tells the sign-in name."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise _weak(f"a password has {SHORTEST} to {LONGEST} characters, this has {len(password)}")
    folded, name = password.casefold(), sign_in_name.strip().casefold()
    if folded == name or (len(name) >= SHORTEST_NAME_INSIDE and name in folded):
        raise _weak("a password does not contain the sign-in name")
    if len(set(folded)) < FEWEST_DIFFERENT or _own_part(folded) < _OWN_PART:
        raise _weak("this password is one of the common ones")


def _own_part(folded: str) -> int:
    """Count the different characters that are left beside common parts."""
    for part in _COMMON_PARTS:
        folded = folded.replace(part, " ")
    return len({character for character in folded if character.isalnum()})


def _weak(message: str) -> RuleBroken:
    return RuleBroken(Rule.WEAK_PASSWORD, message)
