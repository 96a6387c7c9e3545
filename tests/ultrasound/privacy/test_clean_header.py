"""Nothing but what is on the list comes through, whatever stands where."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pydicom
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydicom.config import IGNORE, settings
from pydicom.datadict import DicomDictionary, dictionary_VR, tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import Tag

from tests.ultrasound.cines import saved
from tests.ultrasound.privacy.exports import dataset_of, exported, patient_dataset, patient_file, region
from tests.ultrasound.privacy.profiles import box, profile, signed
from ultrasound.dicom import open_dicom
from ultrasound.errors import ExportRefused
from ultrasound.privacy.allowed_attributes import (
    DATES,
    EMPTY,
    NUMBERS,
    REGION_NUMBERS,
    TERMS,
    TIMES,
    UIDS,
    WORDS,
)
from ultrasound.privacy.clean_header import clean_header
from ultrasound.privacy.export_record import Dates
from ultrasound.privacy.pseudonyms import Pseudonyms

NAME = "ZHANGSAN"
TEXT = {"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"}
BYTES = {"OB", "OW", "UN"}
NEEDED = {
    "SpecificCharacterSet",
    "SOPClassUID",
    "PhotometricInterpretation",
    "PixelData",
    "SequenceOfUltrasoundRegions",
}
WRITTEN_BY_US = {
    "SpecificCharacterSet",
    "ImageType",
    "SOPClassUID",
    "Modality",
    "PatientName",
    "PatientID",
    "PatientIdentityRemoved",
    "BurnedInAnnotation",
    "DeidentificationMethod",
    "DeidentificationMethodCodeSequence",
    "LongitudinalTemporalInformationModified",
    "SequenceOfUltrasoundRegions",
    "AcquisitionDateTime",
}
ALLOWED = {*NUMBERS, *TERMS, *WORDS, *DATES, *TIMES, *EMPTY, *UIDS, *WRITTEN_BY_US}


def full_of(name: str) -> Dataset:
    """A patient's file with the name in every attribute of the standard that can hold it, and in private
    ones.
    """
    dataset = patient_dataset()
    for tag, (vr, _, _, _, keyword) in DicomDictionary.items():
        if not keyword or keyword in NEEDED or Tag(tag).group in (0x0000, 0x0002, 0x0028, 0xFFFC, 0xFFFE):
            continue
        if vr in TEXT:
            setattr(dataset, keyword, name)
        elif vr in BYTES:
            dataset.add_new(tag, vr, name.encode())
        elif vr == "SQ":
            dataset.add_new(tag, "SQ", Sequence([_named_item(name)]))
    for group in (0x0009, 0x0019, 0x200D, 0x7FDF):
        block = dataset.private_block(group, f"{name} MAKER", create=True)
        block.add_new(1, "LO", name)
        block.add_new(2, "SQ", Sequence([_named_item(name)]))
    for item in dataset.SequenceOfUltrasoundRegions:
        item.PatientName = name
        item.private_block(0x0019, name, create=True).add_new(1, "LT", name)
        item.TransducerType = name
    return dataset


def _named_item(name: str) -> Dataset:
    item = Dataset()
    item.PatientName = item.CodeMeaning = item.CodeValue = item.TextValue = name
    return item


def test_a_name_in_every_attribute_of_the_standard_is_in_no_byte_of_the_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "writing_validation_mode", IGNORE)
    source = full_of(NAME)
    assert len(source) > 2000
    for dates in Dates:
        done = exported(saved(source, tmp_path / "full.dcm"), dates=dates)
        assert NAME.encode() not in done.data
        assert "zhang" not in done.data.lower().decode("latin-1")
        assert done.record.attributes_removed > 2000
        assert done.record.private_attributes_removed == 4 * 3


def test_what_comes_through_is_on_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "writing_validation_mode", IGNORE)
    dataset = full_of("X")
    for tag, (vr, _, _, _, keyword) in DicomDictionary.items():
        if keyword and vr in ("US", "UL", "SL", "SS", "FL", "FD", "IS", "DS") and Tag(tag).group != 0x0028:
            dataset.add_new(tag, vr, "7" if vr in ("IS", "DS") else 7)
    dataset.NumberOfFrames = 1
    clean = clean_header(dataset, Pseudonyms(b"k" * 32), Dates.SHIFTED).dataset
    assert {element.keyword for element in clean} - ALLOWED == set()
    of_pixels = {
        "PixelSpacing",
        "PixelAspectRatio",
        "UltrasoundColorDataPresent",
    }  # of group 0028, as pixels are
    assert {element.keyword for element in clean} >= {*NUMBERS, "Manufacturer"} - of_pixels
    for item in clean.SequenceOfUltrasoundRegions:
        assert {element.keyword for element in item} - set(REGION_NUMBERS) == set()


def test_the_file_itself_says_nothing_before_its_data_set_either(tmp_path: Path) -> None:
    dataset = patient_dataset()
    dataset.preamble = (NAME * 16).encode()
    dataset.file_meta.SourceApplicationEntityTitle = NAME
    dataset.file_meta.PrivateInformationCreatorUID = "1.2.3"
    dataset.file_meta.PrivateInformation = NAME.encode()
    done = exported(saved(dataset, tmp_path / "preamble.dcm"))
    assert NAME.encode() not in done.data


def test_it_says_that_and_how_it_was_done(tmp_path: Path) -> None:
    clean = dataset_of(exported(patient_file(tmp_path)))
    assert clean.PatientIdentityRemoved == "YES"
    assert [item.CodeValue for item in clean.DeidentificationMethodCodeSequence] == ["113100"]
    assert clean.LongitudinalTemporalInformationModified == "REMOVED"
    assert (clean.Manufacturer, clean.ManufacturerModelName) == ("Maker", "Model 7")
    assert clean.ImageType == ["DERIVED", "PRIMARY"]
    assert "black" in clean.DerivationDescription
    assert all(
        clean[keyword].is_empty for keyword in ("PatientSex", "PatientBirthDate", "StudyDate", "StudyID")
    )


def test_burned_in_text_is_denied_only_after_a_persons_look(tmp_path: Path) -> None:
    path = patient_file(tmp_path, BurnedInAnnotation="NO")
    assert dataset_of(exported(path)).BurnedInAnnotation == "YES"
    looked = dataset_of(exported(path, looked_at=True))
    assert looked.BurnedInAnnotation == "NO"
    assert [item.CodeValue for item in looked.DeidentificationMethodCodeSequence] == ["113100", "113101"]


def test_shifted_dates_keep_their_distance_for_all_files_of_one_patient(tmp_path: Path) -> None:
    first = dataset_of(exported(patient_file(tmp_path, "a.dcm"), dates=Dates.SHIFTED))
    second = dataset_of(
        exported(
            patient_file(tmp_path, "b.dcm", StudyDate="20240310", SOPInstanceUID="1.9"), dates=Dates.SHIFTED
        )
    )
    days = [
        pydicom.valuerep.DA(clean[keyword].value).toordinal()  # type: ignore[union-attr]
        for clean, keyword in ((first, "StudyDate"), (first, "ContentDate"), (second, "StudyDate"))
    ]
    assert (days[1] - days[0], days[2] - days[0]) == (1, 10)
    assert first.StudyDate != "20240229"
    assert first.AcquisitionDateTime == f"{first.StudyDate}101530.25"
    assert first.StudyTime == "101500"
    assert first.DeidentificationMethodCodeSequence[1].CodeValue == "113107"


def test_files_of_one_study_stay_together_and_of_two_keys_do_not(tmp_path: Path) -> None:
    a = dataset_of(exported(patient_file(tmp_path, "a.dcm")))
    b = dataset_of(exported(patient_file(tmp_path, "b.dcm", SOPInstanceUID="1.9")))
    other = dataset_of(exported(patient_file(tmp_path, "a.dcm"), key=b"another key of 32 bytes, or more"))
    assert (a.StudyInstanceUID, a.SeriesInstanceUID, a.PatientID) == (
        b.StudyInstanceUID,
        b.SeriesInstanceUID,
        b.PatientID,
    )
    assert a.SOPInstanceUID != b.SOPInstanceUID
    assert a.file_meta.MediaStorageSOPInstanceUID == a.SOPInstanceUID
    for keyword in (*UIDS, "PatientID"):
        assert a[keyword].value != other[keyword].value
        assert "1.2.3" not in str(a[keyword].value) and "4711" not in str(a[keyword].value)


def test_patients_without_a_number_are_told_apart_by_their_study(tmp_path: Path) -> None:
    a = dataset_of(exported(patient_file(tmp_path, "a.dcm", PatientID="")))
    b = dataset_of(exported(patient_file(tmp_path, "b.dcm", PatientID="", StudyInstanceUID="1.2.3.77")))
    assert a.PatientID != b.PatientID


def test_a_makers_name_that_holds_the_patients_is_left_off(tmp_path: Path) -> None:
    clean = dataset_of(
        exported(patient_file(tmp_path, Manufacturer="Zhang Medical", ManufacturerModelName="M 4711"))
    )
    assert clean.Manufacturer == ""
    assert "ManufacturerModelName" not in clean


@pytest.mark.parametrize("maker", ["Dr Li", "李芳超声", "芳"])
def test_short_and_chinese_names_are_found_in_a_makers_name(maker: str, tmp_path: Path) -> None:
    fields = {"SpecificCharacterSet": "ISO_IR 192", "PatientName": "Li^Fang=李^芳"}
    clean = dataset_of(exported(patient_file(tmp_path, Manufacturer=maker, **fields)))
    assert clean.Manufacturer == ""
    kept = dataset_of(exported(patient_file(tmp_path, "b.dcm", Manufacturer="迈瑞", **fields)))
    assert kept.Manufacturer == "迈瑞"


def test_terms_that_are_not_the_standards_are_left_off(tmp_path: Path) -> None:
    path = patient_file(
        tmp_path, TransducerType="ZHANG", ImageType=["ORIGINAL", "PRIMARY", "ZHANG SAN"], Laterality="ZHANG"
    )
    clean = dataset_of(exported(path))
    assert "TransducerType" not in clean and clean.Laterality == ""
    assert clean.ImageType == ["DERIVED", "PRIMARY"]
    kept = dataset_of(
        exported(patient_file(tmp_path, ImageType=["ORIGINAL", "PRIMARY", "SMALL PARTS"], Laterality="L"))
    )
    assert (kept.ImageType[2], kept.Laterality) == ("SMALL PARTS", "L")


def test_regions_and_times_stay_as_the_source_has_them(tmp_path: Path) -> None:
    path = patient_file(tmp_path, HeartRate="72", PixelSpacing=["0.5", "0.25"])
    clean = dataset_of(exported(path))
    (item,) = clean.SequenceOfUltrasoundRegions
    assert item == region(10, 8, 49, 39)
    assert (clean.HeartRate, list(clean.PixelSpacing)) == (72, [0.5, 0.25])


VECTOR, TIME = 0x00181065, 0x00181063


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ({"FrameTime": "40", "FrameTimeVector": ["0", "20", "30"]}, VECTOR),
        ({"FrameTime": "40", "FrameTimeVector": ["0", "20", "30"], "FrameIncrementPointer": TIME}, TIME),
        ({"FrameTime": "40", "FrameTimeVector": ["7341"], "FrameIncrementPointer": TIME}, TIME),
        ({"FrameTime": "40", "FrameTimeVector": ["7341"]}, TIME),
        ({"FrameTime": "0", "FrameTimeVector": ["7341"]}, None),
        ({"FrameTime": "-40"}, None),
    ],
)
def test_frames_are_timed_as_the_reader_times_them_and_by_nothing_else(
    stated: dict[str, object], kept: int | None, tmp_path: Path
) -> None:
    dataset = patient_dataset(3)
    del dataset.FrameTime
    for keyword, value in stated.items():
        setattr(dataset, keyword, value)
    path = saved(dataset, tmp_path / "cine.dcm")
    clean = dataset_of(exported(path))
    assert clean.get("FrameIncrementPointer") == kept
    assert [tag for tag in (VECTOR, TIME) if tag in clean] == ([kept] if kept else [])
    written = tmp_path / "clean.dcm"
    written.write_bytes(exported(path).data)
    before, after = open_dicom(path, paced=False).times, open_dicom(written, paced=False).times
    assert before == after and (before is None) is (kept is None)


def test_an_edge_far_outside_stays_so_that_no_reader_takes_the_region_for_sound(
    tmp_path: Path,
) -> None:
    stated = [region(10, 8, 49, 39), region(0, 0, 700, 400)]
    path = patient_file(tmp_path, SequenceOfUltrasoundRegions=Sequence(stated))
    one = signed(profile(box(10, 8, 30, 30)))
    assert list(dataset_of(exported(path, profile=one)).SequenceOfUltrasoundRegions) == stated


@pytest.mark.parametrize("keyword", UIDS[:2])
def test_a_file_without_its_uids_is_refused(tmp_path: Path, keyword: str) -> None:
    with pytest.raises(ExportRefused, match=keyword):
        exported(patient_file(tmp_path, **{keyword: ""}))


values = st.one_of(
    st.text(max_size=20),
    st.floats(),
    st.integers(-(2**40), 2**40),
    st.lists(st.floats(), max_size=3),
    st.lists(st.integers(), max_size=3),
    st.none(),
)


@example("RWaveTimeVector", [0.0, 3.5e38])
@given(st.sampled_from([*NUMBERS, *REGION_NUMBERS]), values)
def test_a_number_that_is_none_or_does_not_fit_is_left_off_and_never_an_error(
    keyword: str, value: Any
) -> None:
    class Odd(Dataset):
        def get(self, key: Any, default: Any = None) -> Any:
            return value if key == keyword else super().get(key, default)

    source = Odd()
    source.update(patient_dataset())
    clean = clean_header(source, Pseudonyms(b"k" * 32), Dates.REMOVED).dataset
    out = BytesIO()
    clean.save_as(out, implicit_vr=False, little_endian=True)
    written = pydicom.dcmread(BytesIO(out.getvalue()), force=True)
    if keyword in written and not written[keyword].is_empty:
        assert dictionary_VR(tag_for_keyword(keyword) or 0) == written[keyword].VR
