"""The declarative base: naming rule, column types, and a sequence that orders every talk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, MetaData, Sequence
from sqlalchemy.orm import DeclarativeBase

from models.vault import Sealed


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain class attribute
        datetime: DateTime(timezone=True),
        dict[str, Any]: Sealed,
    }


# Messages in both directions draw their number from one sequence, so that a history can be put
# in order by number alone.
TALK = Sequence("talk_seq", metadata=Base.metadata)
