"""Doors to other systems. What is foreign is read in a process of its own, under limits."""
