"""Which scanner stands beside which station, as the settings write it."""


def scanners_of(texts: tuple[str, ...]) -> dict[str, str]:
    """Which station stands beside which scanner, by `AET=STATION`; raises ValueError."""
    found: dict[str, str] = {}
    for text in texts:
        title, equals, station = text.partition("=")
        if not (equals and title.strip() and station.strip()):
            raise ValueError(f"{text!r}; AET=STATION is right, the station by its sign-in name")
        if title.strip() in found:
            raise ValueError(f"{title.strip()!r} is named twice")
        found[title.strip()] = station.strip()
    return found
