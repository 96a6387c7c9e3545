"""What may be stated of an ECG without a reader: measurements beyond their limits, never a diagnosis."""
