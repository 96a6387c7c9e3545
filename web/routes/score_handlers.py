"""Handlers of `web.routes.scores`."""

from records import bi_rads, echo_scores, fast_result, ti_rads
from records.permissions import Permission, Scope
from web.call import Call
from web.routes.scores import Scored, ToScore
from web.routing import RouteTable

table = RouteTable()


@table.route("POST", "/api/scores", permission=Permission.WRITE_OPINION, scope=Scope.NONE, body=ToScore)
async def score(call: Call[ToScore]) -> Scored:
    """Compute what the forms come to; impossible figures are refused (`out_of_range`). Nothing is kept."""
    asked = call.body
    return Scored(
        nodule=ti_rads.score(asked.nodule) if asked.nodule else None,
        breast=bi_rads.assess(asked.breast) if asked.breast else None,
        fast=fast_result.conclude(asked.fast) if asked.fast else None,
        echo=echo_scores.score(asked.echo) if asked.echo else None,
    )
