"""What `cloudclinic turn config` and its sisters write, and what they refuse to write."""

import ipaddress
import stat
from pathlib import Path
from typing import Any

import pytest

from cloudclinic.cli import main
from cloudclinic.errors import CommandFailed
from cloudclinic.settings import Settings, load
from cloudclinic.turn_check import denied_hosts
from cloudclinic.turn_config import write_config
from cloudclinic.turn_firewall import write_firewall
from cloudclinic.turn_front import write_front
from cloudclinic.turn_ranges import DENIED

URLS = (
    "turn:turn.example?transport=udp",
    "turn:turn.example?transport=tcp",
    "turns:turn.example:443",
)
SECRET = "s" * 64


def settings(**overrides: Any) -> Settings:
    given = {"turn_urls": URLS, "host": "0.0.0.0", "media_announce": ("198.51.100.7",)}
    return load(environment={}, overrides={**given, **overrides})


def lines(**overrides: Any) -> list[str]:
    return write_config(settings(**overrides), SECRET).splitlines()


def values(name: str, **overrides: Any) -> list[str]:
    return [line.split("=", 1)[1] for line in lines(**overrides) if line.startswith(f"{name}=")]


def test_exactly_the_announced_addresses_are_allowed() -> None:
    announced = ("198.51.100.7", "10.1.2.3", "2001:db8::7")
    assert tuple(values("allowed-peer-ip", media_announce=announced)) == announced


def denied() -> list[tuple[Any, Any]]:
    pairs = (value.split("-") for value in values("denied-peer-ip"))
    return [(ipaddress.ip_address(first), ipaddress.ip_address(last)) for first, last in pairs]


@pytest.mark.parametrize(
    "host",
    [
        *("10.9.8.7", "172.31.255.1", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.127.0.1"),
        *("0.1.2.3", "224.0.0.251", "239.1.1.1", "240.0.0.1", "255.255.255.255", "198.19.0.1"),
        *("192.0.0.8", "192.0.2.9", "198.51.100.9", "203.0.113.9", "192.88.99.9"),
        *("::", "::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "64:ff9b::a00:1"),
        *("64:ff9b:1:2::1", "fe80::1", "fd12::1", "fec0::1", "ff02::1", "2002:a00:1::", "2001:0:1::"),
        *("2001:db8::1", "100::2"),
    ],
)
def test_every_range_that_would_hurt_is_denied_by_a_rule_of_its_own(host: str) -> None:
    address = ipaddress.ip_address(host)
    whole = {ipaddress.ip_address("0.0.0.0"), ipaddress.ip_address("::")}
    by_name = [
        (first, last)
        for first, last in denied()
        if first.version == address.version and first <= address <= last
        if not (first in whole and int(last) + 1 == 2**last.max_prefixlen)
    ]
    assert len(by_name) == 1


def test_every_other_host_is_denied_at_the_end() -> None:
    last_two = [f"{first}-{last}" for first, last in denied()[-2:]]
    assert last_two == ["0.0.0.0-255.255.255.255", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]


def test_the_python_library_knows_no_private_range_that_is_missing() -> None:
    networks = [one.network for one in DENIED]
    for version, step in ((4, 1 << 20), (6, 1 << 112)):
        for at in range(0, 1 << (32 if version == 4 else 128), step):
            host = (ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address)(at + 1)
            if host.is_private or host.is_link_local or host.is_multicast or host.is_loopback:
                assert any(host in network for network in networks), host


def test_the_loopback_is_open_only_where_a_worker_announces_it() -> None:
    assert "allow-loopback-peers" not in lines()
    assert "allow-loopback-peers" in lines(media_announce=("127.0.0.1",))
    assert "127.0.0.0-127.255.255.255" in values("denied-peer-ip", media_announce=("127.0.0.1",))


def test_nothing_but_turn_is_open() -> None:
    switches = {"no-cli", "no-multicast-peers", "no-tcp-relay", "no-dtls", "no-tlsv1", "no-tlsv1_1"}
    assert switches | {"use-auth-secret", "no-rfc5780"} <= set(lines())
    for quota in ("user-quota", "total-quota", "max-bps", "stale-nonce"):
        assert int(*values(quota)) > 0


def test_ports_and_transports_are_those_of_the_urls() -> None:
    assert (values("listening-port"), values("tls-listening-port")) == (["3478"], ["443"])
    assert not {"no-udp", "no-tcp", "no-tls"} & set(lines())
    assert {"no-tcp", "no-tls"} <= set(lines(turn_urls=URLS[:1]))
    assert values("cert", turn_urls=URLS[:1]) == []
    assert values("tls-listening-port", turn_tls_port=5349) == ["5349"]
    assert values("listening-ip", turn_addresses=("198.51.100.8",)) == ["198.51.100.8"]


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"turn_urls": ()}, "turn_urls names no relay"),
        ({"turn_urls": ("turn:a:1", "turn:a:2?transport=tcp")}, r"name the ports \[1, 2\]"),
        ({"port": 443}, "both want TCP port 443"),
        ({"port": 443, "host": "198.51.100.8", "turn_addresses": ("198.51.100.8",)}, "both want TCP port"),
        ({"media_announce": ("0.0.0.0",)}, "no address of a worker"),
        ({"media_announce": ("224.0.0.1",)}, "no address of a worker"),
    ],
)
def test_what_cannot_be_written_is_said(overrides: dict[str, Any], said: str) -> None:
    with pytest.raises(CommandFailed, match=said):
        write_config(settings(**overrides), SECRET)


