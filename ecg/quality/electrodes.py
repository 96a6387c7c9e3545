"""Which electrodes to see to, from which leads show something.

Noise at one electrode is in every lead made with it: at RA in I and II and not in III, and, by a third, in
all chest leads through Wilson's terminal. A flat lead is one whose two electrodes see the same.
"""

from collections.abc import Collection, Iterable, Mapping

from ecg.leads import CHEST_LEADS, Electrode, Lead
from ecg.quality.findings import Finding, SecondQuality
from ecg.quality.reversal import Reversal

_LIMBS = Electrode.RA | Electrode.LA | Electrode.LL
EVERY_ELECTRODE = Electrode(sum(Electrode))

_OF_LEAD: dict[Lead, Electrode] = {
    Lead.I: Electrode.RA | Electrode.LA,
    Lead.II: Electrode.RA | Electrode.LL,
    Lead.III: Electrode.LA | Electrode.LL,
    Lead.AVR: _LIMBS,
    Lead.AVL: _LIMBS,
    Lead.AVF: _LIMBS,
} | {lead: Electrode[lead.name] for lead in CHEST_LEADS}

SWAPPED: dict[Reversal, Electrode] = {
    Reversal.RA_LA: Electrode.RA | Electrode.LA,
    Reversal.RA_LL: Electrode.RA | Electrode.LL,
    Reversal.RA_RL: Electrode.RA | Electrode.RL,
    Reversal.LA_RL: Electrode.LA | Electrode.RL,
    Reversal.ARMS_LEGS: Electrode.RA | Electrode.LA | Electrode.LL | Electrode.RL,
}
"""Which electrodes are on each other's place; of CHEST_ORDER the chest leads say it."""

_BIPOLAR = (Lead.I, Lead.II, Lead.III)

_CLEAR_OF_IT = 0.5
"""The lead made without the noisy electrode shows less than this part of what the others show."""

_OWN = 0.5
"""A chest lead shows a third of what is at a limb electrode; above half it has something of its own."""

_EVERYWHERE = 4
"""Chest leads beside all limb leads: what they share is the reference, RL."""


def electrodes_of_all(leads: Iterable[Lead]) -> Electrode:
    """The electrodes these leads are made of, but for Wilson's terminal of the chest leads."""
    electrodes = Electrode(0)
    for lead in leads:
        electrodes |= _OF_LEAD[lead]
    return electrodes


def electrodes_behind(second: SecondQuality, finding: Finding) -> Electrode:
    """The electrodes to see to for this finding in this second; none when it was not made."""
    sizes = second.sizes_uv(finding)
    if finding is Finding.LEAD_OFF and second.electrodes_off:
        return second.electrodes_off
    if finding is Finding.FLAT and second.all_flat:
        return EVERY_ELECTRODE
    return suspected_electrodes(finding, sizes, second.leads)


def suspected_electrodes(
    finding: Finding, sizes_uv: Mapping[Lead, float], assessed: Collection[Lead]
) -> Electrode:
    """The same from sizes: `sizes_uv` of the leads that have the finding, `assessed` all that were judged.

    Missing samples, a calibration pulse and a wrong scale are no electrode's.
    """
    if finding in (Finding.MISSING, Finding.CALIBRATION, Finding.AMPLITUDE):
        return Electrode(0)
    if finding in (Finding.FLAT, Finding.LEAD_OFF):
        return _together(sizes_uv)
    limb = {lead: size for lead, size in sizes_uv.items() if lead in _BIPOLAR}
    chest = _noisy_chest(sizes_uv, max(limb.values(), default=0.0))
    if len(limb) == len(_BIPOLAR) and len(chest) >= _EVERYWHERE:
        return Electrode.RL
    return _noisy_limbs(limb, assessed) | _together(chest)


def _together(leads: Collection[Lead]) -> Electrode:
    """Of augmented leads only where no other says more."""
    return electrodes_of_all([one for one in leads if one in _BIPOLAR or one in CHEST_LEADS] or leads)


def _noisy_chest(sizes_uv: Mapping[Lead, float], limb_uv: float) -> list[Lead]:
    return [
        lead
        for lead, size in sizes_uv.items()
        if lead in CHEST_LEADS and (size >= _OWN * limb_uv or not limb_uv)
    ]


def _noisy_limbs(sizes_uv: Mapping[Lead, float], assessed: Collection[Lead]) -> Electrode:
    """The limb electrode that the noisy ones of I, II and III have in common, and the clear one has not."""
    if not sizes_uv:
        return Electrode(0)
    least = _CLEAR_OF_IT * max(sizes_uv.values())
    noisy = [lead for lead in sizes_uv if sizes_uv[lead] >= least]
    if len(noisy) == len(_BIPOLAR):
        return _LIMBS | Electrode.RL
    common = _LIMBS
    for lead in noisy:
        common &= _OF_LEAD[lead]
    if len(noisy) == 1 and Lead.III not in assessed and Lead.I in assessed and Lead.II in assessed:
        return common & ~Electrode.RA  # RA would be seen in both I and II
    return common
