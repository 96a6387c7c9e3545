"""Everything a command may ask of the store, whether a server runs on it or not."""

import datetime as dt
from typing import Any

import msgspec

from cloudclinic import account_operations
from cloudclinic.account_operations import Arguments, Hash, Operation
from records.ledger import Records
from records.store.audit_verification import verify
from records.store.database import Database


async def verify_audit(records: Records, _: Hash, __: Arguments, ___: dt.datetime) -> dict[str, Any]:
    """Walk the audit trail's chain."""
    assert isinstance(records, Database)
    report = await verify(records)
    return {**msgspec.to_builtins(report), "whole": report.whole}


OPERATIONS: dict[str, Operation] = {**account_operations.OPERATIONS, "audit.verify": verify_audit}
