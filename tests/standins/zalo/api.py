"""Zalo's side: messages, uploads, templates, consents and tokens."""

import asyncio
import base64
import hashlib
import io
import json
from urllib.parse import urlencode

from aiohttp import web
from PIL import Image

from tests.standins.zalo import control
from tests.standins.zalo.checks import NAMES, Refused, require, shown, window
from tests.standins.zalo.world import APP_ID, APP_SECRET, OA_ID, World

LIMITS = {"image": 1024 * 1024, "gif": 5 * 1024 * 1024, "file": 5 * 1024 * 1024}
PAGE = "<html><head><title>502 Bad Gateway</title></head></html>"
KINDS = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def app_of(world: World) -> web.Application:
    app = web.Application(client_max_size=32 * 1024 * 1024)

    def answered(work):  # every error is a code, with status 200
        async def answer(request: web.Request) -> web.Response:
            if world.faults["html"] > 0:
                world.faults["html"] -= 1
                return web.Response(status=502, text=PAGE, content_type="text/html")
            try:
                _let_in(world, request)
                data = await work(world, request)
            except Refused as refused:
                world.counts[f"error {refused.code}"] += 1
                body = {"error": refused.code, "message": refused.message}
                return web.json_response(body)
            return web.json_response({"data": data, "error": 0, "message": "Success"})

        return answer

    app.add_routes(
        [
            web.post("/v3.0/oa/message/cs", answered(consult)),
            web.post("/v3.0/oa/message/template", answered(by_uid)),
            web.post("/message/template", answered(by_phone)),
            web.post("/v2.0/oa/upload/{kind}", answered(upload)),
            web.post("/v2.0/oa/message", answered(shut)),
            web.get("/v4/oa/permission", lambda request: permit(world, request)),
            web.post("/v4/oa/access_token", lambda request: tokens(world, request)),
            web.get("/files/{name}", lambda request: file(world, request)),
            *control.routes(world),
        ]
    )
    return app


def _let_in(world: World, request: web.Request) -> None:
    if world.over_rate():
        raise Refused(-32, "Your application reached limit call api")
    given = request.headers.get("access_token", "")
    if not given or "Authorization" in request.headers:
        raise Refused(-216, "Access token is invalid")
    if given != world.access or world.now() >= world.access_ends:
        raise Refused(-220, "access_token is expired or removed")
    if world.faults["errors"]:
        raise Refused(world.faults["errors"].pop(0), "as the test wants it")


async def consult(world: World, request: web.Request) -> dict:
    asked = json.loads(await request.read())
    require(set(asked) == {"recipient", "message"}, "body")
    require(set(asked["recipient"]) == {"user_id"}, "recipient")
    user_id = asked["recipient"]["user_id"]
    world.calls.append({"to": user_id, "message": asked["message"]})
    user = world.users.get(user_id)
    require(isinstance(user_id, str) and user is not None, "user_id")
    assert user is not None
    if code := world.faults["by_user"].get(user_id):
        raise Refused(code, "as the test wants it")
    quota = window(world, user)
    seen = shown(world, asked["message"])
    number = world.next_id()
    user.messages.append({"by": "oa", "id": number, **seen})
    await asyncio.sleep(world.faults["slow"])
    _report(world, user_id, number, seen["text"])
    data = {"message_id": number, "user_id": user_id, "sent_time": str(world.now())}
    return data | ({"quota": {"quota_type": "reply"}} if quota == "reply" else {})


def _report(world: World, user_id: str, number: str, text: str) -> None:
    from_oa = {"sender": {"id": OA_ID}, "recipient": {"id": user_id}}
    if world.faults["echo"]:
        message = {"text": text, "msg_id": number}
        world.soon({**world.event("oa_send_text", user_id, message=message), **from_oa})
    if world.faults["receipts"]:
        message = {"msg_id": number}
        world.soon({**world.event("user_received_message", user_id, message=message), **from_oa})
        message = {"msg_ids": [number]}
        world.soon({**world.event("user_seen_message", user_id, message=message), **from_oa})


