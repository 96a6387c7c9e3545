"""Who may do what. Deny is the default: what is not listed is not allowed.

Every HTTP route and every socket message declares one `Permission` and one `Scope`; the server does not
start when one declares none.
"""

import enum

from records.accounts import Role


class Permission(enum.StrEnum):
    """A thing somebody may do."""

    ANYONE = "anyone"  # not signed in: sign-in page, health
    SIGNED_IN = "signed_in"  # one's own session and settings
    SEE_RESIDENTS = "see_residents"
    REGISTER_RESIDENTS = "register_residents"
    ENTER_READINGS = "enter_readings"
    PREPARE_REQUEST = "prepare_request"  # ask for a consult, cancel it, supply information
    TAKE_CONSENT = "take_consent"  # confirm identity, record consent
    BIND_STATION = "bind_station"
    MOVE_RECORDING = "move_recording"  # a recording under the wrong resident
    ANSWER_REQUEST = "answer_request"  # accept, decline, return, hand over
    JOIN_ROOM = "join_room"
    SEE_DEVICES = "see_devices"  # ultrasound, ECG and readings of a consult one takes part in
    INVITE_GUEST = "invite_guest"  # an interpreter or an observer, to a consult of one's own
    MARK_PICTURE = "mark_picture"  # freeze, point, draw, measure, guide, tick views; calipers on the ECG
    ANSWER_GUIDING = "answer_guiding"  # say of what a guide asked: seen, done, cannot
    KEEP_CHEST_PAIN_CLOCK = "keep_chest_pain_clock"  # enter and correct its moments
    AUSCULTATE = "auscultate"  # send one's microphone unprocessed
    CHOOSE_EXAM_PRESET = "choose_exam_preset"  # whether motion or detail is kept on a weak line
    PUBLISH_ULTRASOUND = "publish_ultrasound"  # a capture card of one's own computer
    SIGN_CARD_PROFILE = "sign_card_profile"  # what of a capture card's picture may be seen
    RECORD_CONSULT = "record_consult"  # start and stop a tape; withdrawing is everybody's in the room
    END_CONSULT = "end_consult"
    WRITE_OPINION = "write_opinion"
    SIGN_OPINION = "sign_opinion"
    ACKNOWLEDGE_OPINION = "acknowledge_opinion"
    UPLOAD_ECG = "upload_ecg"  # keep an ECG file with a resident, to be read
    TAKE_ECG = "take_ecg"  # keep ten seconds of a consult's live ECG, to be read
    KEEP_STILL = "keep_still"  # keep exact stills and clips of a consult's ultrasound with the record
    READ_ECG = "read_ecg"  # the reading list: claim, write, reject
    SIGN_ECG = "sign_ecg"  # sign, countersign and add to the reading of an ECG
    EMERGENCY_ACCESS = "emergency_access"
    SEE_DASHBOARD = "see_dashboard"
    FORCE_END = "force_end"  # end any consult, with a reason, without seeing or hearing it
    REASSIGN_OPINION = "reassign_opinion"  # offer a due opinion to others, with a reason, without reading it
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_INSTITUTIONS = "manage_institutions"
    EDIT_PHRASES = "edit_phrases"  # the phrases one's own institution reads ECGs with
    SEARCH_AUDIT = "search_audit"
    HOLD_TAPES = "hold_tapes"  # legal hold, without seeing or hearing what is on them
    REVIEW_EMERGENCY_ACCESS = "review_emergency_access"
    MANAGE_ARCHIVES = "manage_archives"  # see what is sent to archives and try it again, not what it shows
    LET_SCREEN_WATCH = "let_screen_watch"  # make a link for a teaching screen, take it back
    WATCH_BY_LINK = "watch_by_link"  # no role's: whoever has the link's token
    RUN_STATION = "run_station"
    FAULT_PANEL = "fault_panel"  # the demo's switchboard of faults; never outside the demo


