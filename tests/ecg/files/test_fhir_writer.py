"""Writing FHIR Observations: another library finds them well formed, and what was written is read."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from fhir.resources.bundle import Bundle as BundleOfR5
from fhir.resources.observation import Observation as ObservationOfR5
from fhir.resources.R4B.bundle import Bundle as BundleOfR4
from fhir.resources.R4B.observation import Observation as ObservationOfR4
from hypothesis import given
from hypothesis import strategies as st

from ecg.description import Filters
from ecg.errors import SignalError
from ecg.files.door import read_any
from ecg.files.fhir_writer import FhirContext, FhirRelease, write_fhir
from ecg.files.findings import Findings
from ecg.lead_codes import OTHER_LEADS
from ecg.leads import STANDARD_LEADS, Lead
from ecg.limb_leads import with_derived_limb_leads
from ecg.measurements import Measure, Why
from ecg.tracing import Channel, Tracing
from tests.ecg.files.samples import (
    MEASURED_LEADS,
    RECORDS,
    measurements,
    record,
    same_samples,
    same_values,
    tracing,
    tracings,
    with_gap,
)

R4, R5 = FhirRelease.R4, FhirRelease.R5
JUDGES: dict[FhirRelease, tuple[Any, Any]] = {
    R4: (ObservationOfR4, BundleOfR4),
    R5: (ObservationOfR5, BundleOfR5),
}
SMALL = replace(tracing(np.arange(20, dtype=np.int16).reshape(2, 10)), acquired="20240229235959.5")


def document(of: Tracing = SMALL, release: FhirRelease = R4, **more: Any) -> dict[str, Any]:
    """What is written, once another library has found nothing wrong with it."""
    data = write_fhir(of, release, **more)
    plain: dict[str, Any] = json.loads(data)
    judge = JUDGES[release][plain["resourceType"] == "Bundle"]
    judge.model_validate_json(data)
    return plain


@pytest.mark.parametrize("release", FhirRelease)
@pytest.mark.parametrize("name", RECORDS)
def test_a_record_survives(name: str, release: FhirRelease) -> None:
    before = record(name)
    after = read_any(write_fhir(before, release), "again.json")
    assert same_samples(before, after)
    assert after.rate_hz == before.rate_hz
    for one, other in zip(before.channels, after.channels, strict=True):
        assert (other.nv_per_step, other.zero) == (one.nv_per_step, one.zero)


@given(st.booleans().flatmap(lambda wide: tracings(wide=wide)), st.sampled_from(FhirRelease))
def test_any_tracing_survives(before: Tracing, release: FhirRelease) -> None:
    context = FhirContext(zone="+08:00")
    document(before, release, context=context)
    after = read_any(write_fhir(before, release, context), "again.json")
    assert same_values(before, after)
    assert after.rate_hz == before.rate_hz
    assert after.acquired == (before.acquired and f"{before.acquired}+0800")
    for one, other in zip(before.channels, after.channels, strict=True):
        assert (other.nv_per_step, other.zero) == (one.nv_per_step, one.zero)


def test_each_lead_has_its_code_and_its_samples_as_whole_numbers() -> None:
    written = document()
    assert written["code"]["coding"] == [
        {"system": "urn:iso:std:iso:11073:10101", "code": "131328", "display": "MDC_ECG_ELEC_POTL"}
    ]
    one, two = written["component"]
    assert one["code"]["coding"][0]["code"] == "131329"
    assert two["code"]["coding"][0] == {
        "system": "urn:iso:std:iso:11073:10101",
        "code": "131330",
        "display": "MDC_ECG_ELEC_POTL_II",
    }
    assert one["valueSampledData"] == {
        "origin": {"value": 0, "unit": "uV", "system": "http://unitsofmeasure.org", "code": "uV"},
        "period": 2,
        "factor": 1,
        "dimensions": 1,
        "data": "0 1 2 3 4 5 6 7 8 9",
    }


def test_r5_says_interval_in_place_of_period() -> None:
    sampled = document(release=R5)["component"][0]["valueSampledData"]
    assert (sampled["interval"], sampled["intervalUnit"]) == (2, "ms")
    assert "period" not in sampled


@pytest.mark.parametrize("name", [*STANDARD_LEADS, *OTHER_LEADS, "MLII"])
def test_every_lead_is_read_under_its_name(name: str) -> None:
    lead = Lead(name) if name in STANDARD_LEADS else None
    before = replace(
        SMALL, channels=(Channel(name=name, lead=lead, samples=np.ones(3, np.int16), nv_per_step=1000),)
    )
    after = read_any(write_fhir(before), "again.json").channels[0]
    assert (after.name, after.lead) == (name, lead)
    assert bool(document(before)["component"][0]["code"].get("coding")) == (name != "MLII")


def test_a_lead_without_a_name_says_so() -> None:
    nameless = Channel(name="", lead=None, samples=np.ones(3, np.int16), nv_per_step=1000)
    assert document(replace(SMALL, channels=(nameless,)))["component"][0]["code"] == {
        "text": "lead without a name"
    }


def test_missing_samples_are_errors_and_nothing_is_said_of_limits() -> None:
    gapped = with_gap(SMALL, 3, 5)
    sampled = document(gapped)["component"][0]["valueSampledData"]
    assert sampled["data"] == "0 1 2 E E 5 6 7 8 9"
    assert not {"lowerLimit", "upperLimit"} & set(sampled)


def test_it_is_preliminary_until_it_is_signed() -> None:
    assert document()["status"] == "preliminary"
    assert document(context=FhirContext(signed=True))["status"] == "final"


def test_whose_it_is_is_given_or_absent() -> None:
    assert "subject" not in document()
    assert document(context=FhirContext(subject="Patient/17"))["subject"] == {"reference": "Patient/17"}


@pytest.mark.parametrize(
    ("acquired", "zone", "effective"),
    [
        ("", "+08:00", {}),
        ("20240229235959.5", "", {"effectiveDateTime": "2024-02-29"}),
        ("20240229", "+08:00", {"effectiveDateTime": "2024-02-29"}),
        (
            "20240229235959.99",
            "+08:00",
            {
                "effectivePeriod": {
                    "start": "2024-02-29T23:59:59.99+08:00",
                    "end": "2024-03-01T00:00:00.01+08:00",
                }
            },
        ),
        (
            "20240229120000-0330",
            "+08:00",
            {
                "effectivePeriod": {
                    "start": "2024-02-29T12:00:00-03:30",
                    "end": "2024-02-29T12:00:00.02-03:30",
                }
            },
        ),
        (
            "20240229120000",
            "Z",
            {"effectivePeriod": {"start": "2024-02-29T12:00:00Z", "end": "2024-02-29T12:00:00.02Z"}},
        ),
    ],
)
def test_a_time_of_day_has_a_zone_or_is_not_told(acquired: str, zone: str, effective: dict[str, Any]) -> None:
    written = document(replace(SMALL, acquired=acquired), context=FhirContext(zone=zone))
    assert {key: value for key, value in written.items() if key.startswith("effective")} == effective


def test_what_was_derived_and_filtered_is_told_in_words() -> None:
    filtered = tuple(replace(channel, filters=Filters(0.05, 150, None)) for channel in SMALL.channels)
    notes = document(with_derived_limb_leads(replace(SMALL, channels=filtered)))["note"]
    assert notes[0] == {"text": "III was derived: II - I"}
    assert notes[4] == {"text": "I was filtered by the device: high-pass 0.05 Hz, low-pass 150 Hz"}
    assert len(notes) == 4 + 6


def test_measurements_are_an_observation_derived_from_the_tracing() -> None:
    for release in FhirRelease:
        measured = Findings(measurements=measurements(Measure.PR), statements=("QRS 124 ms",))
        bundle = document(release=release, findings=measured, context=FhirContext(subject="Patient/17"))
        tracing_entry, panel_entry = bundle["entry"]
        panel = panel_entry["resource"]
        assert panel["derivedFrom"] == [{"reference": tracing_entry["fullUrl"]}]
        assert (panel["status"], panel["subject"]) == ("preliminary", {"reference": "Patient/17"})
        assert panel["code"]["coding"][0]["code"] == "34534-8"
        assert panel["note"] == [{"text": "QRS 124 ms"}]
        assert len(panel["component"]) == len(Measure) + 7 * len(MEASURED_LEADS)


@pytest.mark.parametrize(
    ("measure", "code"),
    [
        (Measure.RATE, "8867-4"),
        (Measure.QRS, "8633-0"),
        (Measure.QT, "8634-8"),
        (Measure.QTC_BAZETT, "76635-2"),
        (Measure.QTC_FRIDERICIA, "76634-5"),
        (Measure.P_AXIS, "8626-4"),
        (Measure.QRS_AXIS, "8632-2"),
        (Measure.T_AXIS, "8638-9"),
    ],
)
def test_a_measurement_has_its_loinc_code_value_and_unit(measure: Measure, code: str) -> None:
    found = measurements(Measure.PR).of(measure)
    coded = {
        coding["code"]: component
        for component in panel_components()
        for coding in component["code"].get("coding", ())
    }
    assert coded[code]["valueQuantity"]["value"] == found
    assert coded[code]["valueQuantity"]["system"] == "http://unitsofmeasure.org"


def panel_components() -> list[dict[str, Any]]:
    bundle = document(findings=Findings(measurements=measurements(Measure.PR)))
    components: list[dict[str, Any]] = bundle["entry"][1]["resource"]["component"]
    return components


def test_an_absent_measurement_says_why_and_has_no_value() -> None:
    (absent,) = (one for one in panel_components() if "dataAbsentReason" in one)
    assert absent["code"]["coding"][0]["code"] == "8625-6"
    assert absent["dataAbsentReason"]["text"] == Why.NO_P and "valueQuantity" not in absent


def test_a_qtc_never_has_a_code_that_loses_its_formula() -> None:
    words = [one["code"]["text"] for one in panel_components() if "corrected" in one["code"]["text"]]
    codes = [coding["code"] for one in panel_components() for coding in one["code"].get("coding", ())]
    assert len(words) == 4 and all("formula" in text for text in words)
    assert "8636-3" not in codes


def test_the_tracing_of_a_bundle_is_read_again() -> None:
    data = write_fhir(SMALL, findings=Findings(measurements=measurements()))
    assert same_samples(SMALL, read_any(data, "again.json"))


def test_what_is_too_long_for_a_resource_is_not_written() -> None:
    long = tracing(np.full((12, 240_000), -32_000, np.int16))
    with pytest.raises(SignalError, match="an Observation of 2[0-9]{7} bytes; at most 16777216 are right"):
        write_fhir(long)
