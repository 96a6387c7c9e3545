"""The tables. What is searched or joined is a column; the rest of a value is its JSON in `body`.

`body` is the value; the columns beside it are copied out of it in the same statement, so the two never
differ. Instants are whole microseconds since 1970 in UTC: they sort, and no zone can be forgotten.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

# Named, so that a later migration can drop or change them.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _body() -> Column[bytes]:
    return Column("body", LargeBinary, nullable=False)


def _id(name: str = "id") -> Column[str]:
    return Column(name, Text, primary_key=True)


def _of(name: str, target: str, *, nullable: bool = False, index: bool = False) -> Column[str]:
    return Column(name, Text, ForeignKey(f"{target}.id"), nullable=nullable, index=index)


def _number() -> Column[str]:
    """Under which people know it."""
    return Column("number", Text, nullable=False, unique=True)


def _at(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


institutions = Table(
    "institutions", metadata, _id(), Column("record_prefix", Text, nullable=False, unique=True), _body()
)
departments = Table("departments", metadata, _id(), _of("institution_id", "institutions"), _body())
specialties = Table("specialties", metadata, _id("code"), _body())

accounts = Table(
    "accounts",
    metadata,
    _id(),
    Column("name_key", Text, nullable=False, unique=True),  # the sign-in name, case folded
    Column("role", Text, nullable=False, index=True),
    _of("institution_id", "institutions"),
    Column("password", LargeBinary),
    Column("token_hash", Text, unique=True),
    _at("last_used_at", nullable=True),
    _body(),
)

sessions = Table(
    "sessions",
    metadata,
    _id(),
    _of("account_id", "accounts", index=True),
    Column("token_hash", Text, nullable=False, unique=True),
    _at("last_used_at"),
    _body(),
)

residents = Table(
    "residents",
    metadata,
    _id(),
    _of("institution_id", "institutions"),
    Column("record_number", Text, nullable=False, unique=True),
    Column("name_key", Text, nullable=False),  # NFKC, case folded
    Column("initials", Text, nullable=False),
    # A keyed hash: finds the same card twice at one institution without telling the number.
    Column("identity_mark", LargeBinary),
    _at("registered_at"),
    Column("sealed", LargeBinary, nullable=False),  # identity number and phone
    _body(),
    UniqueConstraint("institution_id", "identity_mark"),
    Index(None, "institution_id", "name_key"),
    Index(None, "institution_id", "initials"),
    Index(None, "institution_id", "registered_at"),
)

# The owner is a resident, or the store itself.
data_keys = Table("data_keys", metadata, _id("owner"), Column("wrapped", LargeBinary, nullable=False))

readings = Table(
    "readings",
    metadata,
    _id(),
    _of("resident_id", "residents"),
    Column("kind", Text, nullable=False),
    _at("measured_at"),
    _body(),
    Index(None, "resident_id", "measured_at"),
)

consults = Table(
    "consults",
    metadata,
    _id(),
    _number(),
    _of("resident_id", "residents", index=True),
    Column("state", Text, nullable=False, index=True),
    _at("asked_at"),
    Column("version", Integer, nullable=False),
    _body(),
    Index(None, "asked_at"),
)

# Who asked, accepted, was handed or was added to a consult, as it stands.
consult_people = Table(
    "consult_people",
    metadata,
    _of("consult_id", "consults"),
    _of("account_id", "accounts", index=True),
    PrimaryKeyConstraint("consult_id", "account_id"),
)

identity_checks = Table(
    "identity_checks",
    metadata,
    Column("consult_id", Text, ForeignKey("consults.id"), primary_key=True),
    _body(),
)

consents = Table(
    "consents", metadata, _id(), _of("consult_id", "consults", index=True), _at("recorded_at"), _body()
)

chat_lines = Table(
    "chat_lines", metadata, _id(), _of("consult_id", "consults", index=True), _at("said_at"), _body()
)

guidings = Table(
    "guidings",
    metadata,
    _id(),
    _of("consult_id", "consults"),
    _of("guide_id", "accounts"),
    Column("state", Text, nullable=False),
    _at("asked_at"),
    _body(),
    Index(None, "consult_id", "asked_at"),
    Index(None, "state"),
)

bindings = Table(
    "bindings",
    metadata,
    _id(),
    _of("station_id", "accounts"),
    _of("consult_id", "consults", index=True),
    _of("resident_id", "residents"),
    _at("bound_at"),
    _at("ended_at", nullable=True),
    _body(),
    # A station is bound to one resident at a time, whatever a caller forgets to check.
    Index("ux_bindings_running_of_station", "station_id", unique=True, sqlite_where=text("ended_at IS NULL")),
)

recordings = Table(
    "recordings",
    metadata,
    _id(),
    _of("resident_id", "residents"),
    Column("binding_id", Text, ForeignKey("bindings.id"), unique=True),
    _at("started_at"),
    _body(),
    Index(None, "resident_id", "started_at"),
)

recording_consents = Table(
    "recording_consents",
    metadata,
    _id(),
    _of("consult_id", "consults", index=True),
    _at("recorded_at"),
    _body(),
)

tapes = Table(
    "tapes",
    metadata,
    _id(),
    _of("consult_id", "consults", index=True),
    _of("resident_id", "residents", index=True),
    _at("started_at"),
    _at("ended_at", nullable=True),
    _at("due_at", nullable=True),  # None: not due, under a legal hold, or deleted
    _body(),
    Index(None, "due_at"),
    Index("ux_tapes_running_of_consult", "consult_id", unique=True, sqlite_where=text("ended_at IS NULL")),
)

session_scores = Table(
    "session_scores",
    metadata,
    Column("consult_id", Text, ForeignKey("consults.id"), primary_key=True),
    _at("ended_at"),
    _body(),
    Index(None, "ended_at"),
)

session_tallies = Table(
    "session_tallies",
    metadata,
    Column("consult_id", Text, ForeignKey("consults.id"), primary_key=True),
    _body(),
)

opinions = Table(
    "opinions",
    metadata,
    _id(),
    Column("consult_id", Text, ForeignKey("consults.id"), nullable=False, unique=True),
    _of("resident_id", "residents", index=True),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    _at("signed_at", nullable=True),
    _body(),
)

ecg_studies = Table(
    "ecg_studies",
    metadata,
    _id(),
    _number(),
    _of("resident_id", "residents"),
    _of("consult_id", "consults", nullable=True, index=True),
    _of("binding_id", "bindings", nullable=True, index=True),
    Column("request_key", Text, unique=True),  # None: made by no request that can be repeated
    Column("file_sha256", Text),
    Column("state", Text, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    _at("received_at"),
    _at("taken_at"),
    _at("closed_at", nullable=True),  # final or rejected
    _body(),
    Index(None, "resident_id", "taken_at"),
    Index(None, "closed_at"),
)

ecg_drafts = Table(
    "ecg_drafts",
    metadata,
    Column("study_id", Text, ForeignKey("ecg_studies.id"), primary_key=True),
    _body(),
)

# A trigger refuses every change to a signed one.
ecg_reports = Table(
    "ecg_reports",
    metadata,
    _id(),
    _of("study_id", "ecg_studies", index=True),
    _of("author_id", "accounts"),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    _at("signed_at", nullable=True),
    _body(),
    Index(
        "ux_ecg_reports_draft_of_author",
        "study_id",
        "author_id",
        unique=True,
        sqlite_where=text("state = 'draft'"),
    ),
)

ecg_cosignatures = Table(
    "ecg_cosignatures",
    metadata,
    Column("report_id", Text, ForeignKey("ecg_reports.id"), primary_key=True),
    _of("study_id", "ecg_studies", index=True),
    _at("at"),
    _body(),
)

ecg_phrases = Table(
    "ecg_phrases",
    metadata,
    Column("institution_id", Text, ForeignKey("institutions.id"), primary_key=True),
    Column("version", Integer, nullable=False),
    _body(),
)

card_profiles = Table(
    "card_profiles",
    metadata,
    _id(),
    _of("institution_id", "institutions"),
    Column("source", Text, nullable=False),  # what browsers call the card
    Column("width_px", Integer, nullable=False),
    Column("height_px", Integer, nullable=False),
    Column("layout", Text, nullable=False),
    Column("version", Integer, nullable=False),
    _body(),
    UniqueConstraint("institution_id", "source", "width_px", "height_px", "layout"),
)


def _kept_pictures(name: str, *own: Column[str]) -> Table:
    """What was kept of a station's pictures; a trigger refuses to delete one."""
    return Table(
        name,
        metadata,
        _id(),
        _number(),
        _of("resident_id", "residents"),
        _of("consult_id", "consults", index=True),
        _of("binding_id", "bindings", index=True),
        *own,
        _at("taken_at"),
        _body(),
        Index(None, "resident_id", "taken_at"),
    )


