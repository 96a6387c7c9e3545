"""Accounts from a CSV file (RFC 4180): a dry run that names every fault by line, then all or none."""

import asyncio
import csv
import io
from collections.abc import Iterator
from typing import Any, cast

from records.accounts import Account, Department, Institution, Language, Role
from records.ids import SpecialtyCode
from records.ledger import Ledger
from records.permissions import Permission, Scope
from records.sessions import Password
from web.call import Call
from web.passwords import one_time_password
from web.routes.account_handlers import account_faults, add_account
from web.routes.administration import AccountMade, ImportAccounts, ImportFault, ImportResult, NewAccount
from web.routing import KIB, RouteTable
from web.signing_in import hash_password

table = RouteTable()
COLUMNS = (
    "sign_in_name",
    "display_name",
    "role",
    "institution",
    "department",
    "title",
    "specialties",
    "languages",
)
ROWS_MOST = 500
_SEVERAL = ";"

Read = tuple[int, NewAccount | None, dict[str, str]]


class _Faulty(Exception):
    """Rolls the import back; carries what is wrong."""

    def __init__(self, faults: tuple[ImportFault, ...]) -> None:
        super().__init__("faults")
        self.faults = faults


@table.route(
    "POST",
    "/api/accounts/import",
    permission=Permission.MANAGE_ACCOUNTS,
    scope=Scope.NONE,
    body=ImportAccounts,
    body_limit_bytes=512 * KIB,
)
async def import_accounts(call: Call[ImportAccounts]) -> ImportResult:
    """Make every account of a file, each with its audit entry, or none of them."""
    lines, fault = split_lines(call.body.csv)
    if fault is not None:
        return ImportResult(made=(), faults=(fault,), rows=0)
    faults = await call.parts.records.read(lambda ledger: _faults(ledger, lines))
    if faults or call.body.dry_run:
        return ImportResult(made=(), faults=faults, rows=len(lines))
    words = [one_time_password() for _ in lines]
    hashes = await asyncio.gather(*(_hash_later(call, words, at) for at in range(min(2, len(words)))))
    by_word = {word: hashed for part in hashes for word, hashed in part}
    try:
        accounts = await call.parts.records.write(lambda ledger: _make(ledger, call, lines, words, by_word))
    except _Faulty as error:  # somebody took a name since the look before
        return ImportResult(made=(), faults=error.faults, rows=len(lines))
    for account in accounts:
        await call.parts.desk.announce_account(account.id)
    made = tuple(
        AccountMade(account=account, password="" if account.role is Role.STATION else word)
        for account, word in zip(accounts, words, strict=True)
    )
    return ImportResult(made=made, faults=(), rows=len(lines))


async def _hash_later(call: Call[Any], words: list[str], at: int) -> list[tuple[str, Password]]:
    """Every second password, so that the two slots are never asked for more than two at once."""
    return [(word, await hash_password(call, word, one_time=True)) for word in words[at::2]]


def split_lines(text: str) -> tuple[list[tuple[int, dict[str, str]]], ImportFault | None]:
    """The rows of a file by the line they begin on, or what is wrong with the file as a whole."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if sorted(header) != sorted(COLUMNS):
            return [], ImportFault(line=1, message=f"the header must name {', '.join(COLUMNS)}")
        rows = list(_rows(reader, header))
    except (csv.Error, ValueError) as fault:
        return [], ImportFault(line=max(1, reader.line_num), message=f"not CSV: {fault}")
    if not 1 <= len(rows) <= ROWS_MOST:
        return [], ImportFault(line=1, message=f"{len(rows)} rows; 1 to {ROWS_MOST} at once")
    return rows, None


def _rows(reader: Any, header: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise ValueError(f"{len(cells)} columns, the header has {len(header)}")
        yield reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=True))


def _faults(ledger: Ledger, lines: list[tuple[int, dict[str, str]]]) -> tuple[ImportFault, ...]:
    found: list[ImportFault] = []
    seen: set[str] = set()
    for number, account, faults in _read(ledger, lines):
        if account is not None:
            faults = faults | account_faults(ledger, account)
            if account.sign_in_name.lower() in seen:
                faults["sign_in_name"] = "twice in the file"
            seen.add(account.sign_in_name.lower())
        found += [ImportFault(line=number, message=f"{field}: {what}") for field, what in faults.items()]
    return tuple(found)


def _make(
    ledger: Ledger,
    call: Call[ImportAccounts],
    lines: list[tuple[int, dict[str, str]]],
    words: list[str],
    hashes: dict[str, Password],
) -> list[Account]:
    faults = _faults(ledger, lines)
    if faults:
        raise _Faulty(faults)
    given = [cast(NewAccount, account) for _, account, _ in _read(ledger, lines)]
    return [add_account(ledger, call, one, hashes[word]) for one, word in zip(given, words, strict=True)]


def _read(ledger: Ledger, lines: list[tuple[int, dict[str, str]]]) -> Iterator[Read]:
    """Each row as an account to make, with what could not be made out of it."""
    institutions = _by_name(ledger.directory.institutions())
    departments = ledger.directory.departments()
    for number, row in lines:
        home = institutions.get(row["institution"])
        ward = _department(departments, home, row["department"])
        faults: dict[str, str] = {}
        if row["role"] not in Role.__members__.values():
            faults["role"] = f"one of {', '.join(Role)}"
        if home is None:
            faults["institution"] = "no such institution"
        elif row["department"] and ward is None:
            faults["department"] = "no such department of this institution"
        languages = _several(row["languages"]) or [Language.ZH.value]
        if set(languages) - set(Language):
            faults["languages"] = f"some of {', '.join(Language)}, with {_SEVERAL} between"
        account = None
        if not faults and home is not None:
            account = NewAccount(
                sign_in_name=row["sign_in_name"],
                display_name=row["display_name"],
                role=Role(row["role"]),
                institution_id=home.id,
                department_id=ward.id if ward else None,
                title=row["title"],
                specialties=tuple(SpecialtyCode(one) for one in _several(row["specialties"])),
                languages=tuple(Language(one) for one in languages),
            )
        yield number, account, faults


def _several(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(_SEVERAL) if part.strip()]


def _by_name(institutions: tuple[Institution, ...]) -> dict[str, Institution]:
    return {name: one for one in institutions for name in (one.id, one.name_zh, one.name_en)}


def _department(
    departments: tuple[Department, ...], home: Institution | None, name: str
) -> Department | None:
    for one in departments:
        if home is not None and one.institution_id == home.id and name in (one.id, one.name_zh, one.name_en):
            return one
    return None
