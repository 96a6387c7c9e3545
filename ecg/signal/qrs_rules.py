"""The numbers by which the QRS detector decides, the same for every recording."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QrsRules:
    """Times in seconds; heights as parts of the usual height of a complex in the band.

    Chosen as a whole on eight MIT-BIH records and left alone on others (12-lead and wearable recordings).
    """

    learning_s: float = 3.2
    """The first complexes are known only after this: the usual height is not known before. One complex of a
    rhythm of 20 a minute lies in it: in 2.5 s of a third-degree block P waves were learnt, and then counted.
    """

    least_uv: float = 40.0
    """No learnt complex is lower in the band; one of 150 uV (ignored by IEC 60601-2-27) reaches about 70."""

    faint_uv: float = 70.0
    """What no lead shows as high in the band is lower than a complex of 150 uV. While no more than one other
    was found since the usual height was learnt, a peak beside which that falls below `threshold` shows that
    these were no complexes."""

    relearn_s: float = 5.0
    """After so long without a complex all is learnt anew."""

    confirm_s: float = 0.075
    """A peak stands when no higher one came within this."""

    refractory_s: float = 0.200
    """No two complexes lie closer; a higher one replaces."""

    t_wave_s: float = 0.360
    t_wave_height: float = 0.45
    """A peak this soon after a complex and below this part of its height is its T wave."""

    late_t_wave_s: float = 0.550
    late_t_wave_height: float = 0.30
    """In a slow rhythm T stands this late: search-back takes none so low for a complex that was missed."""

    threshold: float = 0.32
    noise_share: float = 0.40
    """A complex is above `threshold`, and this part of the way from usual noise to usual complex."""

    search_back_rr: float = 1.5
    search_back_height: float = 0.16
    search_back_over_noise: float = 2.0
    """After so many usual intervals without a complex the best peak passed over is taken, if above both."""

    witness_clarity: float = 2.0
    agreement: float = 0.25
    disputed_height: float = 0.5
    """Half of the leads this clear show this part of their usual, or the peak is at least so high in all."""

    clarity_power: float = 4.0
    """How much more a clearer lead counts."""

    r_window_s: float = 0.055
    """R is the extreme within this of the envelope's peak."""

    late_s: float = 0.250
    """Decisions longer after R are marked late."""

    floor_uv: float = 15.0
    """Peaks in the band below this are nothing at all."""

    history: int = 8
    weighing_history: int = 32
    """Complexes that make the usual height, and those that say what a lead is worth."""


DEFAULT_RULES = QrsRules()
