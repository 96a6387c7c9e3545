"""Settings: file, environment, command line; every fault told at once."""

import datetime as dt
from pathlib import Path

import pytest

from cloudclinic.certificate import make_certificate
from cloudclinic.errors import SettingsWrong
from cloudclinic.settings import Settings, load


def test_nothing_given_means_the_loopback_and_plain_http() -> None:
    settings = load(environment={})
    assert settings == Settings()
    assert settings.on_loopback


def test_environment_stands_over_file_and_the_command_line_over_both(tmp_path: Path) -> None:
    file = tmp_path / "cloudclinic.toml"
    file.write_text('host = "10.0.0.1"\nport = 1\nring_timeout_s = 30\n')
    settings = load(file, {"CLOUDCLINIC_PORT": "2", "CLOUDCLINIC_HOST": "10.0.0.2"}, {"host": "10.0.0.3"})
    assert (settings.host, settings.port, settings.ring_timeout_s) == ("10.0.0.3", 2, 30)
    assert not settings.on_loopback


def test_the_file_can_be_named_by_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "cloudclinic.toml"
    file.write_text('names = ["clinic.example"]\n')
    assert load(environment={"CLOUDCLINIC_CONFIG": str(file)}).names == ("clinic.example",)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "cloudclinic.toml"
    file.write_text('colour = "red"\nport = "http"\nmedia_workers = 0\n')
    with pytest.raises(SettingsWrong) as wrong:
        load(file, {"CLOUDCLINIC_IDLE_TIMEOUT_S": "-1", "CLOUDCLINIC_SPEED": "9"})
    assert sorted(fault.split(":")[0] for fault in wrong.value.faults) == [
        "CLOUDCLINIC_SPEED",
        "colour",
        "idle_timeout_s",
        "media_workers",
        "port",
    ]


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"port": 70000}, "70000 is not a port"),
        ({"certificate": "/nowhere.pem"}, "give both or neither"),
        ({"media_announce": ("nine",)}, "'nine' is not an IP address"),
        ({"port": 8443.7}, "8443.7 is not a whole number"),
        ({"host": " "}, "host: empty"),
        ({"metrics_token": "two words"}, "with blanks"),
        ({"webhook_url": "ftp://there"}, "must begin with https://"),
        ({"webhook_url": "https://"}, "must begin with https://"),
        ({"webhook_url": "http://127.0.0.1.evil.example/"}, "must begin with https://"),
        ({"media_workers": 3, "media_udp_port": 65534}, "would need ports up to 65536"),
        ({"turn_urls": ("stun:turn.example",)}, "'stun:turn.example' is not turn:HOST"),
        ({"turn_urls": ("turns:turn.example?transport=udp",)}, "DTLS is not offered"),
        ({"turn_urls": ("turn:turn.example:70000",)}, "70000 is not a port"),
        ({"turn_only": True}, "nobody could connect"),
        ({"turn_only": "perhaps"}, "'perhaps' is not true or false"),
        ({"turn_lifetime_s": 7200}, "3600 s at most"),
        ({"turn_lifetime_s": 0}, "is not above 0 s"),
        ({"turn_realm": 'a"b'}, "is not letters, digits"),
        ({"turn_addresses": ("coturn",)}, "'coturn' is not an IP address"),
        ({"turn_certificate": "/nowhere.pem"}, "turn_certificate and turn_certificate_key: give both"),
    ],
)
def test_values_that_cannot_be_are_refused(overrides: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsWrong, match=said):
        load(environment={}, overrides=overrides)


@pytest.mark.parametrize("content", [b"port 1", b"\xff\xfe", b'host = "a\xe9"'])
def test_a_file_that_is_not_toml_is_named(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "cloudclinic.toml"
    file.write_bytes(content)
    with pytest.raises(SettingsWrong, match="not TOML"):
        load(file, {})


def test_a_webhook_on_this_machine_needs_no_encryption() -> None:
    for url in ("http://127.0.0.1:9000/rung", "http://localhost/rung", "https://clinic.example/rung"):
        assert load(environment={}, overrides={"webhook_url": url}).webhook_url == url


def test_a_certificate_and_a_key_that_do_not_fit_are_told_before_the_start(tmp_path: Path) -> None:
    now = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    for name in ("one", "other"):
        make_certificate(tmp_path / f"{name}.pem", tmp_path / f"{name}-key.pem", ("clinic.example",), now)
    (tmp_path / "letter.pem").write_text("Dear colleague")

    def faults(certificate: str, key: str) -> str:
        given = {"certificate": tmp_path / certificate, "certificate_key": tmp_path / key}
        with pytest.raises(SettingsWrong) as wrong:
            load(environment={}, overrides=given)
        return str(wrong.value)

    assert "other-key.pem is not the key of" in faults("one.pem", "other-key.pem")
    assert "letter.pem is not a certificate in PEM" in faults("letter.pem", "one-key.pem")
    assert "nowhere.pem is not a file" in faults("nowhere.pem", "one-key.pem")
    good = {"certificate": tmp_path / "one.pem", "certificate_key": tmp_path / "one-key.pem"}
    assert load(environment={}, overrides=good).certificate == tmp_path / "one.pem"


def test_a_switch_is_true_or_false_wherever_it_comes_from(tmp_path: Path) -> None:
    urls = 'turn_urls = ["turn:turn.example"]\n'
    file = tmp_path / "cloudclinic.toml"
    file.write_text(urls + "turn_only = true\n")
    assert load(file, {}).turn_only
    assert not load(file, {"CLOUDCLINIC_TURN_ONLY": "false"}).turn_only
    file.write_text(urls)
    assert load(file, {"CLOUDCLINIC_TURN_ONLY": "True"}).turn_only
