"""Headers that keep a browser from doing what no page of ours asks for."""

from collections.abc import Awaitable, Callable

from aiohttp.web import Request, StreamResponse

from web.settings import WebSettings

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": (
        "camera=(self), microphone=(self), display-capture=(self), autoplay=(self), fullscreen=(self), "
        "geolocation=(), payment=(), usb=(), serial=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_HSTS = "max-age=31536000"


def content_security_policy(settings: WebSettings, host: str) -> str:
    """The policy (CSP level 3). `'self'` does not cover WebSockets in every browser: they are named."""
    socket = f"{'wss' if settings.tls else 'ws'}://{host}"
    return "; ".join(
        (
            "default-src 'self'",
            "img-src 'self' blob: data:",
            "media-src 'self' blob:",
            f"connect-src 'self' {socket}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        )
    )


def add_headers(settings: WebSettings) -> Callable[[Request, StreamResponse], Awaitable[None]]:
    """Make the signal that runs before each response's head is sent, whatever made the response."""

    async def add(request: Request, response: StreamResponse) -> None:
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        host = request.host if settings.answers_to(request.host) else "localhost"
        response.headers["Content-Security-Policy"] = content_security_policy(settings, host)
        if settings.tls and not settings.self_signed:
            response.headers["Strict-Transport-Security"] = _HSTS
        if not request.path.startswith("/assets/"):
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers.pop("Server", None)

    return add
