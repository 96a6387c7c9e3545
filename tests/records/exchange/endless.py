"""Never ends; told to talk, never stops talking."""

import sys


def main() -> None:
    talks = sys.stdin.buffer.read() == b"talk"
    while True:
        if talks:
            sys.stdout.buffer.write(bytes(1 << 16))


if __name__ == "__main__":
    main()
