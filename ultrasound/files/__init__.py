"""Ultrasound files: what a file says of its pictures, where they lie in it, and what each one shows."""
