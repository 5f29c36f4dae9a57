"""The tests' side: people, faults, transcripts."""

from aiohttp import web

from tests.standins.telegram.people import act
from tests.standins.telegram.world import World


class Control:
    """What a test may do and see."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def say(self, request: web.Request) -> web.Response:
        """Do one deed, or a list of them, as people would."""
        deeds = await request.json()
        try:
            if isinstance(deeds, list):
                return web.json_response([act(self.world, deed) for deed in deeds])
            return web.json_response(act(self.world, deeds))
        except (LookupError, StopIteration) as error:
            return web.json_response({"error": str(error)}, status=404)

    async def chat(self, request: web.Request) -> web.Response:
        found = self.world.chats.get(int(request.match_info["chat"]))
        if found is None:
            return web.json_response({"messages": [], "keyboard": None, "commands": None})
        return web.json_response(
            {
                "messages": found.messages,
                "keyboard": found.keyboard,
                "commands": found.commands,
            }
        )

    async def faults(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if unknown := set(asked) - set(self.world.faults):
            return web.json_response({"error": sorted(unknown)}, status=400)
        self.world.faults.update(asked)
        return web.json_response(self.world.faults)

    async def reset(self, _request: web.Request) -> web.Response:
        self.world.reset()
        return web.json_response({})

    async def state(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {
                "counts": self.world.counts,
                "pending": len(self.world.updates),
                "webhook": self.world.webhook.get("url", ""),
                "commands": self.world.commands,
                "unanswered": [query for query, done in self.world.queries.items() if not done],
                "faults": self.world.faults,
            }
        )

    async def calls(self, _request: web.Request) -> web.Response:
        return web.json_response(self.world.calls)

    async def file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.world.files[request.match_info["name"]][0])


def routes(world: World) -> list[web.RouteDef]:
    control = Control(world)
    return [
        web.post("/control/say", control.say),
        web.get("/control/chats/{chat}", control.chat),
        web.post("/control/faults", control.faults),
        web.post("/control/reset", control.reset),
        web.get("/control/state", control.state),
        web.get("/control/calls", control.calls),
        web.get("/control/files/{name}", control.file),
    ]
