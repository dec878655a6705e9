"""A whole Rakat on one machine: embedded stores, four services, gateway, supervised.

For tests of whole stacks and of faults::

    from ops.stack import Stack

    with Stack.throw_away(tmp_path) as stack:         # free ports, demo data, no fsync
        stack.url                                     # "http://127.0.0.1:41234"
        stack.environ["DATABASE_URL"]                 # what every process got
        pid = stack.kill("letters")                   # kill -9; the supervisor restarts
        stack.wait_ready("letters", other_than=pid)   # a new process answers /readyz
        stack.stop("directory")                       # stays away …
        stack.start("directory")                      # … until started again
        stack.pid("rabbitmq"); stack.log("gateway")   # names: postgres mongo epmd
                                                      # rabbitmq directory letters
                                                      # schedule notify gateway

`Stack.throw_away(folder, external={"AMQP_URI": …, "DATABASE_URL": …, "MONGO_URL": …})`
uses stores that run already (any subset); give it a `RAKAT_DB_PREFIX` of its own and a
vhost of its own then. `demo=False` leaves the databases migrated and empty;
`environ={…}` adds settings.

Stores alone, for integration tests::

    python -m ops stores --state-dir DIR -- COMMAND…

starts throw-away stores on free ports and runs COMMAND with `RAKAT_TEST_AMQP_URI`,
`RAKAT_TEST_DATABASE_URL`, `RAKAT_TEST_MONGO_URL` and `RAKAT_TEST_RABBITMQCTL` (the words
that reach this broker's `rabbitmqctl`), then stops them; the exit status is COMMAND's.
"""

from ops.stack.faults import StackError
from ops.stack.settings import Settings, read_settings
from ops.stack.stack import Stack, Stores

__all__ = ["Settings", "Stack", "StackError", "Stores", "read_settings"]
