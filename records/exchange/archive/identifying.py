"""Whose an object is and in which study it stands: told by the consult, never by what came from a scanner."""

import datetime as dt

from records.accounts import Account, Institution
from records.archive_uids import study_uid
from records.consults import Consult
from records.exchange.archive.person_names import person_name
from records.residents import Resident, Sex
from ultrasound.writing.identity import Identity

_SEX = {Sex.FEMALE: "F", Sex.MALE: "M", Sex.UNSTATED: ""}
DESCRIPTION = "Remote ultrasound consultation"


def identity_of(
    consult: Consult, resident: Resident, asker: Account, institution: Institution, zone: dt.tzinfo | None
) -> Identity:
    """Patient and study of a consult. The study began when the consult was asked for, and never moves.

    `zone`: in which dates and times are told; None: this machine's.
    """
    began = consult.asked_at.astimezone(zone)
    return Identity(
        study_instance_uid=study_uid(consult.id, resident.id),
        patient_name=person_name(resident.name),
        patient_id=resident.record_number,
        patient_birth_date=resident.birth_date.strftime("%Y%m%d"),
        patient_sex=_SEX[resident.sex],
        study_date=began.strftime("%Y%m%d"),
        study_time=began.strftime("%H%M%S"),
        study_id=consult.number,
        study_description=DESCRIPTION,
        accession_number=consult.number,
        referring_physician=person_name(asker.display_name),
        institution=(institution.name_zh or institution.name_en)[:64],
    )
