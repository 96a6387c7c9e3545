"""Reading SampledData of FHIR: R4 and R5, of other writers, or a refusal by component."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from ecg.errors import SourceUnreadable
from ecg.files import fhir
from ecg.files.door import read_any
from ecg.leads import Lead
from ecg.tracing import FileKind, Tracing

Change = Callable[[dict[str, Any]], object]


def component(code: str = "131329", data: str = "2048 2049 E 2047", **sampled: object) -> dict[str, Any]:
    """A lead as FHIR's own example spells it, with a unit."""
    return {
        "code": {
            "coding": [
                {"system": "urn:oid:2.16.840.1.113883.6.24", "code": code, "display": "MDC_ECG_ELEC_POTL"}
            ]
        },
        "valueSampledData": {
            "origin": {"value": 0, "unit": "mV"},
            "period": 10,
            "factor": 0.005,
            "dimensions": 1,
            "data": data,
            **sampled,
        },
    }


def observation(*components: dict[str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": "ekg",
        "status": "final",
        "code": {"coding": [{"system": "urn:oid:2.16.840.1.113883.6.24", "code": "131328"}]},
        "subject": {"reference": "Patient/f001", "display": "P. van de Heuvel"},
        "effectiveDateTime": "2015-02-19T09:30:35+01:00",
        "device": {"display": "12 lead EKG Device Metric"},
        "component": list(components) or [component()],
    }


def read(document: object) -> Tracing:
    return read_any(json.dumps(document).encode(), "ekg.json")


def test_an_observation_is_read_sample_for_sample() -> None:
    found = read(observation(component(), component("131389")))
    assert (found.kind, found.rate_hz, found.acquired) == (FileKind.FHIR, 100, "20150219093035+0100")
    assert [one.lead for one in found.channels] == [Lead.I, Lead.III]
    assert found.channels[0].samples.tolist() == [2048, 2049, -32768, 2047]
    assert (found.channels[0].nv_per_step, found.channels[0].zero) == (5000, 0)
    assert found.device == "12 lead EKG Device Metric"


def test_the_origin_is_the_value_of_step_0() -> None:
    origin = {"value": -10.24, "unit": "millivolt", "code": "mV", "system": "http://unitsofmeasure.org"}
    channel = read(observation(component(origin=origin))).channels[0]
    assert channel.zero == 2048
    assert channel.nanovolts().tolist()[:2] == [0, 5000]


@pytest.mark.parametrize(
    ("spacing", "rate_hz"),
    [
        ({"period": 2}, 500),
        ({"period": 2.77777777777777778}, 360),
        ({"period": None, "interval": 2, "intervalUnit": "ms"}, 500),
        ({"period": None, "interval": 0.001, "intervalUnit": "s"}, 1000),
        ({"period": None, "interval": 4000, "intervalUnit": "us"}, 250),
    ],
)
def test_the_rate_of_either_release_is_read(spacing: dict[str, object], rate_hz: float) -> None:
    assert read(observation(component(**spacing))).rate_hz == rate_hz


def test_what_lay_beyond_the_limits_has_no_value_and_is_told() -> None:
    found = read(observation(component(data="1 L U E 2")))
    assert found.channels[0].missing.tolist() == [False, True, True, True, False]
    assert found.notes == ("2 samples of I beyond the device's limits are missing",)


def test_a_lead_by_words_alone_keeps_them_and_is_no_standard_lead() -> None:
    named = component() | {"code": {"text": "I"}}
    found = read(observation(named, component("131337")))
    assert [(one.name, one.lead) for one in found.channels] == [("I", None), ("V7", None)]


def test_the_tracing_of_a_bundle_is_found_among_other_resources() -> None:
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"resource": {"resourceType": "Patient", "name": [{"family": "Zhang"}], "entry": 7}},
            {"fullUrl": "urn:uuid:1"},
            {"resource": observation({"code": {"text": "rate"}, "valueQuantity": {"value": 70}})},
            {
                "resource": observation(
                    component(), {"code": {"text": "rate"}, "valueQuantity": {"value": 70}}
                )
            },
        ],
    }
    found = read(bundle)
    assert len(found.channels) == 1 and found.notes == ("component 2 left aside: no samples",)


