"""The protocols that come with the program: whole, in both languages, with their sources."""

import re

import pytest

from records.view_protocols import PROTOCOLS, Outline, Protocol, ViewProtocol, has_view

HAN = re.compile(r"[\u4e00-\u9fff]")


def codes(protocol: ViewProtocol) -> list[str]:
    return [one.code for one in PROTOCOLS[protocol].views]


def test_every_protocol_is_there() -> None:
    assert list(PROTOCOLS) == list(ViewProtocol)


@pytest.mark.parametrize("protocol", PROTOCOLS.values(), ids=lambda one: one.code.value)
def test_every_view_stands_on_the_body_and_is_said_in_both_languages(protocol: Protocol) -> None:
    assert protocol.source and protocol.zh and not HAN.search(protocol.en)
    assert len(set(codes(protocol.code))) == len(protocol.views)
    for view in protocol.views:
        assert 0 <= view.at[0] <= 100 and 0 <= view.at[1] <= 150 and 1 <= view.hour <= 12
        assert HAN.search(view.zh + view.look_zh) and not HAN.search(view.en + view.look_en)
        assert re.fullmatch(r"[a-z][a-z0-9_]*", view.code)


def test_fast_has_its_windows_and_efast_both_lungs_besides() -> None:
    fast = codes(ViewProtocol.FAST)
    assert fast == ["ruq", "luq", "pelvis_long", "pelvis_trans", "subxiphoid"]
    assert codes(ViewProtocol.EFAST) == [*fast, "lung_right", "lung_left"]


@pytest.mark.parametrize(("protocol", "zones"), [(ViewProtocol.LUNG8, 8), (ViewProtocol.LUNG12, 12)])
def test_the_lung_has_as_many_zones_on_either_side(protocol: ViewProtocol, zones: int) -> None:
    views = PROTOCOLS[protocol].views
    assert len(views) == zones
    assert sum(one.code.startswith("r_") for one in views) == zones // 2


def test_the_patients_right_is_at_the_left_from_the_front_and_at_the_right_from_behind() -> None:
    for protocol in PROTOCOLS.values():
        for view in protocol.views:
            if not view.code.startswith(("r_", "l_")):
                continue
            right = view.code.startswith("r_")
            at_the_left = view.at[0] < 50
            assert at_the_left is (right if view.body is Outline.FRONT else not right), view.code


def test_a_view_belongs_to_its_protocol() -> None:
    assert has_view(ViewProtocol.ECHO, "plax") and not has_view(ViewProtocol.FAST, "plax")
