"""What the Zalo channel has to remember: events taken in, people's windows, tokens, uploads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, LargeBinary, func, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ZaloEvent(Base):
    """One call of the webhook, stored before it is answered and worked on by a job.

    ``key`` is the message's id, so that Zalo's repetitions find their row and stop.
    """

    __tablename__ = "zalo_events"
    __table_args__ = (
        Index(
            "ix_zalo_events_open",
            "user_id",
            "sent_at",
            "id",
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[str]  # whose events are worked on in order; empty: nobody's
    sent_at: Mapped[datetime]  # as Zalo tells, if that can be
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    tries: Mapped[int] = mapped_column(server_default="0")
    done_at: Mapped[datetime | None]
    body: Mapped[dict[str, Any] | None]  # {"raw": …}; emptied with the words of past messages


class ZaloUser(Base):
    """One person on Zalo, beside the conversation: what only that platform asks for."""

    __tablename__ = "zalo_users"

    user_id: Mapped[str] = mapped_column(primary_key=True)
    heard_at: Mapped[datetime | None]  # last interaction: how long we may write follows from it
    follows: Mapped[bool | None]
    knocked_at: Mapped[datetime | None]  # a template asked them to write back
    warned_at: Mapped[datetime | None]  # staff: told that the window is about to close
    album: Mapped[str | None]  # photographs within seconds of each other are one album
    album_at: Mapped[datetime | None]
    offered: Mapped[dict[str, Any] | None]  # what the numbers of the last list stand for


class ZaloToken(Base):
    """The tokens of one Official Account.  One process at a time may spend the refresh token.

    A claim outlives the request it was made for, and a result is stored only over the generation
    it was made from.
    """

    __tablename__ = "zalo_tokens"

    app_id: Mapped[str] = mapped_column(primary_key=True)
    tokens: Mapped[dict[str, Any] | None]  # {"access": …, "refresh": …}
    generation: Mapped[int] = mapped_column(server_default="1")
    seed: Mapped[bytes | None] = mapped_column(LargeBinary)  # hashes of tokens once configured
    rotated_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # of the access token
    claimed_until: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]  # Zalo does not take the refresh token any more
    trouble: Mapped[str | None]  # a refusal that only a person can put right
    trouble_at: Mapped[datetime | None]
    alarmed_at: Mapped[datetime | None]


class ZaloUpload(Base):
    """A picture or file that lies at Zalo for some days and need not be uploaded again."""

    __tablename__ = "zalo_uploads"

    name: Mapped[str] = mapped_column(primary_key=True)  # id of the stored file, or a hash
    ref: Mapped[str]  # attachment_id or token
    uploaded_at: Mapped[datetime]


class PositionLink(Base):
    """A page that may tell one conversation, once, where somebody is.  Its address is a secret."""

    __tablename__ = "position_links"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)  # of the address
    channel: Mapped[str]
    address: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
