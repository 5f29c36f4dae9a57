"""What is counted for ``/metrics``; labels are channels and outcomes, never people."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

TAKEN_IN = Counter("messages_taken_in", "incoming messages committed", ["channel", "time"])
FAILED = Counter("messages_failed", "incoming messages the program could not handle", ["channel"])
SENT = Counter("messages_sent", "outgoing messages by outcome", ["channel", "outcome"])
SENDING = Histogram("send_seconds", "time one send takes", ["channel"])
WAITING = Gauge("outbox_waiting", "messages not yet sent", ["lane"])
KEPT = Gauge("outbox_kept", "messages kept until their person writes again")
LATE = Gauge("cases_late", "open cases past their promised time")