class Scope(enum.StrEnum):
    """Whose records a route or message touches; checked against the actor for every call."""

    NONE = "none"  # no resident's
    OWN = "own"  # the actor's own account
    INSTITUTION = "institution"  # residents of the actor's institution
    RESIDENT = "resident"  # the one named in the call
    CONSULT = "consult"  # the resident of the consult named in the call
    BINDING = "binding"  # the resident of the binding named in the call
    STUDY = "study"  # the resident of the ECG study named in the call
    CLIP = "clip"  # the resident of the kept ultrasound clip named in the call
    STILL = "still"  # the resident of the kept ultrasound still named in the call
    QUEUE = "queue"  # requests the actor may answer, ECGs she may read


_STAFF = {
    Permission.SIGNED_IN,
    Permission.SEE_RESIDENTS,
    Permission.JOIN_ROOM,
    Permission.SEE_DEVICES,
    Permission.TAKE_ECG,
    Permission.KEEP_STILL,
    Permission.MARK_PICTURE,
    Permission.KEEP_CHEST_PAIN_CLOCK,
    Permission.AUSCULTATE,
    Permission.EMERGENCY_ACCESS,
}
_AT_THE_STATION = {
    Permission.REGISTER_RESIDENTS,
    Permission.ENTER_READINGS,
    Permission.PREPARE_REQUEST,
    Permission.TAKE_CONSENT,
    Permission.BIND_STATION,
    Permission.UPLOAD_ECG,
    Permission.PUBLISH_ULTRASOUND,
    Permission.ANSWER_GUIDING,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.COMMUNITY_DOCTOR: frozenset(
        _STAFF
        | _AT_THE_STATION
        | {
            Permission.END_CONSULT,
            Permission.LET_SCREEN_WATCH,
            Permission.ACKNOWLEDGE_OPINION,
            Permission.MOVE_RECORDING,
            Permission.INVITE_GUEST,
            Permission.FAULT_PANEL,
            Permission.RECORD_CONSULT,
            Permission.CHOOSE_EXAM_PRESET,
            Permission.SIGN_CARD_PROFILE,
        }
    ),
    # A nurse prepares and reads back; she decides nothing and signs nothing.
    Role.NURSE: frozenset(_STAFF | _AT_THE_STATION),
    Role.SPECIALIST: frozenset(
        _STAFF
        | {
            Permission.ANSWER_REQUEST,
            Permission.END_CONSULT,
            Permission.LET_SCREEN_WATCH,
            Permission.WRITE_OPINION,
            Permission.SIGN_OPINION,
            Permission.READ_ECG,
            Permission.SIGN_ECG,
            Permission.EDIT_PHRASES,
            Permission.RECORD_CONSULT,
            Permission.MOVE_RECORDING,
            Permission.INVITE_GUEST,
        }
    ),
    # Guests of one consult: they enter its room when invited, and open no record.
    Role.INTERPRETER: frozenset({Permission.SIGNED_IN, Permission.JOIN_ROOM}),
    Role.OBSERVER: frozenset({Permission.SIGNED_IN, Permission.JOIN_ROOM, Permission.SEE_DEVICES}),
    # An administrator runs the service and sees no resident.
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.SIGNED_IN,
            Permission.SEE_DASHBOARD,
            Permission.FORCE_END,
            Permission.REASSIGN_OPINION,
            Permission.MANAGE_ACCOUNTS,
            Permission.MANAGE_INSTITUTIONS,
            Permission.EDIT_PHRASES,
            Permission.SEARCH_AUDIT,
            Permission.HOLD_TAPES,
            Permission.REVIEW_EMERGENCY_ACCESS,
            Permission.MANAGE_ARCHIVES,
            Permission.FAULT_PANEL,
        }
    ),
    Role.STATION: frozenset({Permission.RUN_STATION}),
}


def may(role: Role, permission: Permission) -> bool:
    """Tell whether a role has a permission; `ANYONE` is everybody's."""
    return permission is Permission.ANYONE or permission in PERMISSIONS[role]
