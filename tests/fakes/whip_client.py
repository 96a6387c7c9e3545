"""FFmpeg's own WHIP muxer publishing H.264, in a process of its own (it holds the interpreter's lock):

    python -m tests.fakes.whip_client URL [TOKEN]

It ends when its standard input closes. The muxer's own certificate, made by GnuTLS, is on a 224-bit curve
that OpenSSL refuses; so it is given one.
"""

import datetime as dt
import select
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

RATE_HZ = 30


def certificate(directory: Path) -> dict[str, str]:
    """A self-signed certificate on P-256, as options of the muxer."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "device")])
    now = dt.datetime.now(dt.UTC)
    lasts = (now, now + dt.timedelta(days=1))
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), *lasts)
    (directory / "c.pem").write_bytes(
        made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    (directory / "k.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return {"cert_file": str(directory / "c.pem"), "key_file": str(directory / "k.pem")}


def push(url: str, options: dict[str, str]) -> None:
    """Publish thirty pictures a second, each tenth a key frame."""
    with av.open(url, "w", format="whip", options=options) as output:
        stream = output.add_stream("libx264", rate=RATE_HZ)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        stream.options = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "g": "10"}
        stream.codec_context.time_base = Fraction(1, RATE_HZ)
        number = 0
        while not select.select([sys.stdin], [], [], 0)[0]:
            picture = np.full((240, 320, 3), number % 256, dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, number = number, number + 1
            for packet in stream.encode(frame):
                output.mux(packet)
            time.sleep(1 / RATE_HZ)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        options = certificate(Path(directory))
        if len(sys.argv) > 2:
            options["authorization"] = sys.argv[2]
        push(sys.argv[1], options)
