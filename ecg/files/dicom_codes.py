"""Coded terms of DICOM ECG objects, and the sequences that hold them.

MDC: ISO/IEEE 11073-10101 and -10102 by the context groups of DICOM PS3.16 (CID 3001 leads, 3227 QTc, 3228
intervals, 3229 axes, 3263 electrode placement, 3335 annotations, 3678 QT correction, 3688 voltages).
"""

from typing import NamedTuple

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from ecg.annotations import AnnotationCode
from ecg.lead_codes import OTHER_LEADS
from ecg.leads import Lead, mdc_code
from ecg.measurements import LeadMeasure, Measure, Unit
from ecg.tracing import Channel

OWN_SCHEME = "99CLOUDCLINIC"
"""For what no standard scheme has: annotation codes of the MIT format."""


class Term(NamedTuple):
    """A code, the scheme it is of, and what it means."""

    scheme: str
    value: str
    meaning: str

    def sequence(self) -> Items:
        """The term as the single item of a code sequence."""
        item = Dataset()
        item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = self.value, self.scheme, self.meaning
        return Items([item])


MICROVOLT = Term("UCUM", "uV", "microvolt")
UNSPECIFIED_LEAD = Term("MDC", "2:0", "Unspecified lead")
LEAD_SYSTEM = Term("MDC", "10:11345", "Lead System")
UNSPECIFIED_TWELVE_LEADS = Term("MDC", "10:11264", "Unspecified 12-lead system")
R_WAVE = Term("MDC", "10:576", "R wave")

_LEAD_MEANINGS = {
    Lead.AVR: "aVR, augmented voltage, right",
    Lead.AVL: "aVL, augmented voltage, left",
    Lead.AVF: "aVF, augmented voltage, foot",
}

UNITS: dict[Unit, Term] = {
    Unit.MS: Term("UCUM", "ms", "millisecond"),
    Unit.PER_MIN: Term("UCUM", "/min", "per minute"),
    Unit.DEGREE: Term("UCUM", "deg", "degree"),
    Unit.UV: MICROVOLT,
    Unit.RATIO: Term("UCUM", "1", "no units"),
}

_QTC = Term("MDC", "2:15876", "QTc interval global")

MEASURES: dict[Measure, Term] = {
    Measure.RATE: Term("MDC", "2:16016", "Ventricular Heart Rate"),
    Measure.RR_MEAN: Term("MDC", "2:16168", "RR interval global"),
    Measure.P: Term("MDC", "2:16184", "P duration global"),
    Measure.PR: Term("MDC", "2:15872", "PR interval global"),
    Measure.QRS: Term("MDC", "2:16156", "QRS duration global"),
    Measure.QT: Term("MDC", "2:16160", "QT interval global"),
    Measure.QTC_BAZETT: Term("MDC", "2:15880", "QTc global using Bazett formula"),
    Measure.QTC_FRIDERICIA: Term("MDC", "2:15892", "QTc global using Fredericia formula"),
    Measure.QTC_FRAMINGHAM: _QTC,
    Measure.QTC_HODGES: _QTC,
    Measure.P_AXIS: Term("MDC", "2:16128", "P Axis"),
    Measure.QRS_AXIS: Term("MDC", "2:16132", "QRS axis"),
    Measure.T_AXIS: Term("MDC", "2:16136", "T axis"),
}
"""The spread of RR has no code of its own."""

QT_CORRECTIONS: dict[Measure, Term] = {
    Measure.QTC_FRAMINGHAM: Term("DCM", "122733", "Framingham QTc Algorithm"),
    Measure.QTC_HODGES: Term("DCM", "122731", "Hodges QTc Algorithm"),
}
"""What modifies the general term where no code names the formula: a QTc always names it."""

