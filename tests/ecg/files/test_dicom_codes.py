"""The codes of what is written mean what the context groups of DICOM say, which pydicom ships."""

from collections.abc import Iterator

import numpy as np
import pytest
from pydicom.sr._concepts_dict import concepts

from ecg.annotations import AnnotationCode
from ecg.files import dicom_codes
from ecg.files.dicom_codes import OWN_SCHEME, Term, annotation_code, annotation_term, lead_term
from ecg.lead_codes import OTHER_LEADS, lead_name_of_code, lead_of_name
from ecg.leads import STANDARD_LEADS
from ecg.tracing import Channel

NOT_IN_A_CONTEXT_GROUP = {"2:16016", "10:11345"}
"""The ventricular rate and the name of TID 3401's only row."""


def terms() -> Iterator[Term]:
    yield from (dicom_codes.UNSPECIFIED_LEAD, dicom_codes.UNSPECIFIED_TWELVE_LEADS, dicom_codes.R_WAVE)
    for table in (dicom_codes.MEASURES, dicom_codes.QT_CORRECTIONS, dicom_codes.LEAD_MEASURES):
        yield from table.values()
    for pair in dicom_codes.P_AND_T.values():
        yield from pair
    yield from (term for term in map(annotation_term, AnnotationCode) if term.scheme == "MDC")
    yield from (lead_term(channel_named(lead)) for lead in STANDARD_LEADS)


def channel_named(name: str) -> Channel:
    return Channel(name=name, lead=lead_of_name(name), samples=np.zeros(1, np.int16), nv_per_step=1000)


def meanings(term: Term) -> set[str]:
    """What pydicom's concepts say of a code; two context groups may word it differently."""
    return {
        meaning.split(",")[0].lower()
        for values in concepts[term.scheme].values()
        for value, (meaning, _) in values.items()
        if value.replace(" ", "") == term.value
    }


@pytest.mark.parametrize("term", [term for term in terms() if term.value not in NOT_IN_A_CONTEXT_GROUP])
def test_a_term_means_what_dicom_says(term: Term) -> None:
    assert term.meaning.split(",")[0].lower() in meanings(term)


@pytest.mark.parametrize("name", [*STANDARD_LEADS, *OTHER_LEADS])
def test_a_leads_code_is_read_as_the_lead(name: str) -> None:
    term = lead_term(channel_named(name))
    assert lead_name_of_code(term.scheme, term.value) == name


@pytest.mark.parametrize("name", ["MLII", "ECG1", "", "v1 "])
def test_any_other_name_is_no_lead_of_the_standard(name: str) -> None:
    channel = channel_named(name)
    expected = "2:0" if channel.lead is None else "2:3"
    assert lead_term(channel).value == expected


@pytest.mark.parametrize("code", AnnotationCode)
def test_every_annotation_code_has_one_term_and_is_found_by_it(code: AnnotationCode) -> None:
    term = annotation_term(code)
    assert annotation_code(term.scheme, term.value) is code
    assert term.scheme == "MDC" or (term.scheme, term.value) == (OWN_SCHEME, f"MIT-{int(code)}")
    assert len(term.meaning) <= 64


def test_a_beat_of_another_scheme_is_not_guessed() -> None:
    assert annotation_code("SCPECG", "10:8208") is None
    assert annotation_code("MDC", "10:8224") is None


def test_a_qtc_always_names_its_formula() -> None:
    named = {
        measure: term.meaning + getattr(dicom_codes.QT_CORRECTIONS.get(measure), "meaning", "")
        for measure, term in dicom_codes.MEASURES.items()
        if measure.startswith("qtc")
    }
    assert len(named) == 4 and len(set(named.values())) == 4
    assert all("formula" in words or "Algorithm" in words for words in named.values())