ultrasound_stills = _kept_pictures(
    "ultrasound_stills", Column("request_key", Text, nullable=False, unique=True)
)
ultrasound_clips = _kept_pictures("ultrasound_clips")

# What is to be sent to archives: an object goes to a destination once, however often it is asked for.
archive_outbox = Table(
    "archive_outbox",
    metadata,
    _id(),
    Column("sop_instance_uid", Text, nullable=False),
    Column("destination", Text, nullable=False),
    Column("kept_id", Text, nullable=False),  # of a still or a clip
    _of("consult_id", "consults", index=True),
    _of("resident_id", "residents"),
    Column("state", Text, nullable=False),
    _at("queued_at"),
    _at("due_at"),
    _body(),
    UniqueConstraint("sop_instance_uid", "destination"),
    Index(None, "state", "due_at"),
)

# A trigger refuses to delete one.
derived_measurements = Table(
    "derived_measurements",
    metadata,
    _id(),
    Column("number", Text, nullable=False, unique=True),
    _of("resident_id", "residents"),
    _of("consult_id", "consults", index=True),
    Column("request_key", Text, nullable=False, unique=True),
    _at("kept_at"),
    _body(),
    Index(None, "resident_id", "kept_at"),
)

answers = Table(
    "answers",
    metadata,
    Column("account_id", Text, nullable=False),
    Column("command_id", Text, nullable=False),
    _at("answered_at"),
    Column("answer", LargeBinary, nullable=False),
    PrimaryKeyConstraint("account_id", "command_id"),
)

# No foreign keys: an entry outlives whatever it tells of. Triggers refuse UPDATE and DELETE.
audit_entries = Table(
    "audit_entries",
    metadata,
    Column("seq", Integer, primary_key=True),
    _at("at"),
    Column("actor_id", Text),
    Column("resident_id", Text),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    _body(),
    Index(None, "actor_id", "seq"),
    Index(None, "resident_id", "seq"),
    Index(None, "at"),
)

emergency_accesses = Table(
    "emergency_accesses",
    metadata,
    _id(),
    _of("resident_id", "residents"),
    _of("account_id", "accounts"),
    _at("granted_at"),
    _at("expires_at"),
    _body(),
    Index(None, "account_id", "resident_id"),
)

counters = Table("counters", metadata, _id("name"), Column("value", Integer, nullable=False))
