"""The line to the server, by the interface it takes."""

import pytest

from station.bearer import bearer_to, kind_of


@pytest.mark.parametrize(
    ("interface", "kind"),
    [("wlp3s0x", "wifi"), ("wwan0x", "cellular"), ("enp0s31x", "wired"), ("eth0x", "wired"), ("tun0x", "")],
)
def test_an_interface_is_known_by_its_name(interface: str, kind: str) -> None:
    assert kind_of(interface) == kind


def test_the_same_machine_is_no_line() -> None:
    assert bearer_to("http://127.0.0.1:8080") == "local"


def test_a_host_without_an_address_tells_nothing() -> None:
    assert bearer_to("https://nobody.invalid") == ""
