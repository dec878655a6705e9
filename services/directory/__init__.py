"""Units, positions, people, assignments, delegations, accounts and sessions."""
