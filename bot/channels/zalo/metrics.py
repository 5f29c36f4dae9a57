"""What is counted of Zalo alone."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

WEBHOOK = Counter("zalo_webhook", "calls of the webhook by what became of them", ["outcome"])
EVENTS = Counter("zalo_events", "events worked on", ["what"])
REFRESHES = Counter("zalo_token_refreshes", "attempts to renew the access token", ["outcome"])
REFUSED = Counter("zalo_refused", "requests that Zalo refused, by its code", ["code"])
SPOOLED = Gauge("zalo_spooled", "events on this machine's disk, waiting for the database")
ACCESS = Gauge("zalo_access_token_seconds", "seconds until the access token ends")
REFRESH = Gauge("zalo_refresh_token_days", "days until the refresh token ends")
