"""Activities, participants, rooms and vehicles; nothing overlaps."""
