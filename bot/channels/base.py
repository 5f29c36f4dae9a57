"""What a channel must do.  Everything a platform needs to know stays behind this line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, runtime_checkable

from handlers.messages import Limits, Media, Outgoing


class SendFailed(Exception):
    """The platform refused or could not be reached.

    Attributes:
        reason: short, English, without personal data; goes into the log and the outbox.
        retry: False when trying again cannot help.
        retry_after: seconds the platform asked us to wait, if it did.
        gone: the person blocked the service, left, or never existed there.
        mailbox: the platform lets nobody write to this person until they write themselves; the
            message is kept for that moment.
        knocked: with ``mailbox``: a short approved notice went out that something waits.
    """

    def __init__(  # noqa: PLR0913 - what a refusal can mean
        self,
        reason: str,
        *,
        retry: bool,
        retry_after: float | None = None,
        gone: bool = False,
        mailbox: bool = False,
        knocked: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry
        self.retry_after = retry_after
        self.gone = gone
        self.mailbox, self.knocked = mailbox, knocked


class FetchFailed(Exception):
    """A file could not be had; ``retry`` says whether it may be had later."""

    def __init__(self, reason: str, *, retry: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry


class Channel(Protocol):
    """One platform, one instance a process."""

    name: str
    limits: Limits
    keeps_history: bool  # the page shows past messages, so sent bodies are kept for a while

    async def start(self) -> None:
        """Open connections; begin to receive where the channel polls."""
        ...

    async def stop(self) -> None:
        """Stop receiving, finish what is being taken in, close connections."""
        ...

    async def send(self, address: str, message: Outgoing, key: str) -> str:
        """Deliver one message that fits ``limits``.

        Args:
            address: the chat or user id on this channel.
            message: already translated and split.
            key: the same for every attempt at this message; passed on where the platform
                can use it to drop a repetition.

        Returns:
            The platform's id for it, kept so that a delivery report can be matched.

        Raises:
            SendFailed: nothing was delivered, as far as can be known.
        """
        ...

    async def fetch(self, media: Media) -> bytes:
        """Read a file that a person sent.

        Raises:
            FetchFailed: it is too large, gone, or the platform cannot be reached.
        """
        ...


@runtime_checkable
class Working(Protocol):
    """A channel with jobs of its own, and something to do every minute."""

    jobs: Mapping[str, Callable[[str], Awaitable[None]]]  # by name; each is given its payload

    async def minute(self) -> None:
        """Do what is due; every process with the role ``worker`` calls this."""
        ...
