"""Whether stored limb leads agree, and deriving only what was not stored."""

from dataclasses import replace

import numpy as np
import pytest

from ecg.errors import SignalError
from ecg.leads import Lead, derive_limb_leads
from ecg.limb_leads import limb_lead_agreement, with_derived_limb_leads
from ecg.tracing import Tracing
from tests.ecg.files.samples import record, tracing


def of_leads(*leads: Lead, step_nv: float = 1000) -> Tracing:
    """These leads of the 12-lead record in the Challenge's files."""
    whole = record("challenge2021/E07500")
    return replace(
        whole,
        channels=tuple(
            replace(channel, nv_per_step=step_nv) for channel in whole.channels if channel.lead in leads
        ),
    )


def test_leads_of_one_device_agree_within_rounding() -> None:
    found = limb_lead_agreement(record("challenge2021/E07500"))
    assert [of.lead for of in found] == [Lead.III, Lead.AVR, Lead.AVL, Lead.AVF]
    assert all(of.consistent and of.largest_nv <= 3500 for of in found)


def test_leads_with_their_own_zero_do_not_agree() -> None:
    found = limb_lead_agreement(record("ludb/1"))
    assert not any(of.consistent for of in found)


def test_a_swapped_lead_does_not_agree() -> None:
    whole = record("challenge2021/E07500")
    turned = tuple(
        replace(channel, samples=-channel.samples) if channel.lead is Lead.III else channel
        for channel in whole.channels
    )
    assert [of.consistent for of in limb_lead_agreement(replace(whole, channels=turned))] == [
        False,
        True,
        True,
        True,
    ]


def test_without_lead_ii_nothing_is_said() -> None:
    assert limb_lead_agreement(of_leads(Lead.I, Lead.III)) == ()


def test_what_was_not_stored_is_derived_and_said() -> None:
    derived = with_derived_limb_leads(of_leads(Lead.I, Lead.II, Lead.V1))
    one, two = derived.channel(Lead.I), derived.channel(Lead.II)
    assert one is not None and two is not None
    rows = derive_limb_leads(one.samples.astype(np.int16), two.samples.astype(np.int16))
    assert [channel.lead for channel in derived.channels[3:]] == [Lead.III, Lead.AVR, Lead.AVL, Lead.AVF]
    assert np.array_equal(np.stack([channel.samples for channel in derived.channels[3:]]), rows)
    assert derived.notes[-1] == "III, aVR, aVL and aVF are derived from I and II"
    assert all(of.consistent for of in limb_lead_agreement(derived))


@pytest.mark.parametrize("leads", [tuple(Lead), (Lead.I, Lead.II, Lead.AVF), (Lead.II, Lead.V1), (Lead.V1,)])
def test_nothing_is_derived_where_it_was_stored_or_cannot_be(leads: tuple[Lead, ...]) -> None:
    with pytest.raises(SignalError, match="I and II alone are right"):
        with_derived_limb_leads(of_leads(*leads))


def test_leads_of_two_steps_are_not_mixed() -> None:
    whole = tracing(np.ones((2, 3), np.int16))
    mixed = replace(whole, channels=(whole.channels[0], replace(whole.channels[1], nv_per_step=2000)))
    with pytest.raises(SignalError, match="one step from 0"):
        with_derived_limb_leads(mixed)
