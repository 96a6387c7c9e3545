"""Tells what of its parent a process that works apart can see: environment, files, whether it may write."""

import os
import signal
import sys


def main() -> None:
    sys.stdin.buffer.read()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    open_ones = [
        name
        for name in sorted(os.listdir("/proc/self/fd"), key=int)
        if os.path.exists(f"/proc/self/fd/{name}")
    ]
    print(";".join(f"{name}={value}" for name, value in os.environ.items()))
    print(",".join(name for name in open_ones if _is_open(int(name))))
    print(_written())
    print(os.getcwd())


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _written() -> str:
    path = f"/tmp/written-apart-{os.getpid()}"
    try:
        with open(path, "wb") as file:
            file.write(b"something")
    except OSError:
        return "refused"
    finally:
        if os.path.exists(path):
            os.unlink(path)
    return "written"


if __name__ == "__main__":
    main()
