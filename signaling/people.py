"""People as others see them."""

from records.accounts import Account, Institution
from records.residents import Resident
from signaling.messages import PersonCard, ResidentCard


def person_card(account: Account, institution: Institution) -> PersonCard:
    """What others see of an account."""
    return PersonCard(
        id=account.id,
        display_name=account.display_name,
        role=account.role,
        title=account.title,
        institution_id=institution.id,
        institution_name_zh=institution.name_zh,
        institution_name_en=institution.name_en,
    )


def resident_card(resident: Resident) -> ResidentCard:
    """What the banner and the lists show of a resident."""
    return ResidentCard(
        id=resident.id,
        record_number=resident.record_number,
        name=resident.name,
        sex=resident.sex,
        birth_date=resident.birth_date,
        allergy_status=resident.allergy_status,
        allergies=resident.allergies,
        preferred_language=resident.preferred_language,
        phone=resident.phone,
        name_initials=resident.name_initials,
    )
