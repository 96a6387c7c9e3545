"""What of the settings each room is told, in its own words."""

import importlib.metadata

from cloudclinic.addresses import server_names
from cloudclinic.settings import Settings
from cloudclinic.turn_secret import read_secret
from records.consults import Urgency
from records.ecg_reading import ReadingSettings
from records.ecg_studies import StudyUrgency
from records.ids import SpecialtyCode
from signaling.relays import NO_RELAYS, Relays
from signaling.settings import DeskSettings
from web.admission import Limits
from web.routes.session import DemoAccount
from web.settings import WebSettings


def media_limits(settings: Settings) -> Limits:
    """Beyond which a media worker takes in nobody more."""
    return Limits(
        cpu_share=settings.media_max_cpu_percent / 100,
        loop_lag_ms=settings.media_max_lag_ms,
        memory_bytes=1e6 * settings.media_max_memory_mb,
    )


def desk_settings(settings: Settings, demo: bool) -> DeskSettings:
    """What a site sets about its consults."""
    return DeskSettings(
        demo=demo,
        ring_timeout_s=settings.ring_timeout_s,
        target_wait_s={
            Urgency.EMERGENCY: settings.target_emergency_s,
            Urgency.EXPEDITED: settings.target_expedited_s,
            Urgency.ROUTINE: settings.target_routine_s,
        },
        tape_kept_days=settings.tape_kept_days,
        reading=_reading(settings),
    )


def _reading(settings: Settings) -> ReadingSettings:
    return ReadingSettings(
        specialty=SpecialtyCode(settings.ecg_specialty),
        target_s={
            StudyUrgency.CRITICAL: settings.ecg_target_critical_s,
            StudyUrgency.URGENT: settings.ecg_target_urgent_s,
            StudyUrgency.ROUTINE: settings.ecg_target_routine_s,
        },
        claim_s=settings.ecg_claim_s,
        two_signatures=settings.ecg_two_signatures,
    )


def relays_of(settings: Settings) -> Relays:
    """Where browsers find a relay, and what its passwords are made of."""
    if not settings.turn_urls:
        return NO_RELAYS
    secret = read_secret(settings)
    return Relays(settings.turn_urls, secret, settings.turn_lifetime_s, settings.turn_only)


def web_settings(settings: Settings, demo_accounts: tuple[DemoAccount, ...] | None) -> WebSettings:
    """What routes and layers need. `demo_accounts`: None outside the demo."""
    return WebSettings(
        version=importlib.metadata.version("cloudclinic"),
        demo=demo_accounts is not None,
        demo_accounts=demo_accounts or (),
        tls=not settings.on_loopback,
        self_signed=settings.certificate is None,
        on_loopback=settings.on_loopback,
        names=server_names(settings),
        idle_timeout_s=settings.idle_timeout_s,
        absolute_timeout_s=settings.absolute_timeout_s,
        metrics_token=settings.metrics_token,
        reading=_reading(settings),
        archives=settings.archives,
    )
