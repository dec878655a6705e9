"""Version 1 of the REST API: one table of operations, from which all else follows."""
