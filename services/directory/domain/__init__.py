"""Rules of appointments, delegations and logging in; no storage, no bus, no clock."""