async def by_uid(world: World, request: web.Request) -> dict:
    asked = json.loads(await request.read())
    require(set(asked) == {"user_id", "template_id", "template_data"}, "body")
    require(asked["template_data"], "template_data")
    world.users[asked["user_id"]].messages.append({"by": "oa", "kind": "template", **asked})
    return {"message_id": world.next_id(), "user_id": asked["user_id"],
            "quota": {"quota_type": "purchase_quota", "remain": 4821}}  # fmt: skip


async def by_phone(world: World, request: web.Request) -> dict:
    asked = json.loads(await request.read())
    require(asked["phone"].isdecimal() and asked["phone"].startswith("84"), "phone", -108)
    require(set(asked) == {"phone", "template_id", "template_data", "tracking_id"}, "body")
    world.calls.append({"to": asked["phone"], "template": asked})
    return {"msg_id": world.next_id(), "sent_time": str(world.now()), "sending_mode": "1"}


async def upload(world: World, request: web.Request) -> dict:
    kind = request.match_info["kind"]
    field = (await request.post())["file"]
    require(isinstance(field, web.FileField), "file")
    assert isinstance(field, web.FileField)
    data = field.file.read()
    require(NAMES.fullmatch(field.filename), "file name")
    require(len(data) <= LIMITS[kind], "file", -210)
    if kind == "image":
        try:
            require(Image.open(io.BytesIO(data)).format in ("JPEG", "PNG"), "file")
        except OSError:
            raise Refused(-201, "file is invalid!") from None
    else:
        require(data.startswith(KINDS) or field.filename.endswith(".csv"), "file")
    ref = f"ref-{world.next_id()}"
    world.uploads[ref] = {"at": world.now(), "dead": False, "name": field.filename,
                          "size": len(data), "kind": kind}  # fmt: skip
    world.counts["uploads"] += 1
    return {"attachment_id" if kind == "image" else "token": ref}


async def shut(_world: World, _request: web.Request) -> dict:
    raise Refused(-240, "MessageV2 API has been shut down, please switch to MessageV3")


async def permit(world: World, request: web.Request) -> web.Response:
    """The consent page: the administrator agrees at once, and is sent back."""
    asked = request.query
    if asked.get("app_id") != APP_ID or "redirect_uri" not in asked:
        return web.json_response({"error": -14003, "error_name": "Invalid redirect uri",
                                  "error_reason": "", "error_description": ""})  # fmt: skip
    code = f"code-{world.next_id()}"
    world.codes[code] = asked.get("code_challenge", "")
    back = {"code": code, "oa_id": OA_ID}
    raise web.HTTPFound(f"{asked['redirect_uri']}?{urlencode(back)}")


async def tokens(world: World, request: web.Request) -> web.Response:
    asked = dict(await request.post())
    await asyncio.sleep(world.faults["slow_token"])
    if request.headers.get("secret_key") != APP_SECRET or asked.get("app_id") != APP_ID:
        return _no_token(-14004, "Invalid secret key")
    if world.faults["refuse_token"]:
        return _no_token(-14014, "Invalid refresh token")
    if asked.get("grant_type") == "authorization_code":
        challenge = world.codes.pop(str(asked.get("code")), None)
        digest = hashlib.sha256(str(asked.get("code_verifier", "")).encode()).digest()
        if challenge != base64.urlsafe_b64encode(digest).decode().rstrip("="):
            return _no_token(-14005, "Invalid code")
    elif asked.get("refresh_token") != world.refresh:
        world.counts["dead_refresh_tokens"] += 1
        return _no_token(-14014, "Invalid refresh token")
    pair = world.rotate()
    if world.faults["lost_token"] > 0:
        world.faults["lost_token"] -= 1
        assert request.transport is not None
        request.transport.abort()
    return web.json_response(pair)


def _no_token(code: int, name: str) -> web.Response:
    """OAuth errors have a form of their own, and status 200."""
    return web.json_response({"error": code, "error_name": name, "error_reason": "",
                              "ref_doc": "", "error_description": ""})  # fmt: skip


async def file(world: World, request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name == "elsewhere":
        raise web.HTTPFound("http://169.254.169.254/latest/meta-data")
    if name not in world.files:
        return web.Response(status=404)
    return web.Response(body=world.files[name])
