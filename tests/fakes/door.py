"""A WHIP endpoint over a media worker, with nobody asking who comes."""

from aiohttp import web

from media.api import MediaWorker, SdpRefused
from records.rooms import ClientOffer, Grants, MediaKind


class Door:
    """Takes offers for one participant of one room; remembers what it answered."""

    def __init__(self, worker: MediaWorker, publishes: bool, *kinds: MediaKind) -> None:
        self._worker, self._publishes, self._kinds = worker, publishes, kinds
        self.offers: list[str] = []
        self.answers: list[str] = []
        self.refused: list[str] = []
        self.closed = 0
        self.app = web.Application()
        self.app.router.add_post("/door", self._post)
        self.app.router.add_delete("/door/{peer}", self._delete)

    async def _post(self, request: web.Request) -> web.Response:
        self.offers.append(await request.text())
        kinds = frozenset(self._kinds)
        grants = Grants(publish=kinds) if self._publishes else Grants(receive=kinds)
        try:
            answered = await self._worker.answer_offer(
                ClientOffer(
                    room_id="room",
                    participant_id="device",
                    grants=grants,
                    publishes=self._publishes,
                    kinds=self._kinds,
                    sdp=self.offers[-1],
                )
            )
        except SdpRefused as error:
            self.refused.append(str(error))
            return web.Response(status=400, text=str(error))
        self.answers.append(answered.sdp)
        return web.Response(
            status=201,
            text=answered.sdp,
            content_type="application/sdp",
            headers={"Location": f"/door/{answered.peer_id}"},
        )

    async def _delete(self, request: web.Request) -> web.Response:
        self.closed += 1
        await self._worker.close_peer(request.match_info["peer"])
        return web.Response()
