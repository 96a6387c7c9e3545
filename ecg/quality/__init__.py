"""How good an ECG is, lead by lead and second by second, what to do about it, and whether it may be sent."""
