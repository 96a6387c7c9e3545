"""Pictures of a simulated scanner by number: speckle that moves, wires and cysts at known places."""

import math
from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ultrasound import timecode
from ultrasound.regions import Region
from ultrasound.simulator import m_mode
from ultrasound.simulator.hand import Hand, Knobs, Standing, Turn
from ultrasound.simulator.phantom import CYSTS, WIRES, Cyst, diameter_mm
from ultrasound.simulator.scenario import Change, Scenario
from ultrasound.simulator.screen import COUNTER_ROW, Grey, Screen
from ultrasound.simulator.timeline import Timeline

SMALL_PX = (640, 480)

_SEED = 41
_DRIFT_PX = 24
_DRIFT_US = 7_000_000
_SHIFT = 4  # OpenCV draws to a sixteenth of a pixel
_WIRE_SIGMA_PX = 1.2
_WALL = 150


class SimulatedUltrasound:
    """The same scenario gives the same pictures at every run, but for the capture times written into them.

    Rows 0 to 15 carry the capture time and rows 16 to 31 the number of the picture (`ultrasound.timecode`).
    """

    simulated = True

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._timeline = Timeline(scenario)
        self._hand = Hand()
        self._newest = 0
        self.rate_hz = float(scenario.rate_hz)
        self.width, self.height = scenario.width, scenario.height

    def due_us(self, number: int) -> int:
        """When picture `number` is taken, microseconds after the first."""
        return self._timeline.due_us(number)

    def regions(self, number: int) -> tuple[Region, ...]:
        """The calibration of picture `number`; none of a black one."""
        episode = self._timeline.place(number).episode
        if episode.change is Change.BLACK:
            return ()
        screen = self._screen(number)
        return (m_mode.region_of(screen) if self._knobs(number).m_mode else screen.region,)

    def turn(self, turn: Turn, number: int, capture_us: int) -> None:
        """Turn something from picture `number` on, before that is taken; it holds until the episode ends."""
        self._hand.turn(turn, number, capture_us, self._first(number))

    @property
    def standing(self) -> Standing:
        """How the newest picture stands."""
        newest = self._newest
        knobs, episode = self._knobs(newest), self._timeline.place(newest).episode
        return Standing(
            depth_mm=knobs.depth_mm or episode.depth_mm,
            gain_db=knobs.gain_db,
            m_mode=knobs.m_mode,
            frozen=knobs.frozen_at is not None or episode.change is Change.FROZEN,
        )

    @property
    def turns(self) -> bool:
        """Whether anything can be turned: not of a picture that its scenario froze, or took away."""
        return self._timeline.place(self._newest).episode.change in (Change.NONE, Change.SMALL)

    def picture(self, number: int, capture_us: int) -> Grey:
        """Picture `number`, uint8 (height, width) grey."""
        self._newest = number
        place = self._timeline.place(number)
        screen, knobs = self._screen(number), self._knobs(number)
        match place.episode.change:
            case Change.BLACK:
                return np.zeros((screen.height, screen.width), np.uint8)
            case Change.FROZEN:  # as it was when it was frozen, with the times it had then
                number, capture_us = number - place.number, capture_us - self._since_us(number)
        if knobs.frozen_at is not None:
            number, capture_us = knobs.frozen_at
        shown = _draw(screen, self._timeline.due_us(number), knobs)
        timecode.burn(shown, capture_us // 1000)
        timecode.burn(shown[COUNTER_ROW : COUNTER_ROW + timecode.BLOCK_PX], number)
        return shown

    def _since_us(self, number: int) -> int:
        """How long the episode of this picture goes on already."""
        return self._timeline.due_us(number) - self._timeline.due_us(self._first(number))

    def _first(self, number: int) -> int:
        """The first picture of the episode of this one."""
        return number - self._timeline.place(number).number

    def _knobs(self, number: int) -> Knobs:
        return self._hand.at(number, self._first(number))

    def _screen(self, number: int) -> Screen:
        episode = self._timeline.place(number).episode
        size = SMALL_PX if episode.change is Change.SMALL else (self.width, self.height)
        screen = Screen.of(episode, *size)
        return replace(screen, depth_mm=self._knobs(number).depth_mm or screen.depth_mm)


def read_counter(picture: NDArray[np.uint8]) -> int | None:
    """The number of a picture, modulo 2**24, from its pixels, RGB or grey; None when it is damaged."""
    return timecode.read(picture[COUNTER_ROW : COUNTER_ROW + timecode.BLOCK_PX])


def _draw(screen: Screen, at_us: int, knobs: Knobs) -> Grey:
    tissue = _speckle(screen.width, screen.height)
    seen, still, wires = _layers(screen)
    if knobs.m_mode:
        inside = m_mode.draw(screen, tissue, _drift, at_us, _WALL)
    else:
        right, down = (int(one) for one in _drift(np.array(float(at_us))))
        shown = tissue[down : down + screen.height, right : right + screen.width].copy()
        for cyst in CYSTS:
            _draw_cyst(shown, screen, cyst, at_us)
        inside = np.asarray(cv2.bitwise_and(cv2.max(shown, wires), seen), dtype=np.uint8)
    if knobs.gain_db:
        inside = np.asarray(cv2.convertScaleAbs(inside, alpha=10 ** (knobs.gain_db / 20)), dtype=np.uint8)
    return np.asarray(cv2.max(inside, still), dtype=np.uint8)


def _drift(at_us: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How far the tissue lies to the right and down, in pixels."""
    phase = 2 * np.pi * (at_us % _DRIFT_US) / _DRIFT_US
    right, down = (
        np.rint(_DRIFT_PX * (1 + wave)).astype(np.int64) for wave in (np.sin(phase), np.cos(phase))
    )
    return right, down


def _draw_cyst(shown: Grey, screen: Screen, cyst: Cyst, at_us: int) -> None:
    column, row = screen.place_px(cyst.across_mm, cyst.deep_mm)
    radius = diameter_mm(cyst, at_us) / 2 / screen.mm_per_px
    centre, size = (round(column * 16), round(row * 16)), round(radius * 16)
    cv2.circle(shown, centre, size, _WALL, 2, cv2.LINE_AA, _SHIFT)
    cv2.circle(shown, centre, size, 6, -1, cv2.LINE_AA, _SHIFT)


@lru_cache(maxsize=8)
def _layers(screen: Screen) -> tuple[Grey, Grey, Grey]:
    """What the probe sees, what stands still, and the wires."""
    return screen.seen(), screen.still(), _wires(screen)


def _wires(screen: Screen) -> Grey:
    """Each a small bright spot whose centre lies where the wire is, to a fraction of a pixel."""
    shown = np.zeros((screen.height, screen.width), np.float32)
    reach = math.ceil(4 * _WIRE_SIGMA_PX)
    for wire in WIRES:
        column, row = screen.place_px(wire.across_mm, wire.deep_mm)
        x, y = (
            np.arange(round(column) - reach, round(column) + reach + 1),
            np.arange(round(row) - reach, round(row) + reach + 1),
        )
        if x[0] < 0 or y[0] < 0 or x[-1] >= screen.width or y[-1] >= screen.height:
            continue
        away = (x[None, :] - column) ** 2 + (y[:, None] - row) ** 2
        spot = 255 * np.exp(-away / (2 * _WIRE_SIGMA_PX**2))
        part = shown[y[0] : y[-1] + 1, x[0] : x[-1] + 1]
        np.maximum(part, spot, out=part)
    return np.rint(shown).astype(np.uint8)


@lru_cache(maxsize=4)
def _speckle(width: int, height: int) -> Grey:
    """Rayleigh speckle of a scanner's grain, larger than the picture by what it drifts."""
    width, height = width + 2 * _DRIFT_PX, height + 2 * _DRIFT_PX
    noise = np.random.default_rng(_SEED).rayleigh(45, (height // 2 + 1, width // 3 + 1)).astype(np.float32)
    smooth = cv2.resize(cv2.GaussianBlur(noise, (0, 0), 0.9), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(smooth, 8, 150).astype(np.uint8)
