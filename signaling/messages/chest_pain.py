"""The chest-pain clock: which moments are known, who entered them, what was corrected."""

import datetime as dt

from records.chest_pain import ChestPainMoment, TargetTime
from records.ids import ConsultId, EcgStudyId
from records.values import Value
from signaling.messages.base import Command


class EnterChestPainMoment(Command):
    """Enter, correct or take back one moment of the chest-pain clock; the first one starts it.

    Everyone who sees the consult is told by `ConsultChanged`. Refused with `changed_meanwhile` when what
    stands is not `replaces`: nothing is corrected that its corrector did not see.
    """

    consult_id: ConsultId
    moment: ChestPainMoment
    at: dt.datetime | None  # None: take it back
    replaces: dt.datetime | None = None  # what the sender was shown, of an entry or a kept ECG
    reason: str = ""  # needed when it replaces


class ChestPainTime(Value):
    """One moment that is known."""

    moment: ChestPainMoment
    at: dt.datetime
    by_name: str  # who entered it, or signed the ECG's reading; "" an ECG kept by the consult's own button
    entered_at: dt.datetime | None  # None: from a kept ECG
    study_id: EcgStudyId | None = None  # the kept ECG it is read from


class ChestPainLine(Value):
    """One entry of the log, as it was made."""

    moment: ChestPainMoment
    at: dt.datetime | None  # None: taken back
    by_name: str
    entered_at: dt.datetime
    reason: str


class ChestPainClock(Value):
    """The clock of one consult. It runs on the server's time; intervals are for the client to count."""

    times: tuple[ChestPainTime, ...]  # those that are known, in the order of `ChestPainMoment`
    log: tuple[ChestPainLine, ...]  # every entry, the first first
    targets: tuple[TargetTime, ...]
