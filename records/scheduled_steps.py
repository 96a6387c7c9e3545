"""Scans to be made, as scanners are told of them (modality worklist, PS3.4 K)."""

import datetime as dt

from records.values import Value
from ultrasound.writing.identity import Identity


class ScheduledStep(Value):
    """One scan to be made: whose, in which study, for which consult."""

    identity: Identity
    step_id: str
    description: str
    starts_at: dt.datetime


class ScannerAsks(Value):
    """By HTTP: the scanner beside the station asks for its worklist (PS3.4 K)."""

    scanner: str  # its application entity title


class ScannerSteps(Value):
    """What it is to scan: of a bound station its one consult, else the open ones of its institution."""

    steps: tuple[ScheduledStep, ...]
