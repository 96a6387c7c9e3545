"""What the ECG benchmark counts: which recordings it takes for what, and the figures of a known signal."""

import lzma
from pathlib import Path

import numpy as np
import pytest

from benchmarks import ecg_beats, ecg_data, ecg_limits, ecg_wire
from ecg.annotations import Annotation, AnnotationCode
from ecg.files.wfdb import write_wfdb
from ecg.leads import STANDARD_LEADS, Lead
from ecg.signal.limit_scoring import Limit
from ecg.synthetic import SyntheticEcg
from ecg.tracing import Channel, FileKind, Tracing

DATA = Path(__file__).parents[1] / "data" / "ecg"
R_AT_S = (160 + 45) / 1000


def known(beats: int = 60, missed: int = 0) -> Tracing:
    rows = SyntheticEcg(360).samples(0, beats * 360)
    channels = tuple(
        Channel(name=lead, lead=lead, samples=rows[STANDARD_LEADS.index(lead)], nv_per_step=1000)
        for lead in (Lead.II, Lead.V1)
    )
    reference = tuple(
        Annotation(sample=round((R_AT_S + k) * 360), code=AnnotationCode.NORMAL)
        for k in range(beats - missed)
    )
    return Tracing(kind=FileKind.WFDB, rate_hz=360, channels=channels, annotations=reference)


def test_an_extract_or_a_record_of_another_kind_is_no_mit_bih_record(tmp_path: Path) -> None:
    for name, data in write_wfdb(known(), "105").items():
        (tmp_path / name).write_bytes(data)
    assert dict(ecg_data.mitdb(tmp_path)) == {}
    assert ecg_beats.at_hand(tmp_path) == []


def test_a_whole_record_packed_with_xz_is_taken_once(tmp_path: Path) -> None:
    rows = np.tile(known().channels[0].samples, 31)[:650_000]
    channels = tuple(Channel(name=f"s{k}", lead=None, samples=rows, nv_per_step=1000) for k in range(2))
    whole = Tracing(kind=FileKind.WFDB, rate_hz=360, channels=channels)
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        for name, data in write_wfdb(whole, "105").items():
            packed = name.endswith(".dat")
            file = tmp_path / folder / (f"{name}.xz" if packed else name)
            file.write_bytes(lzma.compress(data, preset=0) if packed else data)
    (records,) = ecg_beats.at_hand(tmp_path)
    assert records.said == "1 MIT-BIH records"
    assert list(records.tracings) == ["105"]
    assert np.array_equal(records.tracings["105"].channels[0].samples, rows)


def test_ludb_records_are_those_with_limits_lead_by_lead() -> None:
    assert ecg_data.ludb(DATA / "mitdb") == []
    assert [header.stem for header in ecg_data.ludb(DATA)] == ["1", "74", "101", "141"]


def test_limits_are_compared_over_all_leads_and_in_lead_ii() -> None:
    found = ecg_limits.scored(DATA / "ludb" / f"{name}.hea" for name in ("1", "141"))
    assert found.records == 2
    assert found.over_leads[Limit.QRS_ONSET].true_positives == 14
    assert found.lead_ii[Limit.P_PEAK].true_positives == 12
    assert found.lead_ii[Limit.T_END] != found.over_leads[Limit.T_END]
    rows = {row.what: row for row in ecg_limits.rows([DATA / "ludb" / "141.hea"])}
    assert len(rows) == 8
    assert all(row.met for row in rows.values())
    assert rows["P presence, PPV, 1 LUDB records"].value == 100


def test_pieces_and_the_whole_give_the_same_beats_and_errors_are_counted() -> None:
    records = ecg_beats.Records("a known signal", {"x": known(missed=3)})
    whole, pieces = ecg_beats.run(records, 1), ecg_beats.run(records, 1, ecg_beats.CHUNK_S)
    assert whole.beats == pieces.beats
    assert (whole.score.true_positives, whole.score.false_positives, whole.score.false_negatives) == (
        57,
        3,
        0,
    )
    assert whole.f1 == pytest.approx(100 * 114 / 117)
    rows = {row.what: row for row in ecg_beats.rows(records, 99.4, 99.7)}
    assert rows["QRS F1, 150 ms, a known signal, one lead"].met is False
    assert rows["R timing, a known signal, one lead: SD"].met is True
    assert rows["decision delay, a known signal, one lead: median"].value is not None


def test_what_a_library_found_is_scored_as_ours_is_and_a_broken_one_says_why() -> None:
    records = ecg_beats.Records("a known signal", {"x": known()})
    found = {
        "right": {"cpu_s": 0.5, "beats": {"x": [beat.sample for beat in known().beats]}},
        "broken": {"failed": "ImportError: no such thing"},
    }
    right, broken = ecg_beats.peer_rows(records, found)
    assert (right.value, right.must) == (100, None)
    assert (broken.value, broken.why) == (None, "ImportError: no such thing")


def test_the_diagnostic_filter_and_the_line_are_within_their_bounds() -> None:
    assert [row.what for row in ecg_wire.rows() if not row.met] == []
    undershoot, slope = ecg_wire.pulse()
    assert 80 < undershoot <= 100
    assert 0 < slope <= 300
