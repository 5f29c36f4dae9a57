"""What people do on Zalo, turned into the events Zalo makes of it."""

import base64

from tests.standins.zalo.world import OA_ID, User, World


async def act(world: World, deed: dict) -> dict:
    """Do what a person does; ``deed`` is the body of ``POST /control/say``."""
    user_id = str(deed["user"])
    if "at" in deed:
        world.clock = int(deed["at"])
    user = world.users.setdefault(user_id, User())
    if deed.get("only_here"):  # something that Zalo has no event for
        user.last = max(user.last, world.now())
        return {}
    event = _event(world, user, user_id, deed)
    if not event["event_name"].startswith(("oa_send", "user_seen", "user_received", "unfollow")):
        user.last = max(user.last, int(deed.get("timestamp", world.now())))
    if "timestamp" in deed:
        event["timestamp"] = str(deed["timestamp"])
    if deed.get("wait", True):
        return await world.deliver(event)
    world.soon(event)
    return {}


def _event(  # noqa: PLR0911 - a table of deeds
    world: World, user: User, user_id: str, deed: dict
) -> dict:
    if "event" in deed:
        return {**world.event("", user_id), **deed["event"]}
    if "press" in deed:
        text = tapped(user, deed["press"])
        return _message(world, user_id, deed, "text", text)
    if "follow" in deed:
        made = world.event("follow" if deed["follow"] else "unfollow", user_id)
        made = {key: made[key] for key in ("app_id", "user_id_by_app", "event_name", "timestamp")}
        return {**made, "oa_id": OA_ID, "follower": {"id": user_id}, "source": "oa_profile"}
    if "human" in deed:  # somebody writes in the OA's own chat tool
        message = {"text": deed["human"], "msg_id": world.next_id()}
        made = world.event("oa_send_text", user_id, message=message)
        return {**made, "sender": {"id": OA_ID, "admin_id": "5006"}, "recipient": {"id": user_id}}
    if "phone" in deed:
        address = {"user_city": "Quảng Ngãi", "user_ward": "Xã Đông Sơn"}
        info = {"name": "Nguyễn Thị Hoa", "phone": deed["phone"], "full_address": address}
        return world.event("user_submit_info", user_id, info=info)
    for kind in ("image", "audio", "video", "file", "sticker"):
        if kind in deed:
            return _message(world, user_id, deed, kind, deed.get("text", ""))
    if "location" in deed:
        lat, lon = deed["location"]
        place = {"coordinates": {"latitude": str(lat), "longitude": str(lon)}}
        attached = [{"type": "location", "payload": place}]
        return _message(world, user_id, deed, "location", "", attached)
    return _message(world, user_id, deed, "text", deed.get("text", ""))


def _message(  # noqa: PLR0913, PLR0917 - the parts of one event
    world: World,
    user_id: str,
    deed: dict,
    kind: str,
    text: str,
    attached: list | None = None,
) -> dict:
    message = {"msg_id": deed.get("msg_id") or world.next_id(), "text": text}
    if attached is None and kind != "text":
        name = f"{kind}-{world.next_id()}"
        world.files[name] = base64.b64decode(deed[kind])
        url = f"http://127.0.0.1:{world.port}/files/{name}"
        payload = {"url": url, **({"size": str(len(world.files[name])), "name": "tep.pdf"}
                                  if kind == "file" else {"thumbnail": url})}  # fmt: skip
        attached = [{"type": kind, "payload": payload}]
    if attached:
        message["attachments"] = attached
    user = world.users[user_id]
    user.messages.append({"by": "person", "kind": kind, "text": text, "id": message["msg_id"]})
    return world.event(f"user_send_{kind}", user_id, message=message)


def tapped(user: User, label: str) -> str:
    """What a tap on a button sends, or the number of a line: what is on the screen decides."""
    for message in reversed(user.messages):
        if message["by"] != "oa" or message["kind"] != "text":
            continue
        for one in message["taps"]:
            if label in one["title"] and one["type"].startswith("oa.query"):
                return one["payload"]
        for line in message["text"].splitlines():
            number, _, shown = line.partition(". ")
            if number.isdecimal() and label in shown:
                return number
    raise LookupError(f"no button {label!r}")
