"""The gateway's way to the services: nameko RPC and broadcasts over RabbitMQ.

::

    event loop                       threads
    RabbitBus.request ──queue──►  publisher  ──► exchange nameko-rpc
        pending[id] ◄──batches──  listener   ◄── own exclusive reply queue

`wire.py` alone knows nameko's message format, `publisher.py` and `listener.py`
own one connection each (rebuilt by `link.py`), `limits.py` bounds what is in
flight, `breaker.py` spares callers the wait for a silent service and `rabbit.py` joins them.
"""

from gateway.bus.rabbit import RabbitBus
from gateway.bus.wire import RemoteFault

__all__ = ["RabbitBus", "RemoteFault"]
