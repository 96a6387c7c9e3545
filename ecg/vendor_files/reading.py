"""One door to all four kinds of file."""

import re
from collections.abc import Callable

from ecg.vendor_files.found import VendorEcg, VendorFormat
from ecg.vendor_files.ge_muse import read_ge_muse
from ecg.vendor_files.hl7_aecg import read_hl7_aecg
from ecg.vendor_files.philips_sierra import read_philips_sierra
from ecg.vendor_files.refusal import refuse
from ecg.vendor_files.scp_ecg import read_scp_ecg

_READERS: dict[VendorFormat, Callable[[bytes], VendorEcg]] = {
    VendorFormat.HL7_AECG: read_hl7_aecg,
    VendorFormat.SCP_ECG: read_scp_ecg,
    VendorFormat.PHILIPS_SIERRA: read_philips_sierra,
    VendorFormat.GE_MUSE: read_ge_muse,
}
_ROOTS = {
    b"AnnotatedECG": VendorFormat.HL7_AECG,
    b"restingecgdata": VendorFormat.PHILIPS_SIERRA,
    b"RestingECG": VendorFormat.GE_MUSE,
}
_FIRST_ELEMENT = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,40}:)?(AnnotatedECG|restingecgdata|RestingECG)[\s/>]")
_HEAD_BYTES = 8192


def vendor_format(data: bytes) -> VendorFormat | None:
    """Which of the four kinds these bytes begin like; None: none of them."""
    head = data[:_HEAD_BYTES].replace(b"\0", b"")  # UTF-16 of plain letters becomes ASCII
    found = _FIRST_ELEMENT.search(head)
    if found and head.lstrip(b"\xff\xfe\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _ROOTS[found[1]]
    if len(data) >= 32 and data[8:10] == b"\0\0" and data[22:24] == b"\0\0" and data[28:32] == b"\7\0\0\0":
        return VendorFormat.SCP_ECG  # section 0 at byte 7, and its first pointer is to itself
    return None


def read_vendor_file(data: bytes) -> VendorEcg:
    """Read a file of any of the four kinds; SourceUnreadable with the kind and the place otherwise."""
    kind = vendor_format(data)
    if kind is None:
        refuse("byte 1", f"none of {', '.join(VendorFormat)}")
    return _READERS[kind](data)
