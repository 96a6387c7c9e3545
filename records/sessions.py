"""Sign-in sessions, passwords and tokens as they are stored: hashes only."""

import datetime as dt

from records.ids import AccountId, SessionId
from records.values import Value


class Session(Value):
    """A signed-in browser. The token itself is nowhere but in that browser's cookie."""

    id: SessionId
    account_id: AccountId
    token_hash: str  # SHA-256 of the token, hexadecimal
    started_at: dt.datetime
    last_used_at: dt.datetime
    expires_at: dt.datetime  # absolute
    address: str


class Password(Value):
    """An argon2id hash (RFC 9106) in its encoded form, with its parameters."""

    encoded: str
    one_time: bool  # to be changed at the next sign-in
