"""The gateway's metrics: the common names, and what only the gateway counts."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

from chassis.metrics import (
    amqp_publish,
    amqp_reconnects,
    amqp_up,
    exposition,
    http_duration,
    http_requests,
    rpc_client_duration,
    rpc_client_requests,
    rpc_late_replies,
    rpc_pending,
)

page_renders = Counter("page_renders", "Page images made", ["outcome"])
streams_open = Gauge("sse_streams_open", "Open notification streams")

SERVICE = "gateway"

__all__ = [
    "SERVICE",
    "amqp_publish",
    "amqp_reconnects",
    "amqp_up",
    "exposition",
    "http_duration",
    "http_requests",
    "page_renders",
    "rpc_client_duration",
    "rpc_client_requests",
    "rpc_late_replies",
    "rpc_pending",
    "streams_open",
]
