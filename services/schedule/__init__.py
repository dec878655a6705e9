"""Activities, participants, rooms and vehicles; nobody is promised twice.

Commands: ``create_activity update_activity confirm_activity cancel_activity
postpone_activity complete_activity respond_to_activity
exchange_participants``. Questions: ``get_activity
list_activities check_conflicts list_conflicts list_resources get_reference``.

Publishes `contracts.schedule_events`. Hears of letters (dispositions, attendance,
voided letters, tasks withdrawn, cancelled or returned) and of the directory.

Begin reading at `domain/lines.py` (who binds), `bookings.py` (the constraint) and
`placing.py` (an activity's lines onto the schedule).
"""
