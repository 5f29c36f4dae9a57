"""What a commune has decided for itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.deadlines.ladder_file import USUAL


class CommuneSettings(Base):
    """One row a commune, made by its first decision; without a row everything is as usual."""

    __tablename__ = "commune_settings"

    commune: Mapped[str] = mapped_column(primary_key=True)
    phone: Mapped[str | None]  # the office's number, told to citizens; never somebody's own
    mode: Mapped[str] = mapped_column(server_default=USUAL)  # of ladder.yaml: who rings, and when
    heads_asked: Mapped[bool] = mapped_column(server_default=text("true"))  # of every new report
    heads_masked: Mapped[bool] = mapped_column(server_default=text("false"))  # until taken up
    second_look: Mapped[bool] = mapped_column(server_default=text("false"))  # a leader decides
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
