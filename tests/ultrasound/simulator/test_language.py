"""A scenario is read strictly; a wrong one is told what is possible."""

import pytest

from ultrasound.errors import ScenarioWrong
from ultrasound.simulator.language import read_scenario
from ultrasound.simulator.scenario import Change, Episode, Preset, Scenario


def test_nothing_said_is_an_abdomen_at_fifteen_centimetres() -> None:
    assert read_scenario("") == Scenario((Episode(Preset.ABDOMEN, 150),), 30, 1024, 768)


def test_an_episode_keeps_what_the_one_before_had() -> None:
    told = read_scenario(
        "preset=cardiac,depth=18.5,for=9,hz=25,size=800x600/change=frozen,for=2/preset=vascular"
    )
    assert told == Scenario(
        (
            Episode(Preset.CARDIAC, 185, Change.NONE, 9),
            Episode(Preset.CARDIAC, 185, Change.FROZEN, 2),
            Episode(Preset.VASCULAR, 50),
        ),
        25,
        800,
        600,
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("depth", "'depth' is not KEY=VALUE; keys are preset, depth, change, for, hz, size"),
        ("gain=3", "'gain' is not known; keys are preset"),
        ("depth=12,depth=13", "depth is said twice"),
        ("depth=2", "depth 2: 4 to 30 cm"),
        ("depth=0", "4 to 30 cm"),
        ("depth=12.25", "one decimal at the most"),
        ("depth=-3", "depth '-3' is not a whole number"),
        ("preset=thorax", "preset 'thorax' is none of cardiac, vascular, abdomen, small-parts"),
        ("change=blue", "change 'blue' is none of none, frozen, black, lost, small"),
        ("for=0", "for 0: 1 to 86400 s"),
        ("hz=2", "hz 2: 5 to 60"),
        ("size=320x240", "size 320x240: 640x480 to 1920x1200"),
        ("size=1024", "height '' is not a whole number"),
        ("depth=5/hz=30", "hz is said once, with the first episode"),
        ("depth=5/depth=6", "an episode that is not the last needs for=SECONDS"),
        ("change=lost,for=3", "then there is never a picture"),
        ("for=3/change=lost", "change=lost needs for=SECONDS"),
    ],
)
def test_what_cannot_be_is_refused(text: str, told: str) -> None:
    with pytest.raises(ScenarioWrong) as refused:
        read_scenario(text)
    assert told in str(refused.value)
