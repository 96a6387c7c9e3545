"""ECG devices at the patient: how each is spoken to, and one way in which all give their samples."""