LEAD_MEASURES: dict[LeadMeasure, Term] = {
    LeadMeasure.Q: Term("MDC", "2:1792", "Q amplitude, per lead"),
    LeadMeasure.R: Term("MDC", "2:2048", "R amplitude, per lead"),
    LeadMeasure.S: Term("MDC", "2:2304", "S amplitude, per lead"),
    LeadMeasure.ST_J: Term("MDC", "2:1024", "J point Amplitude, per lead"),
    LeadMeasure.ST_60: Term("MDC", "2:14336", "Amplitude at 60 ms into ST segment, per lead"),
}
P_AND_T: dict[LeadMeasure, tuple[Term, Term]] = {
    LeadMeasure.P: (
        Term("MDC", "2:1280", "P maximum amplitude, per lead"),
        Term("MDC", "2:1536", "P minimum amplitude, per lead"),
    ),
    LeadMeasure.T: (
        Term("MDC", "2:2560", "T maximum amplitude, per lead"),
        Term("MDC", "2:2816", "T minimum amplitude, per lead"),
    ),
}
"""Waves of either sign have a code for each."""

_OF_STANDARD: dict[AnnotationCode, tuple[str, str]] = {
    AnnotationCode.NORMAL: ("10:8208", "Normal beat (sinus beat, normal conduction)"),
    AnnotationCode.LEFT_BUNDLE_BRANCH_BLOCK: ("10:8464", "Left bundle branch block beat"),
    AnnotationCode.RIGHT_BUNDLE_BRANCH_BLOCK: ("10:8496", "Right bundle branch block beat"),
    AnnotationCode.ABERRATED_ATRIAL: ("10:8304", "Aberrated atrial premature beat (Ashman beat)"),
    AnnotationCode.PREMATURE_VENTRICULAR: ("10:8336", "Ventricular premature contraction beat"),
    AnnotationCode.FUSION: ("10:8352", "Fusion of ventricular and normal beat"),
    AnnotationCode.NODAL_PREMATURE: ("10:8288", "Junctional (nodal) premature contraction"),
    AnnotationCode.ATRIAL_PREMATURE: ("10:8272", "Atrial premature contraction (beat)"),
    AnnotationCode.SUPRAVENTRICULAR_PREMATURE: ("10:8256", "Supraventricular premature contraction"),
    AnnotationCode.VENTRICULAR_ESCAPE: ("10:8432", "Ventricular escape beat"),
    AnnotationCode.NODAL_ESCAPE: ("10:8416", "Junctional (nodal) escape beat"),
    AnnotationCode.UNKNOWN_BEAT: ("10:8736", "Unclassifiable beat"),
    AnnotationCode.FLUTTER_WAVE: ("10:1728", "Ventricular flutter wave"),
    AnnotationCode.ATRIAL_ESCAPE: ("10:8400", "Atrial escape beat"),
    AnnotationCode.SUPRAVENTRICULAR_ESCAPE: ("10:8384", "Supraventricular escape beat"),
    AnnotationCode.NOT_CONDUCTED_P: ("10:8320", "Non-conducted p-wave (blocked)"),
    AnnotationCode.FUSION_WITH_PACED: ("10:8720", "Pacemaker Fusion beat"),
    AnnotationCode.R_ON_T: ("10:8368", "R-on-T premature ventricular beat"),
}
"""Only where CID 3335 has exactly the same; the rest goes under the project's own scheme."""


def annotation_term(code: AnnotationCode) -> Term:
    """The term of an annotation code: MDC where it has the same, else the MIT format's own number."""
    if code in _OF_STANDARD:
        return Term("MDC", *_OF_STANDARD[code])
    words = code.name.lower().replace("_", " ")
    return Term(OWN_SCHEME, f"MIT-{int(code)}", f"{words} (MIT annotation {code.symbol})")


_ANNOTATION_CODES = {annotation_term(code)[:2]: code for code in AnnotationCode}


def annotation_code(scheme: str, value: str) -> AnnotationCode | None:
    """The annotation code of a term; None when it is not one of those above."""
    return _ANNOTATION_CODES.get((scheme.strip(), value.strip()))


def lead_term(channel: Channel) -> Term:
    """The source of a channel: its lead, or "unspecified lead" where its name is none of the standard's."""
    if channel.lead is not None:
        return Term("MDC", mdc_code(channel.lead), _LEAD_MEANINGS.get(channel.lead, f"Lead {channel.lead}"))
    number = OTHER_LEADS.get(channel.name)
    return UNSPECIFIED_LEAD if number is None else Term("MDC", f"2:{number}", f"Lead {channel.name}")
