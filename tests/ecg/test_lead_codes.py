"""Codes of leads and measurements, against pydicom's copy of the DICOM code tables."""

import pytest
from pydicom.sr.codedict import codes

from ecg.lead_codes import (
    OTHER_LEADS,
    EcgQuantity,
    lead_name_of_code,
    lead_of_name,
    mdc_lead_number,
    mdc_name,
    mdc_potential_number,
    scp_code,
)
from ecg.leads import STANDARD_LEADS, Lead, lead_of_code


@pytest.mark.parametrize(
    "name", ["V7", "V2R", "V3R", "V4R", "V5R", "V6R", "V7R", "X", "Y", "Z", "V8", "V9", "V9R"]
)
def test_leads_beside_the_twelve_have_the_codes_of_dicom(name: str) -> None:
    value = getattr(codes.MDC, f"Lead{name}").value
    assert value == f"2:{OTHER_LEADS[name]}"
    assert lead_name_of_code("MDC", value) == lead_name_of_code("SCPECG", f"5.6.3-9-{value[2:]}") == name


def test_the_twelve_have_the_codes_of_dicom() -> None:
    for lead in (Lead.I, Lead.II, Lead.III, *STANDARD_LEADS[6:]):
        assert lead_of_code("MDC", getattr(codes.MDC, f"Lead{lead}").value) is lead
        assert lead_name_of_code("MDC", f"2:{scp_code(lead)}") == lead


def test_the_numbers_of_fhir_are_those_of_its_example() -> None:
    assert (mdc_lead_number(Lead.I), mdc_lead_number(Lead.II)) == (131073, 131074)
    assert (mdc_potential_number(Lead.I), mdc_lead_number(Lead.III)) == (131329, 131133)
    assert [mdc_name(lead) for lead in (Lead.I, Lead.AVR)] == ["MDC_ECG_LEAD_I", "MDC_ECG_LEAD_AVR"]


def test_every_number_is_taken_once() -> None:
    numbers = [*OTHER_LEADS.values(), *(scp_code(lead) for lead in STANDARD_LEADS)]
    assert len(set(numbers)) == len(numbers)
    assert len({str(quantity) for quantity in EcgQuantity}) == len(EcgQuantity) == 13


@pytest.mark.parametrize("value", ["2:9999", "2:", "x", "", "2:\u0669"])
def test_an_unknown_code_has_no_name(value: str) -> None:
    assert lead_name_of_code("MDC", value) is None


@pytest.mark.parametrize(
    ("name", "lead"),
    [
        ("I", Lead.I),
        ("avr", Lead.AVR),
        ("ECG V1", Lead.V1),
        ("Lead II", Lead.II),
        ("EKG aVF ", Lead.AVF),
        ("MDC_ECG_LEAD_V3", Lead.V3),
        ("MLII", None),
        ("ECG", None),
        ("V7", None),
        ("", None),
    ],
)
def test_names_are_read_as_files_write_them(name: str, lead: Lead | None) -> None:
    assert lead_of_name(name) is lead
