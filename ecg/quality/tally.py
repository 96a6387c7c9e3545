"""The seconds of a recording, counted by lead and by finding."""

from collections.abc import Iterator, Sequence

from ecg.leads import Lead
from ecg.quality.findings import Finding, Grade, LeadFinding, SecondQuality
from ecg.quality.gate_result import GateRules


class Tally:
    """The seconds of a recording, counted by lead."""

    def __init__(self, verdicts: Sequence[SecondQuality], rate_hz: float, rules: GateRules) -> None:
        self.verdicts, self.rate_hz, self.rules = verdicts, rate_hz, rules
        self.leads = tuple(verdicts[0].leads) if verdicts else ()
        self.total_s = sum(self.seconds(verdict) for verdict in verdicts)
        self.all_flat = [verdict for verdict in verdicts if verdict.all_flat]
        self.usable_s = {lead: self._usable_s(lead) for lead in self.leads}
        # What was not recorded is lost as well: points are parts of the recording that should be there.
        self.lead_count = len({*self.leads, *rules.leads})
        self.points_per_lead_second = 100 / (self.lead_count * max(self.total_s, rules.least_s))

    def seconds(self, verdict: SecondQuality) -> float:
        return verdict.samples.count / self.rate_hz

    def _usable_s(self, lead: Lead) -> float:
        """A second in which all leads are flat shows a pause or standstill: it is read, not thrown away."""
        return sum(
            self.seconds(verdict)
            for verdict in self.verdicts
            if verdict.leads[lead].usable or (verdict.all_flat and lead in verdict.sizes_uv(Finding.FLAT))
        )

    def found(self, verdict: SecondQuality, finding: Finding) -> Iterator[tuple[Lead, LeadFinding]]:
        for lead, second in verdict.leads.items():
            if (one := second.of(finding)) is not None:
                yield lead, one

    def spoilt_by(self, finding: Finding) -> set[Lead]:
        """The leads of which this finding makes a second unusable."""
        every = (pair for verdict in self.verdicts for pair in self.found(verdict, finding))
        return {lead for lead, one in every if one.grade is Grade.UNUSABLE}

    def points(self, found: LeadFinding, seconds: float) -> float:
        part = 1.0 if found.grade is Grade.UNUSABLE else self.rules.noted_costs
        return part * seconds * self.points_per_lead_second
