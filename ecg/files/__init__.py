"""ECG files of other makers: read sample for sample or refused with the place, and written again."""
