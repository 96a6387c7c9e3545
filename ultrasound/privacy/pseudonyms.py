"""Names, numbers, UIDs and dates replaced so that files still belong together, and nobody can go back.

Every replacement is a keyed hash (HMAC-SHA-256). Whoever lacks the key cannot even try names: it is kept by
the site, or thrown away after one export.
"""

import datetime as dt
import hashlib
import hmac

from ultrasound.errors import ExportRefused

LEAST_KEY_BYTES = 16
_MOST_DAYS = 3650


class Pseudonyms:
    """The same key gives the same replacements."""

    def __init__(self, key: bytes) -> None:
        if len(key) < LEAST_KEY_BYTES:
            raise ExportRefused(
                f"a key of {len(key)} bytes; at least {LEAST_KEY_BYTES} random ones are right"
            )
        self._key = key

    def uid(self, uid: str) -> str:
        """The UID that stands for another one, under 2.25 (ITU-T X.667)."""
        return f"2.25.{int.from_bytes(self._hash('uid', uid)[:16], 'big')}"

    def patient(self, patient_id: str) -> str:
        """The name and number that stand for a patient."""
        return f"ANON{self._hash('patient', patient_id).hex()[:16].upper()}"

    def shifted(self, date: str, patient_id: str) -> str | None:
        """A date (YYYYMMDD) 1 to 3650 days earlier, as many for all of one patient; None when it is no
        date.
        """
        try:
            day = dt.datetime.strptime(date, "%Y%m%d").date()
            return (day - dt.timedelta(self._days(patient_id))).strftime("%Y%m%d").zfill(8)
        except (ValueError, OverflowError):
            return None

    def _days(self, patient_id: str) -> int:
        return 1 + int.from_bytes(self._hash("days", patient_id)[:8], "big") % _MOST_DAYS

    def _hash(self, of: str, value: str) -> bytes:
        return hmac.new(self._key, f"{of}\0{value}".encode(), hashlib.sha256).digest()
