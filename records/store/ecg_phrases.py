"""The phrases institutions read ECGs with."""

from sqlalchemy import Connection

from records.ecg_phrases import PhraseList, default_list
from records.ids import InstitutionId
from records.store.rows import Rows
from records.store.schema import ecg_phrases


class EcgPhrases:
    """See `records.ledger.EcgPhrases`."""

    def __init__(self, connection: Connection) -> None:
        self._rows = Rows(connection, ecg_phrases, PhraseList)

    def of_institution(self, institution_id: InstitutionId) -> PhraseList:
        kept = self._rows.find(ecg_phrases.c.institution_id == institution_id)
        return kept or default_list(institution_id)

    def save(self, phrases: PhraseList) -> None:
        """Raise `Conflict` unless the version follows the stored one, 0 where there is none."""
        if phrases.version == 1:
            self._rows.add(phrases, institution_id=phrases.institution_id, version=1)
            return
        follows = ecg_phrases.c.version == phrases.version - 1
        self._rows.save(phrases.institution_id, phrases, follows, version=phrases.version)
