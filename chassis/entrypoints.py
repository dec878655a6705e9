"""What may call a service method: a request, an event, the clock.

::

    @rpc
    def get_letter(self, letter_id): ...

    @on_event("letters", "letter.registered.v1")
    def on_letter_registered(self, envelope: Envelope) -> None: ...

    @every(30)
    def send_due_reminders(self) -> None: ...
"""

from chassis.event_consumer import OnEvent, on_event
from chassis.rpc_server import Rpc, rpc
from chassis.timers import Every, every

__all__ = ["Every", "OnEvent", "Rpc", "every", "on_event", "rpc"]
