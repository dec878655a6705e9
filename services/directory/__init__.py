"""Owns units, positions, people, assignments, delegations, accounts and sessions.

RPC: `open_session get_session close_session get_me`, `list_units get_unit
list_positions get_position`, `list_people`, `create_assignment end_assignment
list_assignments`, `create_delegation list_delegations delete_delegation`, and for the
read copies of the other services `snapshot`.

Events out: `directory.changed.v1` with every change (internal), `assignment.started.v1`
and `assignment.ended.v1` once when their moment comes, `session.revoked.v1` (internal).
Events in: none.
"""