def test_more_than_16_bits_are_read() -> None:
    found = read(observation(component(data="-2147483647 E 2147483647")))
    assert found.channels[0].samples.tolist() == [-2147483647, -2147483648, 2147483647]


def test_a_start_without_a_day_is_not_known() -> None:
    assert read(observation() | {"effectiveDateTime": "2015-02"}).acquired == ""
    assert read(observation() | {"effectivePeriod": {"start": "2015-02-19"}}).acquired == "20150219"


def test_a_start_on_no_calendar_is_left_aside_and_told() -> None:
    found = read(observation() | {"effectiveDateTime": "2015-02-30T09:30:35+01:00"})
    assert found.acquired == "" and found.notes == ("the start is no date and time and is left aside",)


@pytest.mark.parametrize(
    ("of", "sentence"),
    [
        (component(origin={"value": 0}), "component 1: its origin has no unit of voltage"),
        (component(origin={"value": 0, "code": "mm[Hg]"}), "no unit of voltage"),
        (component(period=None), "component 1: no period above 0"),
        (component(period=-2), "component 1: no period above 0"),
        (component(period=0), "component 1: no period above 0"),
        (component(period=None, interval=1, intervalUnit="mm"), "an interval in no unit of time; s, ms, us"),
        (component(dimensions=2), "component 1: 2 dimensions; 1 is right"),
        (component(factor=0), "a number that no scale can have"),
        (component(factor=-1), "a step of -1000000.0 nV"),
        (component(factor="NaN"), "a step of nan nV"),
        (component(period=1e-9), "1000000000000.0 Hz"),
        (component(data=""), "no samples"),
        (component(data="1 2.5"), "component 1: a sample that is neither a whole step nor E, L or U"),
        (component(data="1  O"), "neither a whole step"),
        (component(data="1 3000000000"), "component 1: a sample of more than 32 bits"),
        (component(data=7), r"Expected `str`, got `int` - at `\$\.component\[0\]\.valueSampledData\.data`"),
        ({"code": {"text": "rate"}}, "Observation without a lead of SampledData"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(of: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SourceUnreadable, match=sentence):
        read(observation(of))


def test_leads_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(SourceUnreadable, match="leads of 2 rates"):
        read(observation(component(), component("131330", period=20)))
    with pytest.raises(SourceUnreadable, match="lead I is there twice"):
        read(observation(component(), component()))
    with pytest.raises(SourceUnreadable, match="all must be of one length"):
        read(observation(component(), component("131330", data="1 2")))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'{"resourceType": "Observation", "status": ', "not JSON"),
        (b'{"resourceType": "Observation", "status": "Zhang San" "x"', "not JSON"),
        (b'{"resourceType": "Observation\xff"}', "not JSON"),
        (
            b'{"type": "resourceType", "entry": [{"resource": {"resourceType": "Observation"}}]}',
            "a resource without",
        ),
        (b'{"resourceType": "Patient"}', "Patient without a lead of SampledData"),
        (b'{"resourceType": "Bundle", "entry": [' + b"{}," * 100_000 + b"{}]}", "more than 100000 objects"),
        (b'{"resourceType": "Bundle", "entry":' + b"[" * 100_000, "not JSON|Expected"),
        (b'{"resourceType": "Observation", "x":' + b"[" * 100_000, "not JSON|Expected"),
        (b'{"resourceType": "Observation"}' + b" " * (16 << 20), "larger than"),
    ],
)
def test_damage_is_refused_without_a_word_of_it(data: bytes, sentence: str) -> None:
    with pytest.raises(SourceUnreadable, match=sentence) as refused:
        read_any(data, "ekg.json")
    assert "Zhang" not in str(refused.value)


def test_json_of_another_kind_is_not_taken_for_fhir() -> None:
    assert not fhir.looks_like_fhir(b'{"leads": []}')
    assert not fhir.looks_like_fhir(b'<Observation resourceType="x"/>')
    assert fhir.looks_like_fhir(b'\xef\xbb\xbf \n{"resourceType":"Observation"}')
