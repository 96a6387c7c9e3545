"""Messages, queue, pairing, the consult's transitions, rooms, permissions. Knows no socket and no aiortc."""
