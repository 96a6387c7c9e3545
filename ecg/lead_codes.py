"""Codes and names of leads and of measurements in the standards that carry ECGs.

SCP-ECG (EN 1064) and MDC (ISO/IEEE 11073-10101, DICOM CID 3001) number leads alike; LOINC numbers what is
measured, not leads.
"""

import re
from enum import StrEnum
from types import MappingProxyType

from ecg.leads import STANDARD_LEADS, Lead, lead_of_code, mdc_code

_MDC_LEAD = 2 << 16
_MDC_POTENTIAL = _MDC_LEAD + 256

OTHER_LEADS = MappingProxyType(
    {
        "V7": 9,
        "V2R": 10,
        "V3R": 11,
        "V4R": 12,
        "V5R": 13,
        "V6R": 14,
        "V7R": 15,
        "X": 16,
        "Y": 17,
        "Z": 18,
        "CC5": 19,
        "CM5": 20,
        "V8": 66,
        "V9": 67,
        "V8R": 68,
        "V9R": 69,
        "D": 70,
        "A": 71,
        "J": 72,
        "ES": 131,
        "AS": 132,
        "AI": 133,
    }
)
"""Leads beside the twelve: the number that SCP-ECG and MDC share (D, A, J: Nehb; ES, AS, AI: EASI)."""

_OTHER_NAMES = {number: name for name, number in OTHER_LEADS.items()}
_STANDARD_NAMES = {lead.upper(): lead for lead in STANDARD_LEADS}
_BODY_NAMES = tuple(name for name in OTHER_LEADS if len(name) > 1)
_FURTHER_NAMES = re.compile(r"VX|VY|VZ|(?:ECG|EKG) ?\d*|M(?:L|V|C)[0-9IRLF]+")
_PREFIXES = ("ECG", "EKG", "LEAD", "MDC_ECG_LEAD_")


class EcgQuantity(StrEnum):
    """What is measured on an ECG or reported with it; the value is its LOINC code."""

    STUDY = "11524-6"
    TWELVE_LEAD_PANEL = "34534-8"
    HEART_RATE = "8867-4"
    PR_INTERVAL = "8625-6"
    QRS_DURATION = "8633-0"
    QT_INTERVAL = "8634-8"
    QTC_INTERVAL = "8636-3"
    QTC_BAZETT = "76635-2"
    QTC_FRIDERICIA = "76634-5"
    P_AXIS = "8626-4"
    QRS_AXIS = "8632-2"
    T_AXIS = "8638-9"
    IMPRESSION = "18844-1"


def scp_code(lead: Lead) -> int:
    """The number of a lead in section 3 of an SCP-ECG file, e.g. 61 for III."""
    return int(mdc_code(lead).removeprefix("2:"))


def mdc_lead_number(lead: Lead) -> int:
    """MDC_ECG_LEAD_x as one number, as HL7 aECG and FHIR write it, e.g. 131073 for I."""
    return _MDC_LEAD + scp_code(lead)


def mdc_potential_number(lead: Lead) -> int:
    """MDC_ECG_ELEC_POTL_x as one number: the voltage in this lead, e.g. 131329 for I."""
    return _MDC_POTENTIAL + scp_code(lead)


def mdc_name(lead: Lead) -> str:
    """The lead's reference id, e.g. "MDC_ECG_LEAD_AVR"."""
    return f"MDC_ECG_LEAD_{lead.upper()}"


def lead_name_of_code(scheme: str, value: str) -> str | None:
    """The name of any lead with this MDC or SCPECG code, e.g. "V7" for ("MDC", "2:9"); None: not known."""
    standard = lead_of_code(scheme, value)
    if standard is not None:
        return str(standard)
    number = value.strip().removeprefix("5.6.3-9-" if scheme.strip().upper() == "SCPECG" else "2:")
    return _OTHER_NAMES.get(int(number)) if number.isascii() and number.isdigit() else None


def lead_of_name(name: str) -> Lead | None:
    """The standard lead a file calls by this name, e.g. "avr", "ECG V1", "Lead II".

    None for every other lead: MLII is a modified lead on the chest and is not II.
    """
    plain = name.strip().upper()
    for prefix in _PREFIXES:
        plain = plain.removeprefix(prefix).strip()
    return _STANDARD_NAMES.get(plain)


def is_ecg_lead_name(name: str) -> bool:
    """Whether a file calls an ECG lead so, standard or not: "V7", "MLII", "vx", "ECG2".

    The letters X, Y, Z, D, A, J alone are left out: they may be an accelerometer's.
    """
    plain = name.strip().upper()
    return lead_of_name(name) is not None or plain in _BODY_NAMES or bool(_FURTHER_NAMES.fullmatch(plain))
