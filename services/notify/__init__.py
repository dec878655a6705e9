"""notify: what people are told, their inboxes and live streams (MongoDB).

Owns: notifications with their deliveries, each person's stream, read marks.
RPC: ``list_notifications read_notification read_all_notifications count_unread
read_stream read_watermarks`` (`contracts.notify`).
Events in: every type with a row in `domain.rules`, and ``directory.changed.v1``.
Events out: none; a transient `Hint` per new notification on ``notify.stream``.

::

    event ─► domain.rules ─► domain.audience ─► repository (unique key) ─► ack
                                                     │ pending
                     hints ◄─ stream (one writer, lease) ─► watermark ─► read_stream
"""
