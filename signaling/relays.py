"""The relay a browser may take (TURN, RFC 8656): where it is, and credentials for one peer connection.

Made as draft-uberti-behave-turn-rest-00 says: the user name is the time it ends and an id, the password an
HMAC over it with a secret that only the server and the relay know. Nothing is stored, nothing asked of the
relay. The id is the peer connection's: relays write user names into their logs, and count quotas by them.
"""

import base64
import datetime as dt
import hmac
from collections.abc import Sequence

from signaling.messages import IceServer


class Relays:
    """Makes credentials. Its text shows no secret."""

    def __init__(self, urls: Sequence[str], secret: str, lifetime_s: int, only: bool = False) -> None:
        self.urls = tuple(urls)
        self.only = only
        self._secret = secret.encode()
        self._lifetime = dt.timedelta(seconds=lifetime_s)

    def ice_servers(self, peer_id: str, now: dt.datetime) -> tuple[IceServer, ...]:
        """What a browser is handed with the offer of this peer connection."""
        if not self.urls:
            return ()
        username = f"{int((now + self._lifetime).timestamp())}:{peer_id}"
        return (IceServer(urls=self.urls, username=username, credential=credential(self._secret, username)),)


def credential(secret: bytes, username: str) -> str:
    """The password of a user name: base64 of HMAC-SHA1 over it."""
    return base64.b64encode(hmac.digest(secret, username.encode(), "sha1")).decode()


NO_RELAYS = Relays((), "", 1)
"""Nothing is configured: browsers reach the workers directly or not at all."""
