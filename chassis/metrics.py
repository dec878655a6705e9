"""One set of metric names for all processes; `service` is added when scraped.

Children with fixed labels are kept by the callers that are called often
(`labels()` per call costs more than the increment).
"""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

FAST = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

rpc_requests = Counter(
    "rpc_server_requests", "RPC requests answered", ["method", "outcome"]
)
rpc_duration = Histogram(
    "rpc_server_duration_seconds", "Time in the method", ["method"], buckets=FAST
)
rpc_client_requests = Counter(
    "rpc_client_requests", "RPC calls made", ["target", "method", "outcome"]
)
rpc_client_duration = Histogram(
    "rpc_client_duration_seconds", "Time until the reply", ["target"], buckets=FAST
)
rpc_pending = Gauge("rpc_pending", "RPC calls waiting for their reply")
rpc_late_replies = Counter("rpc_late_replies", "Replies nobody waited for")
rpc_unanswerable = Counter(
    "rpc_unanswerable", "Requests that cannot be answered", ["reason"]
)
http_requests = Counter(
    "http_server_requests", "HTTP requests answered", ["route", "method", "status"]
)
http_duration = Histogram(
    "http_server_duration_seconds", "Time to the answer", ["route"], buckets=FAST
)
events_handled = Counter(
    "event_handled", "Events handled", ["source", "type", "outcome"]
)
event_duration = Histogram(
    "event_handler_duration_seconds", "Time in the handler", ["type"], buckets=FAST
)
event_lag = Histogram(
    "event_lag_seconds",
    "From the event to the end of its handler",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600),
)
inbox_duplicates = Counter("inbox_duplicates", "Events that had been handled before")
parked = Counter("parked_messages", "Messages parked", ["reason"])
timer_runs = Counter("timer_runs", "Timer jobs run", ["method", "outcome"])
outbox_pending = Gauge("outbox_pending", "Events not yet published")
outbox_oldest = Gauge("outbox_oldest_seconds", "Age of the oldest unpublished event")
outbox_published = Counter("outbox_published", "Events published and confirmed")
outbox_unroutable = Counter("outbox_unroutable", "Events without a listener", ["type"])
outbox_leading = Gauge("outbox_leading", "1 in the process whose relay is active")
outbox_lease_lost = Counter("outbox_lease_lost", "Times the relay lost its lock")
amqp_up = Gauge("amqp_up", "1 while connected", ["role"])
amqp_blocked = Gauge("amqp_blocked", "1 while the broker blocks us", ["role"])
amqp_reconnects = Counter("amqp_reconnects", "Connections lost", ["role"])
amqp_publish = Counter("amqp_publish", "Confirmed publishing", ["outcome"])
worker_pool_size = Gauge("worker_pool_size", "Greenthreads for work")
worker_pool_in_use = Gauge("worker_pool_in_use", "Greenthreads at work")
db_pool_size = Gauge("db_pool_size", "Connections the pool may open")
db_pool_in_use = Gauge("db_pool_in_use", "Connections lent out")
hub_block = Histogram(
    "hub_block_seconds",
    "How late the hub came back to a waiting greenthread",
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10),
)
build_info = Gauge("build_info", "Always 1", ["version"])


def exposition(service: str) -> bytes:
    """The metrics page of this process, each sample labelled with `service`."""
    return generate_latest(_Labelled(service))


class _Labelled(Collector):
    """The registry with one more label; added here so that no caller pays for it."""

    def __init__(self, service: str) -> None:
        self._service = {"service": service}

    def collect(self) -> Iterator[Metric]:
        for metric in REGISTRY.collect():
            metric.samples = [self._labelled(sample) for sample in metric.samples]
            yield metric

    def _labelled(self, sample: Sample) -> Sample:
        return sample._replace(labels={**sample.labels, **self._service})
