"""Tests of how ultrasound files are read."""
