"""A scenario is written in one line; what is not understood is refused with what is possible."""

import pytest

from ecg.errors import SignalError
from ecg.leads import Electrode
from ecg.simulator.language import read_scenario
from ecg.simulator.scenario import Episode, LeadGroup, NoiseKind, Rhythm, Scenario, St


def test_nothing_said_is_a_sinus_rhythm() -> None:
    assert read_scenario("") == Scenario()


def test_everything_that_can_be_said_is_understood() -> None:
    text = (
        "seed=7,hz=1000,rhythm=av-block-3,rate=32,atrial-rate=80,st=anterior:250+inferior:-100,"
        "noise=mains+muscle,mains=60,off=V2+RA,for=10/rhythm=pauses,pause=4.5,noise=flat-electrode,flat=V5"
    )
    first = Episode(
        rhythm=Rhythm.AV_BLOCK_3,
        rate_per_min=32,
        atrial_per_min=80,
        st=(St(LeadGroup.ANTERIOR, 250), St(LeadGroup.INFERIOR, -100)),
        noise=frozenset({NoiseKind.MAINS, NoiseKind.MUSCLE}),
        mains_hz=60,
        electrodes_off=Electrode.V2 | Electrode.RA,
        seconds=10,
    )
    second = Episode(
        rhythm=Rhythm.PAUSES, pause_s=4.5, noise=frozenset({NoiseKind.FLAT_ELECTRODE}), flat=Electrode.V5
    )
    assert read_scenario(text) == Scenario((first, second), seed=7, rate_hz=1000)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "rhythm=flutter",
            "rhythm 'flutter' is none of sinus, bradycardia, tachycardia, pauses, av-block-3",
        ),
        (
            "tempo=60",
            "'tempo' is not known; keys are rhythm, rate, atrial-rate, pause, st, noise, mains, flat",
        ),
        ("rhythm", "'rhythm' is not KEY=VALUE"),
        ("rhythm=", "'rhythm=' is not KEY=VALUE"),
        ("rhythm=sinus,", "'' is not KEY=VALUE"),
        ("rhythm=sinus/", "only the last episode"),
        ("rhythm=sinus,rate=72,rate=80", "rate is said twice"),
        ("rhythm=sinus,rate=190", "sinus at 190 a minute; 60 to 100 are possible"),
        ("rate=0", "sinus at 0 a minute"),
        ("rhythm=av-block-3,atrial-rate=0", "an atrial rate of 0"),
        ("rhythm=sinus,rate=7²", "rate '7²' is not a whole number"),
        ("rhythm=sinus,atrial-rate=80", "an atrial rate is for av-block-3 only, not for sinus"),
        ("rhythm=av-block-3,atrial-rate=300", "an atrial rate of 300; 60 to 110 are possible"),
        ("pause=4", "a pause is for pauses only, not for sinus"),
        ("rhythm=pauses,pause=0.5", "a pause of 0.5 s; 2 to 8 s"),
        ("rhythm=pauses,pause=x", "pause 'x' is not a number of seconds"),
        ("noise=hum", "noise 'hum' is none of mains, wander, muscle, clipping, flat-electrode"),
        ("mains=55", "mains of 55 Hz; 50 or 60 Hz are possible"),
        ("st=posterior:100", "ST of 'posterior' is none of septal, anterior, lateral, inferior"),
        ("st=inferior:900", "ST inferior 900 uV; 1 to 500 uV up or down are possible"),
        ("st=inferior:100+inferior:200", "ST of one group is given twice"),
        ("st=inferior", "ST level (uV) '' is not a whole number"),
        ("off=V7", "electrode 'V7' is none of RA, LA, LL, RL, V1, V2, V3, V4, V5, V6"),
        ("flat=RA", "a flat electrode must be one of V1 to V6"),
        ("for=0", "0 s; 1 to 3600 s are possible"),
        ("rhythm=sinus,for=5/seed=2", "seed is said once, with the first episode"),
        ("hz=100", "100 Hz; 250 to 1000 Hz are possible"),
        ("seed=9999999999", "seed 9999999999; 0 to 4294967295 are possible"),
    ],
)
def test_what_is_not_understood_is_refused_with_what_is_possible(text: str, told: str) -> None:
    with pytest.raises(SignalError) as refused:
        read_scenario(text)
    assert told in str(refused.value)
