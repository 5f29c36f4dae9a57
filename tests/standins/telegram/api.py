"""The methods of the Bot API a bot may call, and the routes that lead to them."""

import asyncio
import hmac
import json
import re
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.standins.telegram import control, sending
from tests.standins.telegram.people import BOT
from tests.standins.telegram.sending import Refused
from tests.standins.telegram.world import World

WORLD: web.AppKey[World] = web.AppKey("world", World)
Method = Callable[[World, dict, dict], Awaitable[object]]
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def get_me(_world: World, _asked: dict, _files: dict) -> object:
    return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False,
            "supports_inline_queries": False}  # fmt: skip


async def get_updates(world: World, asked: dict, _files: dict) -> object:
    if world.webhook.get("url"):
        raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
    if world.take_fault("conflict"):
        raise Refused(409, "Conflict: terminated by other getUpdates request")
    _allow(world, asked)
    timeout = min(float(asked.get("timeout", 0)), 50)
    limit = min(int(asked.get("limit", 100)), 100)
    try:
        return await world.get_updates(int(asked.get("offset", 0)), limit, timeout)
    except ConnectionAbortedError:
        raise Refused(409, "Conflict: terminated by other getUpdates request") from None


async def set_webhook(world: World, asked: dict, _files: dict) -> object:
    secret = asked.get("secret_token", "")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise Refused(400, "Bad Request: secret token contains unallowed characters")
    _allow(world, asked)
    world.webhook = {"url": asked.get("url", ""), "secret_token": secret}
    world.start_courier()
    world.changed.set()
    return True


async def delete_webhook(world: World, _asked: dict, _files: dict) -> object:
    world.webhook = {}
    return True


async def get_webhook_info(world: World, _asked: dict, _files: dict) -> object:
    return {"url": world.webhook.get("url", ""), "has_custom_certificate": False,
            "pending_update_count": len(world.updates)}  # fmt: skip


async def answer_callback_query(world: World, asked: dict, _files: dict) -> object:
    query = asked.get("callback_query_id", "")
    if query not in world.queries:
        world.counts["answers_unknown"] += 1
        raise Refused(400, TOO_OLD)
    if world.queries[query]:
        world.counts["answers_repeated"] += 1
        raise Refused(400, TOO_OLD)
    world.queries[query] = True
    return True


async def set_my_commands(world: World, asked: dict, _files: dict) -> object:
    commands = json.loads(asked["commands"])
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise Refused(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
    _set_commands(world, asked, commands)
    return True


async def delete_my_commands(world: World, asked: dict, _files: dict) -> object:
    _set_commands(world, asked, None)
    return True


async def get_file(world: World, asked: dict, _files: dict) -> object:
    if asked.get("file_id") not in world.files:
        raise Refused(400, "Bad Request: invalid file_id")
    data, size = world.files[asked["file_id"]]
    if data is None or size > 20 * 1024 * 1024:
        raise Refused(400, "Bad Request: file is too big")
    name = asked["file_id"]
    return {"file_id": name, "file_unique_id": name[4:], "file_size": size,
            "file_path": f"files/{name}.dat"}  # fmt: skip


METHODS: dict[str, Method] = {
    "getme": get_me,
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "answercallbackquery": answer_callback_query,
    "setmycommands": set_my_commands,
    "deletemycommands": delete_my_commands,
    "getfile": get_file,
    **sending.METHODS,
}


def app_of(world: World) -> web.Application:
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app[WORLD] = world
    app.add_routes(
        [
            web.route("*", "/bot{token}/{method}", _call),
            web.get("/file/bot{token}/files/{name}.dat", _download),
            *control.routes(world),
        ]
    )
    return app


async def _call(request: web.Request) -> web.Response:
    world, name = request.app[WORLD], request.match_info["method"].lower()
    try:
        _check_token(world, request.match_info["token"])
        _check_method(world, name)
        asked, files = await _asked(request)
        world.counts[name] += 1
        if name != "getupdates":
            called = {k: v for k, v in asked.items() if k not in files}
            world.calls.append({"method": name, "asked": called, "files": sorted(files),
                                "at": time.time()})  # fmt: skip
        if world.faults["slow"]:
            await asyncio.sleep(world.faults["slow"])
        chat = int(asked["chat_id"]) if "chat_id" in asked else None
        if name != "getupdates":
            _faults(world, name, chat)
        result = await METHODS[name](world, asked, files)
        _check_answer(world, name)
    except Refused as refused:
        return _refusal(refused)
    return web.json_response({"ok": True, "result": result})


def _faults(world: World, method: str, chat: int | None) -> None:
    if world.take_fault("errors"):
        raise Refused(500, "Internal Server Error")
    if (seconds := world.flood(method, chat)) is not None:
        world.counts["floods"] += 1
        raise Refused(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def _check_method(world: World, name: str) -> None:
    if name not in METHODS or name in map(str.lower, world.faults["missing"]):
        raise Refused(404, "Not Found")


def _check_answer(world: World, name: str) -> None:
    if name != "getupdates" and world.take_fault("lost_answers"):
        raise Refused(500, "Internal Server Error")


def _refusal(refused: Refused) -> web.Response:
    body: dict = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return web.json_response(body, status=refused.code)


async def _asked(request: web.Request) -> tuple[dict, dict[str, tuple[str, bytes]]]:
    """Read parameters as the Bot API does: query string, form, multipart or JSON."""
    asked: dict = dict(request.query)
    files = {}
    if request.content_type == "application/json":
        for key, value in (await request.json()).items():
            asked[key] = value if isinstance(value, str) else json.dumps(value)
        return asked, files
    for key, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[key] = (value.filename, value.file.read())
            value.file.close()
        else:
            asked[key] = value
    return asked, files


def _check_token(world: World, token: str) -> None:
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token):
        raise Refused(404, "Not Found")
    if not hmac.compare_digest(token, world.token):
        raise Refused(401, "Unauthorized")


def _allow(world: World, asked: dict) -> None:
    if asked.get("allowed_updates"):
        world.allowed_updates = json.loads(asked["allowed_updates"])


def _set_commands(world: World, asked: dict, commands: list[dict] | None) -> None:
    scope = json.loads(asked.get("scope", '{"type": "default"}'))
    if scope["type"] == "chat":
        world.chats[int(scope["chat_id"])].commands = commands
    else:
        world.commands[f"{scope['type']}:{asked.get('language_code', '')}"] = commands or []


async def _download(request: web.Request) -> web.Response:
    world, name = request.app[WORLD], request.match_info["name"]
    if request.match_info["token"] != world.token or name not in world.files:
        return web.Response(status=404)
    if world.take_fault("errors"):
        return web.Response(status=500)
    return web.Response(body=world.files[name][0] or b"")
