"""The rows marked A in the HTTP contract, written down by hand.

Parameters are named as in the code; their names are not part of the contract.
"""

from __future__ import annotations

A_ROWS = """
POST /sessions
DELETE /sessions/current
GET /me
GET /units
GET /units/{unit_id}
GET /positions
GET /positions/{position_id}
POST /assignments
POST /assignments/{assignment_id}/end
GET /assignments
GET /people
POST /positions/{position_id}/delegations
GET /positions/{position_id}/delegations
DELETE /positions/{position_id}/delegations/{delegation_id}
POST /files
GET /letters/{letter_id}/files/{file_id}
GET /letters/{letter_id}/files/{file_id}/pages/{n}
POST /letters
GET /letters
GET /letters/{letter_id}
POST /letters/{letter_id}/void
POST /letters/{letter_id}/close
GET /letters/{letter_id}/tracking
POST /letters/{letter_id}/dispositions
GET /dispositions
POST /dispositions/{disposition_id}/confirm
POST /dispositions/{disposition_id}/discard
GET /tasks
GET /tasks/{task_id}
GET /given-tasks
POST /tasks/{task_id}/read
POST /tasks/{task_id}/accept
POST /tasks/{task_id}/reports
POST /tasks/{task_id}/approve
POST /tasks/{task_id}/reject
POST /tasks/{task_id}/acknowledge
POST /tasks/{task_id}/return
POST /tasks/{task_id}/withdraw
POST /tasks/{task_id}/cancel
POST /tasks/{task_id}/due
GET /letters/{letter_id}/disposition-suggestion
POST /letters/{letter_id}/attendance
POST /activities
GET /activities
GET /activities/{activity_id}
PATCH /activities/{activity_id}
POST /activities/{activity_id}/confirm
POST /activities/{activity_id}/cancel
POST /activities/{activity_id}/postpone
POST /activities/{activity_id}/complete
POST /activities/{activity_id}/participants/{position_id}/response
POST /conflict-checks
GET /conflicts
GET /resources
GET /notifications
POST /notifications/{notification_id}/read
POST /notifications/read-all
GET /notifications/stream
GET /reference/{name}
""".strip().splitlines()

OUTSIDE_THE_TABLE = ("GET /api/v1/openapi.json", "GET /livez", "GET /readyz")
"""Served without an operation row."""

STATUSES = {
    "POST /sessions": 201,
    "DELETE /sessions/current": 204,
    "POST /assignments": 201,
    "POST /positions/{position_id}/delegations": 201,
    "DELETE /positions/{position_id}/delegations/{delegation_id}": 204,
    "POST /files": 201,
    "POST /letters": 201,
    "POST /letters/{letter_id}/dispositions": 201,
    "POST /activities": 201,
}
"""A creation 201, a deletion 204; every other act 200."""
