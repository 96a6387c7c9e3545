"""Codes of an ECG in FHIR: leads by ISO/IEEE 11073-10101 (MDC), measurements by LOINC, units by UCUM."""

from ecg.files.fhir_resources import Coding, Concept
from ecg.lead_codes import OTHER_LEADS, EcgQuantity, mdc_potential_number
from ecg.leads import STANDARD_LEADS, Lead
from ecg.measurements import LeadMeasure, Measure
from ecg.tracing import Channel

MDC = "urn:iso:std:iso:11073:10101"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_MDC_OLD = "urn:oid:2.16.840.1.113883.6.24"
"""The same code system under the name that FHIR's own example and HL7 aECG give it."""

UNNAMED = "lead without a name"

POTENTIAL = 131328
"""MDC_ECG_ELEC_POTL; a lead's own code is this and the number of the lead."""

PROCEDURE = Concept(coding=(Coding(system=_CATEGORY, code="procedure", display="Procedure"),))
TRACING = Concept(coding=(Coding(system=MDC, code=str(POTENTIAL), display="MDC_ECG_ELEC_POTL"),))
PANEL = Concept(
    coding=(
        Coding(
            system=LOINC,
            code=EcgQuantity.TWELVE_LEAD_PANEL,
            display="12 lead EKG panel",
        ),
    )
)
NOT_MEASURED = Coding(system=_ABSENT, code="unknown", display="Unknown")

MEASURES: dict[Measure, tuple[EcgQuantity | None, str]] = {
    Measure.RATE: (EcgQuantity.HEART_RATE, "Heart rate"),
    Measure.RR_MEAN: (None, "RR interval, mean"),
    Measure.RR_MIN: (None, "RR interval, shortest"),
    Measure.RR_MAX: (None, "RR interval, longest"),
    Measure.RR_SD: (None, "RR interval, standard deviation"),
    Measure.RR_RMSSD: (None, "RR interval, root mean square of successive differences"),
    Measure.P: (None, "P duration"),
    Measure.PR: (EcgQuantity.PR_INTERVAL, "P-R interval"),
    Measure.QRS: (EcgQuantity.QRS_DURATION, "QRS duration"),
    Measure.QT: (EcgQuantity.QT_INTERVAL, "Q-T interval"),
    Measure.QTC_BAZETT: (EcgQuantity.QTC_BAZETT, "Q-T interval corrected based on Bazett formula"),
    Measure.QTC_FRIDERICIA: (
        EcgQuantity.QTC_FRIDERICIA,
        "Q-T interval corrected based on Fridericia formula",
    ),
    Measure.QTC_FRAMINGHAM: (None, "Q-T interval corrected based on Framingham formula"),
    Measure.QTC_HODGES: (None, "Q-T interval corrected based on Hodges formula"),
    Measure.P_AXIS: (EcgQuantity.P_AXIS, "P wave axis"),
    Measure.QRS_AXIS: (EcgQuantity.QRS_AXIS, "QRS axis"),
    Measure.T_AXIS: (EcgQuantity.T_AXIS, "T wave axis"),
}
"""The LOINC code where one is known, and the words. A general code for QTc would lose its formula."""


LEAD_MEASURES: dict[LeadMeasure, str] = {
    LeadMeasure.P: "P amplitude",
    LeadMeasure.Q: "Q amplitude",
    LeadMeasure.R: "R amplitude",
    LeadMeasure.S: "S amplitude",
    LeadMeasure.T: "T amplitude",
    LeadMeasure.ST_J: "ST level at the J point",
    LeadMeasure.ST_60: "ST level 60 ms after the J point",
}
"""In words only: the codes LOINC has for waves are of one lead each."""


def measure_concept(measure: Measure) -> Concept:
    """What a measurement is: its code where it has one, its name in words always."""
    quantity, words = MEASURES[measure]
    coding = (Coding(system=LOINC, code=quantity, display=words),) if quantity else ()
    return Concept(coding=coding, text=words)


def lead_concept(channel: Channel) -> Concept:
    """The voltage in a channel's lead; only its name where the standards have no code for it."""
    number = _number(channel)
    if number is None:
        return Concept(text=channel.name or UNNAMED)
    name = str(channel.lead or channel.name)
    display = f"MDC_ECG_ELEC_POTL_{name.upper()}"
    return Concept(coding=(Coding(system=MDC, code=str(number), display=display),), text=channel.name)


def _number(channel: Channel) -> int | None:
    if channel.lead is not None:
        return mdc_potential_number(channel.lead)
    other = OTHER_LEADS.get(channel.name)
    return None if other is None else POTENTIAL + other


_LEADS = {str(mdc_potential_number(lead)): lead for lead in STANDARD_LEADS}
_OTHERS = {str(POTENTIAL + number): name for name, number in OTHER_LEADS.items()}


def lead_of_concept(concept: Concept) -> tuple[str, Lead | None]:
    """The name of a lead and which standard lead it is, by its code; by its words only a name."""
    for coding in concept.coding:
        if coding.system in (MDC, _MDC_OLD):
            if coding.code in _LEADS:
                lead = _LEADS[coding.code]
                return str(lead), lead
            if coding.code in _OTHERS:
                return _OTHERS[coding.code], None
    return concept.text, None
