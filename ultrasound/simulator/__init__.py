"""A simulated scanner: a moving phantom of which every place is known in millimetres."""
