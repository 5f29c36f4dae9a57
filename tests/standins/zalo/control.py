"""The tests' side: people, faults, transcripts."""

from aiohttp import web

from tests.standins.zalo.people import act
from tests.standins.zalo.world import User, World


def routes(  # noqa: C901 - a table of doors
    world: World,
) -> list[web.RouteDef]:
    async def say(request: web.Request) -> web.Response:
        try:
            return web.json_response(await act(world, await request.json()))
        except LookupError as error:
            return web.json_response({"error": str(error)}, status=404)

    async def user(request: web.Request) -> web.Response:
        found = world.users.get(request.match_info["user"], User())
        return web.json_response({"messages": found.messages, "last": found.last})

    async def change(request: web.Request) -> web.Response:
        """Set faults, the clock, the webhook's address, the tokens."""
        asked = await request.json()
        for name, value in asked.items():
            if name in world.faults:
                world.faults[name] = value
            elif name in {"clock", "webhook", "access_ends", "refresh"}:
                setattr(world, name, value)
            elif name == "uploads_die":
                for one in world.uploads.values():
                    one["dead"] = True
            else:
                return web.json_response({"error": name}, status=400)
        return web.json_response({})

    async def reset(_request: web.Request) -> web.Response:
        world.reset()
        return web.json_response({})

    async def state(_request: web.Request) -> web.Response:
        return web.json_response(
            {
                "counts": world.counts,
                "deliveries": world.deliveries,
                "spent": world.spent,
                "access": world.access,
                "refresh": world.refresh,
                "uploads": world.uploads,
                "calls": world.calls,
                "under_way": len(world.tasks),
            }
        )

    return [
        web.post("/control/say", say),
        web.get("/control/users/{user}", user),
        web.post("/control/change", change),
        web.post("/control/reset", reset),
        web.get("/control/state", state),
    ]
