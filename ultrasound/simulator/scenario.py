"""What a simulated scanner is made to do: how deep it looks, with which probe, and what goes wrong."""

import enum
from dataclasses import dataclass

from ultrasound.errors import ScenarioWrong

LEAST_DEPTH_MM, MOST_DEPTH_MM = 40, 300
LEAST_WIDTH_PX, LEAST_HEIGHT_PX = 640, 480
MOST_WIDTH_PX, MOST_HEIGHT_PX = 1920, 1200
MOST_SECONDS = 86_400
LEAST_RATE_HZ, MOST_RATE_HZ = 5, 60


class Preset(enum.StrEnum):
    """The scanner's own preset: which probe, and how deep it begins."""

    CARDIAC = "cardiac"  # phased array, 16 cm
    VASCULAR = "vascular"  # linear array, 5 cm
    ABDOMEN = "abdomen"  # curved array, 15 cm
    SMALL_PARTS = "small-parts"  # linear array, 4 cm


PRESET_DEPTH_MM = {
    Preset.CARDIAC: 160,
    Preset.VASCULAR: 50,
    Preset.ABDOMEN: 150,
    Preset.SMALL_PARTS: 40,
}


class Change(enum.StrEnum):
    """What happens to the picture during an episode."""

    NONE = "none"
    FROZEN = "frozen"  # the same picture again and again, as after the scanner's freeze key
    BLACK = "black"  # all black, as from a grabber without a signal
    LOST = "lost"  # no picture comes
    SMALL = "small"  # the scanner's output changes to 640x480


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of time in which nothing is changed; `seconds` None: for ever."""

    preset: Preset = Preset.ABDOMEN
    depth_mm: int = 0  # 0: as the preset has it
    change: Change = Change.NONE
    seconds: int | None = None

    def __post_init__(self) -> None:
        if self.depth_mm == 0:
            object.__setattr__(self, "depth_mm", PRESET_DEPTH_MM[self.preset])
        if not LEAST_DEPTH_MM <= self.depth_mm <= MOST_DEPTH_MM:
            raise ScenarioWrong(
                f"depth {self.depth_mm / 10:g}: {LEAST_DEPTH_MM // 10} to {MOST_DEPTH_MM // 10} cm"
            )
        if self.seconds is not None and not 1 <= self.seconds <= MOST_SECONDS:
            raise ScenarioWrong(f"for {self.seconds}: 1 to {MOST_SECONDS} s")


@dataclass(frozen=True, slots=True)
class Scenario:
    """Episodes one after the other; when the last has an end, all begin again."""

    episodes: tuple[Episode, ...] = (Episode(),)
    rate_hz: int = 30
    width: int = 1024
    height: int = 768

    def __post_init__(self) -> None:
        if not LEAST_RATE_HZ <= self.rate_hz <= MOST_RATE_HZ:
            raise ScenarioWrong(f"hz {self.rate_hz}: {LEAST_RATE_HZ} to {MOST_RATE_HZ} pictures a second")
        wide = LEAST_WIDTH_PX <= self.width <= MOST_WIDTH_PX
        if not (wide and LEAST_HEIGHT_PX <= self.height <= MOST_HEIGHT_PX):
            least, most = f"{LEAST_WIDTH_PX}x{LEAST_HEIGHT_PX}", f"{MOST_WIDTH_PX}x{MOST_HEIGHT_PX}"
            raise ScenarioWrong(f"size {self.width}x{self.height}: {least} to {most}")
        if any(one.seconds is None for one in self.episodes[:-1]):
            raise ScenarioWrong("an episode that is not the last needs for=SECONDS")
        if all(one.change is Change.LOST for one in self.episodes):
            raise ScenarioWrong("change=lost in all episodes: then there is never a picture")
        if self.episodes[-1].change is Change.LOST and self.episodes[-1].seconds is None:
            raise ScenarioWrong("change=lost needs for=SECONDS")
