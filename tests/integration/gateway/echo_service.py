"""A service as stock nameko makes it, in its own process: the protocol's other side.

Run as ``python echo_service.py AMQP_URI NAME``; prints ``ready`` when it listens.
"""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import os  # noqa: E402
import sys  # noqa: E402

from nameko import config  # noqa: E402
from nameko.rpc import rpc  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402


class Echo:
    name = sys.argv[2]

    @rpc
    def say(self, text):
        return {"text": text}

    @rpc
    def nap(self, duration):
        eventlet.sleep(duration)
        return {"slept": duration}

    @rpc
    def stumble(self):
        raise ValueError("not for strangers")

    @rpc
    def register_thing(self, body):
        return {"body": body, "replayed": False}


def main(uri):
    config.setup({"AMQP_URI": uri, "max_workers": 40, "heartbeat": 5})
    runner = ServiceRunner()
    runner.add_service(Echo)
    runner.start()
    print("ready", os.getpid(), flush=True)
    runner.wait()


if __name__ == "__main__":
    main(sys.argv[1])
