"""The beginning of a file, which says what object it holds and how it is coded (PS3.10 7.1)."""

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID

IMPLEMENTATION_CLASS_UID = UID("2.25.197834602918408706743754817248091714023")
IMPLEMENTATION_VERSION_NAME = "CLOUDCLINIC"


def put_file_meta(dataset: Dataset, syntax: UID) -> None:
    """Of a data set that has its SOP class and instance."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = syntax
    meta.ImplementationClassUID = IMPLEMENTATION_CLASS_UID
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION_NAME
    dataset.file_meta = meta
