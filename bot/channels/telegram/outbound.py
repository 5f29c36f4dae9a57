"""What goes to Telegram: messages and command menus; and files fetched from there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog
from telegram import BotCommand, BotCommandScopeChat, BotCommandScopeDefault, Message
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels.base import FetchFailed, SendFailed
from bot.channels.telegram import show
from bot.channels.telegram.client import CALL, UPLOAD, Client
from bot.channels.telegram.refusals import (
    UNREADABLE,
    fetch_failed,
    optional,
    patiently,
    reason,
    send_failed,
)
from bot.channels.telegram.uploaded import Uploaded
from bot.media import StoredFile, qr_png
from handlers.messages import Media, Outgoing

log = structlog.get_logger(__name__)

LoadMedia = Callable[[str], Awaitable[StoredFile]]  # by id
Menu = Sequence[tuple[str, str]]  # commands and what they do

LARGEST_FILE = 20 * 1024 * 1024  # bytes, what getFile gives
PART_TRIES = 3  # for the later parts of a message, so that the first is not sent twice
PART_WAIT = 15.0  # seconds that such a part is waited for at most


async def deliver(
    client: Client, load: LoadMedia, uploaded: Uploaded, address: str, message: Outgoing
) -> str:
    """Make the calls that show one message; give the id of the last message made."""
    if message.replaces and await _replaced(client, address, message):
        return message.replaces
    files = [(name, file) for name in message.media if (file := await _load(load, name))]
    qr = await asyncio.to_thread(qr_png, message.qr) if message.qr else None
    sent = ""
    for call in show.calls(message, files, qr):
        sent = await _part(client, uploaded, address, call, later=bool(sent))
    return sent


async def _replaced(client: Client, address: str, message: Outgoing) -> bool:
    """Show a message in the place of an earlier one; False if that one cannot be changed."""
    call = show.edit(message)
    if call is None:
        return False
    try:
        await patiently(getattr(client, call.method)(chat_id=int(address), **call.arguments), CALL)
    except BadRequest as error:
        if "not modified" in error.message.lower():
            return True
        if send_failed(error).gone:
            raise send_failed(error) from error
        log.info("telegram_sent_otherwise", method=call.method, reason=reason(error))
        return False
    except (TelegramError, TimeoutError) as error:
        raise send_failed(error) from error
    except UNREADABLE as error:
        log.warning("telegram_answer_unreadable", method=call.method, error=type(error).__name__)
    return True


async def set_menu(client: Client, address: str | None, menu: Menu, locale: str) -> None:
    """Show commands in one chat, or in every chat that has none of its own (None)."""
    scope = BotCommandScopeChat(int(address)) if address else BotCommandScopeDefault()
    language = locale if not address and locale != "vi" else None
    if menu:
        commands = [BotCommand(command, about[:256]) for command, about in menu]
        call = client.set_my_commands(commands, scope=scope, language_code=language)
        await optional("setMyCommands", patiently(call, CALL))
    else:
        call = client.delete_my_commands(scope=scope, language_code=language)
        await optional("deleteMyCommands", patiently(call, CALL))


async def fetch(client: Client, media: Media) -> bytes:
    if media.size is not None and media.size > LARGEST_FILE:
        raise FetchFailed("too_large", retry=False)
    try:
        file = await patiently(client.get_file(media.ref), CALL)
        if file.file_size is not None and file.file_size > LARGEST_FILE:
            raise FetchFailed("too_large", retry=False)
        return bytes(await patiently(file.download_as_bytearray(read_timeout=60), UPLOAD))
    except (TelegramError, TimeoutError) as error:
        raise fetch_failed(error) from error
    except (OSError, RuntimeError) as error:  # no path given, or one on another machine's disk
        raise FetchFailed(type(error).__name__, retry=False) from error


async def _load(load: LoadMedia, name: str) -> StoredFile | None:
    try:
        return await load(name)
    except (LookupError, FileNotFoundError):  # deleted on schedule; the words still go out
        log.warning("telegram_media_missing", media=name)
        return None
    except OSError as error:
        raise SendFailed("media_unreadable", retry=True) from error


async def _part(
    client: Client, uploaded: Uploaded, address: str, call: show.Call, *, later: bool
) -> str:
    """Make one call; a later part of a message is tried again here, to keep the first single."""
    tries = PART_TRIES if later else 1
    for tries_left in range(0 if uploaded.refused_before(call) else tries, 0, -1):
        try:
            return await _named_or_uploaded(client, uploaded, address, call)
        except (TelegramError, TimeoutError) as error:
            failed = send_failed(error)
            if call.instead and isinstance(error, BadRequest | InvalidToken) and not failed.gone:
                log.info("telegram_sent_otherwise", method=call.method, reason=reason(error))
                break
            wait = failed.retry_after or 1.0
            if tries_left == 1 or not failed.retry or wait > PART_WAIT:
                raise failed from error
            await asyncio.sleep(wait)
    sent = ""
    for other in call.instead:
        sent = await _part(client, uploaded, address, other, later=later or bool(sent))
    return sent


async def _named_or_uploaded(
    client: Client, uploaded: Uploaded, address: str, call: show.Call
) -> str:
    """Send files that lie at Telegram by their names; if it does not take one, upload them."""
    named = uploaded.by_name(call)
    if named is not None:
        try:
            return await _make(client, uploaded, address, named)
        except BadRequest as error:
            if send_failed(error).gone:
                raise
            log.info("telegram_uploaded_again", method=call.method, reason=reason(error))
            uploaded.forget(call)
    return await _make(client, uploaded, address, call)


async def _make(client: Client, uploaded: Uploaded, address: str, call: show.Call) -> str:
    # chat ids are numbers; a string would be read as the name of a channel
    pending = getattr(client, call.method)(chat_id=int(address), **call.arguments)
    seconds = CALL if call.method in {"send_message", "send_location"} else UPLOAD
    try:
        made: Message | tuple[Message, ...] = await patiently(pending, seconds)
    except UNREADABLE as error:  # it was sent; sending it again would double it
        log.warning("telegram_answer_unreadable", method=call.method, error=type(error).__name__)
        return "0"
    messages = (made,) if isinstance(made, Message) else tuple(made)
    uploaded.note(call, messages)
    return str(messages[-1].message_id)
