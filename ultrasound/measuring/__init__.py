"""Measuring on frozen ultrasound pictures: millimetres where a scale holds, pixels or a refusal elsewhere."""
