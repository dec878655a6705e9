"""The chassis under every service: nameko, RabbitMQ and PostgreSQL plumbing.

No business word lives here. Service code declares providers and entrypoints
(`chassis.providers`, `chassis.entrypoints`) and works with a unit of work
(`chassis.unit_of_work`); only the modules of this package know of greenthreads,
AMQP and transactions.
"""
