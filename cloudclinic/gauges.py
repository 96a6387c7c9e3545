"""What the metrics tell beyond `web`'s own counts: of ECG samples, media workers and archives."""

from cloudclinic.archive_sending import ArchiveSending
from web.media_plane import MediaWorkers
from web.parts import Gauge, utc_now
from web.samples import StoredSamples


def gauges(samples: StoredSamples, media: MediaWorkers, sending: ArchiveSending) -> tuple[Gauge, ...]:
    """Every gauge of a running server; each is read when the metrics are asked for."""
    return (*_archive_gauges(sending), _ecg_gauge(samples), *_media_gauges(media))


def _ecg_gauge(samples: StoredSamples) -> Gauge:
    return Gauge(
        "cloudclinic_ecg_samples_received",
        "ECG samples per lead taken from stations since the start",
        lambda: float(samples.received_samples),
    )


def _media_gauges(media: MediaWorkers) -> tuple[Gauge, ...]:
    return (
        Gauge("cloudclinic_media_worker_restarts", "media workers restarted", lambda: float(media.restarts)),
        Gauge(
            "cloudclinic_media_loop_lag_seconds",
            "Lag of the media workers' event loops, 95th percentile of 10 s, the worst of them",
            lambda: _seconds(media.worst(lambda one: one.loop_lag_p95_ms)),
        ),
        Gauge(
            "cloudclinic_media_stood_still_seconds",
            "The longest that a media worker's event loop was late in the last 10 s, the worst of them",
            lambda: _seconds(media.worst(lambda one: one.loop_lag_ms)),
        ),
        Gauge(
            "cloudclinic_media_added_seconds",
            "From a packet's arrival in the kernel to its sending, 95th percentile, the worst worker",
            lambda: _seconds(media.worst(lambda one: one.added_ms_p95)),
        ),
        Gauge(
            "cloudclinic_media_unsent_datagrams",
            "Datagrams a media worker's socket did not take, the worst worker",
            lambda: media.worst(lambda one: one.unsent_datagrams),
        ),
        Gauge(
            "cloudclinic_media_faults",
            "Exceptions of a media worker while it served one peer, kept from the others; any is a bug",
            lambda: media.worst(lambda one: one.faults),
        ),
        Gauge(
            "cloudclinic_media_memory_bytes",
            "Memory of the largest media worker",
            lambda: media.worst(lambda one: one.memory_bytes),
        ),
    )


def _archive_gauges(sending: ArchiveSending) -> tuple[Gauge, ...]:
    def waited_s() -> float:
        since = [one.waiting_since for one in sending.counts if one.waiting_since is not None]
        return max(0.0, (utc_now() - min(since)).total_seconds()) if since else 0.0

    return (
        Gauge(
            "cloudclinic_archive_waiting",
            "Objects that wait to be sent to an archive",
            lambda: float(sum(one.waiting + one.sending for one in sending.counts)),
        ),
        Gauge(
            "cloudclinic_archive_failed",
            "Objects that will not be tried again by themselves",
            lambda: float(sum(one.failed for one in sending.counts)),
        ),
        Gauge(
            "cloudclinic_archive_sent",
            "Objects that archives keep",
            lambda: float(sum(one.sent for one in sending.counts)),
        ),
        Gauge("cloudclinic_archive_waiting_seconds", "How long the oldest of those that wait does", waited_s),
    )


def _seconds(figure_ms: float | None) -> float | None:
    return None if figure_ms is None else figure_ms / 1000
