"""An ECG whose truth is known: rhythms, noise and faults as a scenario says, the same at every run."""
