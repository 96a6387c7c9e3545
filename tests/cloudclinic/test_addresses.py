"""Names and addresses of a server."""

import socket

from cloudclinic.addresses import announced, local_addresses, server_names, server_url
from cloudclinic.settings import Settings


def test_the_set_names_come_first() -> None:
    names = server_names(Settings(host="10.0.0.3", names=("clinic.example",)))
    assert names == ("clinic.example", "10.0.0.3", "localhost", "127.0.0.1")


def test_a_wildcard_is_reached_by_every_address_and_never_called_so() -> None:
    names = server_names(Settings(host="0.0.0.0"))
    assert "0.0.0.0" not in names
    assert {socket.gethostname(), "localhost", *local_addresses()} <= set(names)


def test_media_is_announced_on_the_loopback_only_there() -> None:
    assert announced(Settings()) == ("127.0.0.1",)
    assert announced(Settings(host="0.0.0.0", media_announce=("203.0.113.7",))) == ("203.0.113.7",)
    assert set(announced(Settings(host="0.0.0.0"))) <= {*local_addresses(), "127.0.0.1"}


def test_an_address_can_be_opened_as_it_is_printed() -> None:
    assert server_url(Settings(), 8443) == "http://127.0.0.1:8443"
    assert server_url(Settings(host="::1"), 8443) == "http://[::1]:8443"
    assert (
        server_url(Settings(host="0.0.0.0", names=("clinic.example",)), 443) == "https://clinic.example:443"
    )
