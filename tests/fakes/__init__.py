"""Small real objects, written by hand, that stand in for the rooms beside the one under test."""
