"""A real RTSP server: GStreamer's, under Debian's Python, as `scripts/rtsp-server` installs it.

Run as a program it serves pictures of a directory over and over and prints its port; `rtsp_server` runs it.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PYTHON = "/usr/bin/python3"
CODERS = {
    # The colours are named: left alone, each element has an idea of its own of what range they are in.
    "mjpeg": "video/x-raw,format=I420,colorimetry=1:4:0:0 ! jpegenc quality=95 ! rtpjpegpay name=pay0 pt=26",
    "h264": "video/x-raw,format=I420,colorimetry=bt601"
    " ! x264enc tune=zerolatency key-int-max=15 bitrate=8000 ! rtph264pay name=pay0 pt=96",
}


def has_rtsp_server() -> bool:
    """Whether the packages are here."""
    typelibs = Path("/usr/lib").glob("*/girepository-1.0/GstRtspServer-1.0.typelib")
    return Path(PYTHON).exists() and Path("/usr/lib/python3/dist-packages/gi").is_dir() and any(typelibs)


@contextlib.contextmanager
def rtsp_server(pictures: Path, coder: str, port: int = 0) -> Iterator[int]:
    """Serve `rtsp://127.0.0.1:PORT/us` from colour files `0000.png` and on, 30 a second; gives the port."""
    command = [PYTHON, __file__, str(pictures), coder, str(port)]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert server.stdout is not None
    try:
        yield int(server.stdout.readline())
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def serve(pictures: str, coder: str, port: str) -> None:
    """Serve until killed."""
    import gi  # type: ignore[import-not-found]

    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import GLib, Gst, GstRtspServer  # type: ignore[import-not-found]

    Gst.init(None)
    server = GstRtspServer.RTSPServer(address="127.0.0.1", service=port)
    factory = GstRtspServer.RTSPMediaFactory(shared=True)
    source = f"multifilesrc location={pictures}/%04d.png loop=true caps=image/png,framerate=30/1"
    factory.set_launch(f"( {source} ! pngdec ! videoconvert ! {CODERS[coder]} )")
    server.get_mount_points().add_factory("/us", factory)
    server.attach(None)
    print(server.get_bound_port(), flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    serve(*sys.argv[1:])
