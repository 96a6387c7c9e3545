"""When an object was made, as the caller tells it: an object of marks or measurements has no other time."""

from datetime import datetime

from pydicom.dataset import Dataset

from ultrasound.errors import WritingRefused


def put_made(dataset: Dataset, made: datetime) -> None:
    """Content and creation, with the zone; for marks as well when they were drawn."""
    if made.tzinfo is None:
        raise WritingRefused("the moment of making has no zone; it takes one to be a moment")
    date, time = made.strftime("%Y%m%d"), made.strftime("%H%M%S")
    dataset.InstanceCreationDate, dataset.InstanceCreationTime = date, time
    dataset.TimezoneOffsetFromUTC = made.strftime("%z")[:5]
    for kind in ("Content", "PresentationCreation"):
        if f"{kind}Date" in dataset:
            setattr(dataset, f"{kind}Date", date)
            setattr(dataset, f"{kind}Time", time)
