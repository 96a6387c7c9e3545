"""Takes a command's decision and keeps its answer in one transaction, so that a repeat does nothing."""

import datetime as dt
import logging
from collections.abc import Callable

import msgspec

from records.accounts import Account
from records.audit import Action, AuditEvent, Outcome
from records.errors import NotFound, RecordsError
from records.ids import AccountId
from records.ledger import Ledger, Records
from records.permissions import Scope
from signaling import messages as m
from signaling import scopes
from signaling.commands.case import Case, Effect
from signaling.commands.table import DECIDE
from signaling.errors import Refused
from signaling.permissions import NEEDS, check_permission
from signaling.refusals import Refusal, refusal_of, sentence
from signaling.tabs import Line

log = logging.getLogger(__name__)

Answer = m.Done | m.Refused
_answers: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)
_WORTH_NOTING = frozenset({Refusal.NOT_ALLOWED, Refusal.NOT_FOUND})


def current_account(ledger: Ledger, account_id: AccountId) -> Account:
    """The account as it is now; raise `Refused` with `SIGNED_OUT` when it may do nothing any more."""
    try:
        account = ledger.accounts.get(account_id)
    except NotFound:
        raise Refused(Refusal.SIGNED_OUT) from None
    if account.disabled:
        raise Refused(Refusal.SIGNED_OUT)
    return account


def first_answer(ledger: Ledger, account_id: AccountId, command_id: str) -> Answer | None:
    """What a command with this id was answered before."""
    kept = ledger.answers.get(account_id, command_id)
    return _answers.decode(kept) if kept is not None else None


class Answering:
    """Answers commands."""

    def __init__(self, records: Records, clock: Callable[[], dt.datetime]) -> None:
        self._records = records
        self._clock = clock

    async def decide(
        self, line: Line, command: m.Command, case_of: Callable[[Ledger, Account], Case]
    ) -> tuple[Answer, tuple[Effect, ...]]:
        """Decide a command once; a repeat gets the first answer and has no effects."""

        def work(ledger: Ledger) -> tuple[Answer, tuple[Effect, ...]]:
            kept = first_answer(ledger, line.account.id, command.id)
            if kept is not None:
                return kept, ()
            account = current_account(ledger, line.account.id)
            check_permission(account.role, type(command))
            decided = DECIDE[type(command)](case_of(ledger, account), command)
            answer = m.Done(re=command.id, value=decided.value)
            ledger.answers.keep(account.id, command.id, m.encode(answer), self._clock())
            return answer, decided.effects

        try:
            return await self._records.write(work)
        except (Refused, RecordsError) as error:
            return await self.refused(line, command, error), ()

    async def admit(self, line: Line, command: m.Command) -> Answer | None:
        """Check a command that only touches the present; return the first answer to a repeat."""

        def work(ledger: Ledger) -> Answer | None:
            kept = first_answer(ledger, line.account.id, command.id)
            if kept is None:
                account = current_account(ledger, line.account.id)
                check_permission(account.role, type(command))
                if NEEDS[type(command)].scope is Scope.CONSULT:
                    scopes.consult_in_scope(ledger, account, command.consult_id)  # type: ignore[attr-defined]
            return kept

        return await self._records.read(work)

    async def done(self, line: Line, command: m.Command, value: str = "") -> Answer:
        """Keep and return the answer to a command that was carried out."""
        return await self._keep(line, m.Done(re=command.id, value=value), None)

    async def refused(self, line: Line, command: m.Command, error: Refused | RecordsError) -> Answer:
        """Keep and return the refusal of a command; one that reached too far is written down."""
        refusal = error.refusal if isinstance(error, Refused) else refusal_of(error)
        about = error.about if isinstance(error, Refused) else ""
        words = sentence(refusal, line.language)
        answer = m.Refused(re=command.id, code=refusal.value, sentence=words, about=about)
        return await self._keep(line, answer, type(command).__name__ if refusal in _WORTH_NOTING else None)

    async def note_denied(self, line: Line, notice: m.Notice, refusal: Refusal) -> None:
        """Write down a notice that reached too far."""
        if refusal in _WORTH_NOTING:
            denied = _denial(line, type(notice).__name__, self._clock())
            await self._records.write(lambda ledger: ledger.audit.append(denied))

    async def _keep(self, line: Line, answer: Answer, denied: str | None) -> Answer:
        def work(ledger: Ledger) -> Answer:
            kept = first_answer(ledger, line.account.id, answer.re)
            if kept is not None:
                return kept
            now = self._clock()
            ledger.answers.keep(line.account.id, answer.re, m.encode(answer), now)
            if denied is not None:
                ledger.audit.append(_denial(line, denied, now))
            return answer

        try:
            return await self._records.write(work)
        except RecordsError:
            log.exception("an answer could not be kept")
            return answer


def _denial(line: Line, message_name: str, now: dt.datetime) -> AuditEvent:
    return AuditEvent(
        at=now,
        actor_id=line.account.id,
        actor_role=line.account.role.value,
        action=Action.DENIED,
        object_kind="message",
        object_id=message_name,
        outcome=Outcome.REFUSED,
    )
