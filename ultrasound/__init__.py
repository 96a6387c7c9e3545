"""Ultrasound as pictures: cines, their calibration, capture time in pixels. Pure: no asyncio, no network."""
