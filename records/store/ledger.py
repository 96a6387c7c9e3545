"""One transaction's view of all records."""

from sqlalchemy import Connection

from records.store.accounts import Accounts
from records.store.answers import Answers
from records.store.archive_outbox import ArchiveOutbox
from records.store.audit import Audit
from records.store.bindings import Bindings
from records.store.card_profiles import CardProfiles
from records.store.consults import Consults
from records.store.derived_measurements import DerivedMeasurements
from records.store.directory import Directory
from records.store.ecg_phrases import EcgPhrases
from records.store.ecg_reports import EcgReports
from records.store.ecg_studies import EcgStudies
from records.store.emergency_accesses import EmergencyAccesses
from records.store.guidings import Guidings
from records.store.keys import Keys
from records.store.opinions import Opinions
from records.store.readings import Readings
from records.store.recordings import Recordings
from records.store.residents import Residents
from records.store.sessions import Sessions
from records.store.tapes import SessionScores, Tapes
from records.store.ultrasound_clips import UltrasoundClips
from records.store.ultrasound_stills import UltrasoundStills
from records.store.vault import Vault


class SqlLedger:
    """See `records.ledger.Ledger`: every concept's rows on one connection."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self.keys = Keys(connection, vault)
        self.accounts = Accounts(connection)
        self.directory = Directory(connection)
        self.sessions = Sessions(connection)
        self.residents = Residents(connection, self.keys)
        self.readings = Readings(connection)
        self.consults = Consults(connection)
        self.guidings = Guidings(connection)
        self.bindings = Bindings(connection)
        self.recordings = Recordings(connection)
        self.opinions = Opinions(connection)
        self.ecg_studies = EcgStudies(connection)
        self.ecg_reports = EcgReports(connection)
        self.ecg_phrases = EcgPhrases(connection)
        self.ultrasound_stills = UltrasoundStills(connection)
        self.derived_measurements = DerivedMeasurements(connection)
        self.ultrasound_clips = UltrasoundClips(connection)
        self.archive_outbox = ArchiveOutbox(connection)
        self.card_profiles = CardProfiles(connection)
        self.answers = Answers(connection)
        self.tapes = Tapes(connection)
        self.session_scores = SessionScores(connection)
        self.audit = Audit(connection)
        self.emergency_accesses = EmergencyAccesses(connection)
