"""Ultrasound as DICOM objects: stills, cines, measurements, marks; what is not known is never invented."""
