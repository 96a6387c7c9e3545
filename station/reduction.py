"""How much of the ultrasound picture a line carries: whole, its sector, and that smaller. Pure.

Coarser first, at the full frame rate and size: measured on two kinds of picture, at the same bit rate the
whole size is closer to what was captured than three quarters or half of it down to 0.016 bits a pixel
(SSIM inside the sector at 150 kbit/s, 640x480, 30 a second: .902 / .902 / .887 and .815 / .759 / .730).
So the picture is cut to its sector where every bit counts, and made smaller only where x264 could not stay
at the rate without leaving out frames.
"""

import enum

LEAST_BITS_PER_PIXEL_WHOLE = 0.030
LEAST_BITS_PER_PIXEL = 0.015
FINE_BITS_PER_PIXEL = 0.20
"""SSIM .98 inside the sector on smooth echo, .95 on sharp: below it the picture is called coarse."""

UP_BY = 1.5
DOWN_AFTER_US = 500_000
UP_AFTER_US = 2_000_000
COARSE_AFTER_US = 3_000_000
"""So long the line must leave too little before a picture that was fine is called coarse: on a busy machine
an estimate dips and is back within a second or two, and a sentence about the line would be wrong."""
_FINE_AGAIN_BY = 1.15


class Step(enum.IntEnum):
    """From all of the picture to the least of it."""

    WHOLE = 0
    SECTOR = 1
    THREE_QUARTERS = 2
    HALF = 3


_AREA = {Step.WHOLE: 1.0, Step.SECTOR: 1.0, Step.THREE_QUARTERS: 9 / 16, Step.HALF: 1 / 4}


class Reduction:
    """Decides with hysteresis: down after half a second of too little, up after two of half as much more.

    `coarse`: the line has left less than fineness wants for three seconds, or from the first picture on, or
    something is cut or made smaller.
    """

    def __init__(self, pixels_per_s: float, most_bits_per_s: int) -> None:
        self.step = Step.WHOLE
        self.coarse = False
        self._pixels_per_s = pixels_per_s
        self._fine_bits_per_s = min(FINE_BITS_PER_PIXEL * pixels_per_s, 0.9 * most_bits_per_s)
        self._was_fine = False
        self._too_little_since_us = 0
        self._towards = 0  # -1 up, 1 down
        self._since_us = 0

    def decide(self, bits_per_s: float, sector_share: float | None, now_us: int) -> Step:
        """The step for what the line leaves for pictures.

        `sector_share`: of the picture's area; None while there is no sector worth cutting to.
        """
        wanted = self._wanted(bits_per_s, sector_share)
        towards = (wanted > self.step) - (wanted < self.step)
        if towards != self._towards:
            self._towards, self._since_us = towards, now_us
        wait_us = DOWN_AFTER_US if towards > 0 else UP_AFTER_US
        if towards and now_us - self._since_us >= wait_us:
            self.step, self._towards = wanted, 0
        self.coarse = self._is_coarse(bits_per_s, now_us)
        return self.step

    def _is_coarse(self, bits_per_s: float, now_us: int) -> bool:
        too_little = bits_per_s < self._fine_bits_per_s * (_FINE_AGAIN_BY if self.coarse else 1)
        if not too_little:
            self._was_fine, self._too_little_since_us = True, now_us
            return False
        dips = self._was_fine and now_us - self._too_little_since_us < COARSE_AFTER_US
        return self.step > Step.WHOLE or not dips

    def _wanted(self, bits_per_s: float, sector_share: float | None) -> Step:
        """The first step that the line carries; for one above the present, with room to spare."""
        for step in Step:
            if step is Step.SECTOR and sector_share is None:
                continue  # the same as the whole picture
            pixels = self._pixels_per_s * _AREA[step]
            if step is not Step.WHOLE:
                pixels *= sector_share or 1.0
            least = LEAST_BITS_PER_PIXEL_WHOLE if step is Step.WHOLE else LEAST_BITS_PER_PIXEL
            spare = UP_BY if step < self.step else 1.0
            if bits_per_s >= least * pixels * spare:
                return step
        return Step.HALF
