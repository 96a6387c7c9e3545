"""The ruler beside a grabbed picture: found, given its worth by a person, void when the picture changes."""
