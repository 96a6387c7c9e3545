"""`cloudclinic ultrasound`: what can be asked of ultrasound files on the command line."""
