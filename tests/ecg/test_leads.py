"""Lead codes, lead algebra, and what an electrode takes with it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ecg.errors import SignalError
from ecg.leads import (
    MISSING,
    STANDARD_LEADS,
    Electrode,
    Lead,
    derive_limb_leads,
    lead_bits,
    lead_of_code,
    leads_of_bits,
    mdc_code,
    unusable_leads,
)

VALUES = arrays(np.int16, (2, 20), elements=st.integers(-8000, 8000))


@pytest.mark.parametrize(
    ("scheme", "value", "lead"),
    [
        ("MDC", "2:1", Lead.I),
        ("MDC", "2:2", Lead.II),
        ("MDC", "2:61", Lead.III),
        ("MDC", "2:62", Lead.AVR),
        ("MDC", "2:64", Lead.AVF),
        ("MDC", "2:3", Lead.V1),
        ("MDC", "131073", Lead.I),
        ("MDC", "131389", Lead.III),
        ("SCPECG", "5.6.3-9-63", Lead.AVL),
        ("SCPECG", "5.6.3-9-8", Lead.V6),
        ("MDC", "2:9", None),
        ("99LOCAL", "2:1", None),
    ],
)
def test_a_code_names_its_lead(scheme: str, value: str, lead: Lead | None) -> None:
    assert lead_of_code(scheme, value) is lead


@pytest.mark.parametrize("lead", STANDARD_LEADS)
def test_the_code_of_a_lead_leads_back_to_it(lead: Lead) -> None:
    assert lead_of_code("MDC", mdc_code(lead)) is lead


@given(VALUES)
def test_einthoven_and_goldberger_hold(both: np.ndarray) -> None:  # type: ignore[type-arg]
    one, two = both.astype(int)
    iii, avr, avl, avf = derive_limb_leads(both[0], both[1]).astype(int)
    assert np.array_equal(one + iii, two)
    assert np.abs(avr + avl + avf).max() <= 2  # three halves may round
    assert np.abs(2 * avr + one + two).max() <= 1
    assert np.abs(2 * avl - 2 * one + two).max() <= 1
    assert np.abs(2 * avf - 2 * two + one).max() <= 1


def test_halves_round_up_as_in_the_browser() -> None:
    one, two = np.array([1], np.int16), np.array([0], np.int16)
    assert derive_limb_leads(one, two)[:, 0].tolist() == [-1, 0, 1, 0]


def test_where_one_is_missing_the_derived_are_missing() -> None:
    one, two = np.array([MISSING, 5, 7], np.int16), np.array([3, MISSING, 9], np.int16)
    derived = derive_limb_leads(one, two)
    assert (derived[:, :2] == MISSING).all()
    assert derived[0, 2] == 2


def test_a_derived_lead_that_does_not_fit_is_refused() -> None:
    with pytest.raises(SignalError, match="16 bits"):
        derive_limb_leads(np.array([-20000], np.int16), np.array([20000], np.int16))


@pytest.mark.parametrize("electrode", [Electrode.RA, Electrode.LA, Electrode.LL, Electrode.RL])
def test_without_a_limb_electrode_no_lead_is_read(electrode: Electrode) -> None:
    assert unusable_leads(electrode) == frozenset(STANDARD_LEADS)


def test_a_chest_electrode_takes_only_its_own_lead() -> None:
    assert unusable_leads(Electrode.V2) == {Lead.V2}
    assert unusable_leads(Electrode.V1 | Electrode.V6) == {Lead.V1, Lead.V6}
    assert unusable_leads(Electrode(0)) == frozenset()


def test_the_electrode_bits_are_those_of_the_wire() -> None:
    names = ["RA", "LA", "LL", "RL", "V1", "V2", "V3", "V4", "V5", "V6"]
    assert [Electrode[name].value for name in names] == [1 << k for k in range(10)]


@given(st.sets(st.sampled_from(STANDARD_LEADS)))
def test_lead_bits_follow_the_order_of_meta(leads: set[Lead]) -> None:
    order = tuple(reversed(STANDARD_LEADS))
    assert leads_of_bits(lead_bits(leads, order), order) == leads
    assert lead_bits([Lead.V6], order) == 1
