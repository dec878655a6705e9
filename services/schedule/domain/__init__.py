"""The rules of the schedule: pure, no clock, no store."""
