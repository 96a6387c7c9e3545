"""The only SQL, and the durable sample files. Opened by the front door, known to nobody by its insides."""
