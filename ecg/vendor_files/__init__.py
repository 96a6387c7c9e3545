"""ECG files as makers' devices and systems write them: HL7 aECG, SCP-ECG, Philips Sierra XML, GE MUSE XML.

Each `read_…` takes the bytes of one file and gives a `VendorEcg`, or raises SourceUnreadable with the place.
"""
