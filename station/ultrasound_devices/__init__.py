"""Ultrasound devices at the patient: how each is read, and one way in which all give their frames."""