def test_pages_and_relay_may_have_443_of_an_address_each() -> None:
    apart = {"port": 443, "host": "198.51.100.7", "turn_addresses": ("198.51.100.8",)}
    assert values("tls-listening-port", **apart) == ["443"]
    assert values("tls-listening-port", **apart | {"host": "0.0.0.0"}) == ["443"]  # another machine's address


def test_a_worker_is_never_among_the_hosts_that_must_be_refused() -> None:
    announced = ("10.0.0.1", "10.0.0.2", "fd00::1", "127.0.0.1")
    asked = denied_hosts(announced)
    assert not set(asked) & set(announced)
    assert {"10.0.0.3", "10.0.0.0", "fd00::2", "127.0.0.2", "::ffff:10.0.0.1", "64:ff9b::a00:1"} <= set(asked)
    assert all(any(ipaddress.ip_address(host) in one.network for host in asked) for one in DENIED)


# --- one address for HTTPS and TURN ---------------------------------------------------------------------


def test_a_front_tells_the_relay_by_its_name() -> None:
    text = write_front(settings(turn_tls_port=5349, port=8443, names=("clinic.example",)))
    assert "use_backend relay if { req.ssl_sni -i turn.example }" in text
    assert "bind :::443 v4v6" in text
    assert "server coturn 127.0.0.1:5349" in text and "server cloudclinic 127.0.0.1:8443" in text


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"turn_tls_port": 0}, "turn_tls_port"),
        ({"host": "127.0.0.1"}, "plain HTTP"),
        ({"turn_urls": ("turns:198.51.100.7:443",)}, "is an address"),
        ({"names": ("turn.example",)}, "own name"),
        ({"turn_urls": URLS[:1]}, "needs one turns: URL"),
    ],
)
def test_what_no_front_can_do_is_said(overrides: dict[str, Any], said: str) -> None:
    with pytest.raises(CommandFailed, match=said):
        write_front(settings(**{"turn_tls_port": 5349, **overrides}))


def test_the_second_wall_names_the_workers_ports_too() -> None:
    text = write_firewall(
        settings(media_udp_port=50000, media_workers=2, media_announce=("198.51.100.7", "2001:db8::7"))
    )
    assert "ip daddr { 198.51.100.7 } udp sport 49152-65535 udp dport 50000-50001 accept" in text
    assert "ip6 daddr { 2001:db8::7 } udp sport 49152-65535 udp dport 50000-50001 accept" in text
    assert "tcp sport { 3478, 443 } accept" in text
    assert text.index("counter reject") > text.rindex("accept comment")


# --- as an administrator types them ---------------------------------------------------------------------


@pytest.fixture
def clinic(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLOUDCLINIC_TURN_URLS", URLS[0])
    data = tmp_path / "data"
    assert main(["init", "--data", str(data)]) == 0
    capsys.readouterr()
    return data


def test_the_secret_is_made_once_and_nobody_else_reads_it(
    clinic: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["turn", "config", "--data", str(clinic)]) == 0
    first = capsys.readouterr().out
    assert main(["turn", "config", "--data", str(clinic)]) == 0
    assert capsys.readouterr().out == first
    secret = (clinic / "turn-secret").read_text().strip()
    assert len(secret) == 64 and f"static-auth-secret={secret}" in first
    assert stat.S_IMODE((clinic / "turn-secret").stat().st_mode) == 0o600


def test_the_file_is_written_for_its_owner_only(clinic: Path, tmp_path: Path) -> None:
    file = tmp_path / "turnserver.conf"
    command = ["turn", "config", "--data", str(clinic), "--output", str(file)]
    assert main(command) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o640)
    assert main(command) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    file.write_text("as it was")
    file.chmod(0o644)
    assert main(command) == 2
    assert file.read_text() == "as it was"


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (None, 0o600, "turn config` makes the relay's secret"),
        ("s" * 64, 0o644, "chmod 600"),
        ("short", 0o600, "32 letters and digits"),
        ("s" * 31 + "\nuser=a:b", 0o600, "32 letters and digits"),
    ],
)
def test_a_server_with_a_relay_does_not_start_without_its_secret(
    clinic: Path, capsys: pytest.CaptureFixture[str], content: str | None, mode: int, said: str
) -> None:
    if content is not None:
        (clinic / "turn-secret").write_text(content)
        (clinic / "turn-secret").chmod(mode)
    assert main(["serve", "--data", str(clinic), "--port", "0"]) == 2
    assert said in capsys.readouterr().err


def test_a_check_without_a_server_and_a_relay_fails(
    clinic: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDCLINIC_TURN_URLS", "turn:127.0.0.1:9?transport=tcp")
    main(["turn", "config", "--data", str(clinic)])
    capsys.readouterr()
    assert main(["turn", "check", "--data", str(clinic)]) == 1
    printed = capsys.readouterr().out
    assert "no server runs" in printed and "open TCP port 9" in printed
