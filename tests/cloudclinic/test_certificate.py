"""The server's own certificate and the first administrator's code."""

import datetime as dt
import re
import ssl
import stat
from pathlib import Path

from cloudclinic.certificate import days_left, fingerprint, make_certificate, server_context
from cloudclinic.first_administrator import FirstAdministratorCode

NOW = dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)


def test_a_certificate_names_its_hosts_and_its_key_is_nobody_elses(tmp_path: Path) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    make_certificate(certificate, key, ("clinic.example", "10.0.0.3"), NOW)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert re.fullmatch(r"([0-9A-F]{2}:){31}[0-9A-F]{2}", fingerprint(certificate))
    assert days_left(certificate, NOW) == 397
    assert days_left(certificate, NOW + dt.timedelta(days=400)) < 0
    assert server_context(certificate, key).minimum_version is ssl.TLSVersion.TLSv1_2


def test_the_first_administrators_code_works_once_and_for_an_hour(tmp_path: Path) -> None:
    codes = FirstAdministratorCode(tmp_path)
    assert not codes.needed()
    code = codes.make(NOW)
    assert codes.needed()
    assert code not in next(tmp_path.iterdir()).read_text()
    assert not codes.check("2345-2345-2345", NOW)
    assert codes.check(code.lower(), NOW + dt.timedelta(minutes=59))
    assert not codes.check(code, NOW + dt.timedelta(minutes=61))
    codes.use_up()
    assert not codes.check(code, NOW)


def test_a_new_code_ends_the_one_before(tmp_path: Path) -> None:
    codes = FirstAdministratorCode(tmp_path)
    first = codes.make(NOW)
    second = codes.make(NOW)
    assert not codes.check(first, NOW)
    assert codes.check(second, NOW)
