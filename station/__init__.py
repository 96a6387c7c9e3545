"""The agent beside the patient: opens devices, publishes ultrasound and ECG, keeps the ECG journal."""
