"""Taking over the register of an older application as legacy letters (ADR 0093).

`mapping` reads what a YAML file says of the old tables; `source` reads their rows,
a chunk at a time; `cleaning` makes values of what stands there; `converting` makes a
letter of a row; `adopting` writes a batch, each in one transaction; `running` does it
all and tells of every row.
"""
