"""`python -m cloudclinic.ecg_appraisal_process`: the machine's draft of one ECG.

MessagePack on standard input and output. A process of its own, so that measuring never holds up a call.
"""

import datetime as dt

from cloudclinic.ecg_appraisal import appraise
from records.ecg_drafts import Acquisition, MachineDraft, Subject
from records.ecg_samples import unpack_tracing
from records.exchange.work_apart import answer_once
from records.values import Value


class ToAppraise(Value):
    """What is to be judged."""

    samples: bytes  # `records.ecg_samples.pack_tracing`
    subject: Subject
    acquisition: Acquisition
    now: dt.datetime
    table: bytes = b""  # the site's critical values; empty: the list the program comes with


def answer_to(asked: ToAppraise) -> MachineDraft:
    """The draft."""
    return appraise(unpack_tracing(asked.samples), asked.subject, asked.acquisition, asked.now, asked.table)


if __name__ == "__main__":
    answer_once(ToAppraise, answer_to)
