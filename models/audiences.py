"""Whom a broadcast is meant for, as conditions of SQL: nobody is loaded to be counted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from models.broadcasts import Fate, Subscription
from models.conversations import Conversation
from models.people import Grant, Person

CITIZEN = "citizen"  # stands beside the roles: somebody who holds none
EVERY_TOPIC = "all"  # a choice that covers every topic


@dataclass(frozen=True, slots=True)
class Audience:
    """An audience with its communes worked out; None leaves a thing open."""

    topic: str
    alert: bool
    by_default: bool  # people get the topic unless they opted out
    communes: tuple[str, ...] | None = None
    roles: tuple[str, ...] | None = None
    locales: tuple[str, ...] | None = None
    subscribers: bool = False  # only who asked for the topic

    @classmethod
    def read(cls, kept: Mapping[str, Any], *, topic: str, alert: bool, by_default: bool) -> Self:
        """From the JSON of a broadcast."""

        def listed(name: str) -> tuple[str, ...] | None:
            return tuple(kept[name]) if kept.get(name) is not None else None

        return cls(
            topic,
            alert,
            by_default,
            listed("communes"),
            listed("roles"),
            listed("locales"),
            subscribers=bool(kept.get("subscribers")),
        )


def _chose(topic: str, *, wants: bool) -> ColumnElement[bool]:
    topics = (topic, EVERY_TOPIC) if not wants else (topic,)
    return exists().where(
        Subscription.person_id == Person.id,
        Subscription.topic.in_(topics),
        Subscription.wants.is_(wants),
        Subscription.ended_at.is_(None),
    )


def opted_out(audience: Audience) -> ColumnElement[bool]:
    """Whether a person does not want the topic; nobody can opt out of an alert to life."""
    return literal(False) if audience.alert else _chose(audience.topic, wants=False)  # noqa: FBT003


def _holds(roles: Collection[str] | None, communes: Collection[str] | None) -> ColumnElement[bool]:
    where = [Grant.person_id == Person.id, Grant.revoked_at.is_(None)]
    if roles is not None:
        where.append(Grant.role.in_(roles))
    if communes is not None:
        where.append(Grant.commune.in_(communes))
    return exists().where(*where)


def _meant(audience: Audience) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    communes = audience.communes
    here = Person.commune.in_(communes) if communes is not None else literal(True)  # noqa: FBT003
    if audience.roles is not None:
        staff = [role for role in audience.roles if role != CITIZEN]
        ways = [_holds(staff, communes)] if staff else []
        if CITIZEN in audience.roles:
            ways.append(and_(here, ~_holds(None, None)))
        found.append(or_(*ways))
    elif communes is not None:
        found.append(or_(here, _holds(None, communes)))
    if audience.locales is not None:
        found.append(Person.locale.in_(audience.locales))
    if audience.subscribers or not (audience.by_default or audience.alert):
        found.append(or_(_chose(audience.topic, wants=True), opted_out(audience)))
    if not audience.alert:
        found.append(~_better_chat())
    return found


def _better_chat() -> ColumnElement[bool]:
    """The person has another chat that is to be preferred: one where they are, the newest."""
    other = aliased(Conversation)
    return exists().where(
        other.person_id == Conversation.person_id,
        tuple_(other.gone_at.is_(None), other.id)
        > tuple_(Conversation.gone_at.is_(None), Conversation.id),
    )


def fate(audience: Audience) -> ColumnElement[str]:
    """What is known of somebody before anything is sent."""
    return case(
        (opted_out(audience), Fate.OPTED_OUT.value),
        (Conversation.gone_at.is_not(None), Fate.BLOCKED.value),
        else_=Fate.WAITING.value,
    )


def chats(audience: Audience) -> Select[Any]:
    """Every chat the audience means, with its channel, commune and what is known of it."""
    known = fate(audience)
    return (
        select(
            Conversation.id,
            Conversation.channel,
            Person.commune,
            known.label("fate"),
            case(
                (known == Fate.BLOCKED.value, func.coalesce(Conversation.gone_why, "gone")),
                else_=null().cast(String),
            ).label("reason"),
        )
        .join(Person, Person.id == Conversation.person_id)
        .where(*_meant(audience))
    )


def count(audience: Audience) -> Select[Any]:
    """How many chats, by channel and by what is known of them.

    Where the platform lets nobody write to a person now, the message will wait in the mailbox.
    """
    found = chats(audience).add_columns(Conversation.mailbox_since).subquery()
    kept = and_(found.c.fate == Fate.WAITING.value, found.c.mailbox_since.is_not(None))
    known = case((kept, Fate.MAILBOX.value), else_=found.c.fate).label("fate")
    return select(found.c.channel, known, func.count().label("chats")).group_by(
        found.c.channel, known
    )
