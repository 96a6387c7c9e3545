"""`cloudclinic ecg`: what can be asked of ECG files on the command line."""
