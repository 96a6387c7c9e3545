"""Identifiers: opaque, random, safe to show in a URL.

UUID version 7 (RFC 9562 section 5.7) written as 32 hexadecimal digits: sorted by the time of making,
so an index on them stays compact.
"""

import os
import time
from typing import NewType

AccountId = NewType("AccountId", str)
InstitutionId = NewType("InstitutionId", str)
DepartmentId = NewType("DepartmentId", str)
ResidentId = NewType("ResidentId", str)
ConsultId = NewType("ConsultId", str)
BindingId = NewType("BindingId", str)
RecordingId = NewType("RecordingId", str)
EcgStudyId = NewType("EcgStudyId", str)
EcgReportId = NewType("EcgReportId", str)
StillId = NewType("StillId", str)
KeptStillId = NewType("KeptStillId", str)
DerivedId = NewType("DerivedId", str)
ClipId = NewType("ClipId", str)
KeptClipId = NewType("KeptClipId", str)
OutboxEntryId = NewType("OutboxEntryId", str)
ReadingId = NewType("ReadingId", str)
OpinionId = NewType("OpinionId", str)
ConsentId = NewType("ConsentId", str)
ChatLineId = NewType("ChatLineId", str)
GuidingId = NewType("GuidingId", str)
CardProfileId = NewType("CardProfileId", str)
TapeId = NewType("TapeId", str)
SessionId = NewType("SessionId", str)
ParticipantId = NewType("ParticipantId", str)
SpecialtyCode = NewType("SpecialtyCode", str)


def new_id() -> str:
    """Make an identifier: 48 bits of Unix milliseconds, then 74 random bits."""
    unix_ms = time.time_ns() // 1_000_000
    random_bits = int.from_bytes(os.urandom(10), "big")
    value = (unix_ms & (1 << 48) - 1) << 80 | 0x7 << 76 | (random_bits >> 68 & 0xFFF) << 64
    value |= 0b10 << 62 | random_bits & (1 << 62) - 1
    return f"{value:032x}"
