"""Sending what a consult left behind to an archive (PACS) by DICOM."""
