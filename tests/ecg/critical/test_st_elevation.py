"""A raised ST is told in noise, too, when it is far enough from its limit for what noise leaves unsure."""

import pytest

from ecg.appraisal import appraise
from ecg.critical.verdict import Verdict
from ecg.recording import Recording
from ecg.simulator.language import read_scenario
from ecg.simulator.simulated_ecg import SimulatedEcg
from ecg.subject import Subject


def verdict(text: str) -> Verdict:
    ecg = SimulatedEcg(read_scenario(text))
    recording = Recording(
        leads=ecg.leads,
        rate_hz=ecg.rate_hz,
        nv_per_lsb=ecg.nv_per_lsb,
        samples=ecg.samples(0, 10 * ecg.rate_hz),
    )
    results = appraise(recording, Subject(60)).critical.results
    return next(one.answer.verdict for one in results if one.rule.id == "st_elevation")


@pytest.mark.parametrize("noise", ["", ",noise=muscle", ",noise=wander", ",noise=mains"])
@pytest.mark.parametrize(
    ("st", "expected"),
    [
        (",st=inferior:200", Verdict.HIT),
        (",st=lateral:200", Verdict.HIT),
        (",st=anterior:400", Verdict.HIT),
        (",rate=90,st=inferior:200", Verdict.HIT),
        ("", Verdict.NO_HIT),
        (",st=anterior:200", Verdict.NO_HIT),
    ],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_level_far_from_its_limit_is_told_in_noise(
    seed: int, st: str, expected: Verdict, noise: str
) -> None:
    assert verdict(f"seed={seed},rhythm=sinus{st}{noise}") is expected
