"""Three echo servers that speak the same protocol: stock nameko, ours, bare kombu.

``python -m tests.bench.echoes stock|ours|bare`` serves until it is terminated; the
broker is ``AMQP_URI``. The service is called ``bench_<which>``.
"""

from __future__ import annotations

import os
import sys
from typing import Any


def stock() -> None:
    """nameko as it comes, ten workers."""
    import eventlet

    eventlet.monkey_patch()
    from nameko import config
    from nameko.rpc import rpc
    from nameko.runners import ServiceRunner

    class Echo:
        name = "bench_stock"

        @rpc
        def echo(self, body: Any) -> Any:
            return body

    config.setup({"AMQP_URI": os.environ["AMQP_URI"]})
    runner = ServiceRunner()
    runner.add_service(Echo)
    runner.start()
    runner.wait()


def ours() -> None:
    """The chassis, as every service runs on it."""
    from chassis import run

    raise SystemExit(run.main(["tests.bench.echo_ours:Service"]))


def bare() -> None:
    """A kombu consumer that answers at once: what the parts could do at best."""
    import kombu

    with kombu.Connection(os.environ["AMQP_URI"]) as connection:
        channel = connection.channel()
        exchange = kombu.Exchange("nameko-rpc", "topic", durable=True)
        queue = kombu.Queue("rpc-bench_bare", exchange, "bench_bare.*", durable=True)
        producer = kombu.Producer(channel, exchange)

        def answer(body: Any, message: Any) -> None:
            producer.publish(
                {"result": body["kwargs"]["body"], "error": None},
                routing_key=message.properties["reply_to"],
                correlation_id=message.properties["correlation_id"],
                delivery_mode=1,
            )
            message.ack()

        channel.basic_qos(0, 20, False)
        with kombu.Consumer(channel, [queue], callbacks=[answer], accept=["json"]):
            while True:
                connection.drain_events()


if __name__ == "__main__":
    {"stock": stock, "ours": ours, "bare": bare}[sys.argv[1]]()
