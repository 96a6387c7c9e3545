"""The HTTP API, one file a concept: request and response structs beside their routes."""
