"""aiohttp: the HTTP API, the signaling socket, pages, dashboard and metrics."""
