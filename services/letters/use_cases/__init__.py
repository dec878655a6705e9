"""What letters does: one function per use case, each inside one unit of work.

Every function takes the unit of work and the `Caller` first and commits nothing:
`chassis.unit_of_work.run_command` does, or whoever seeds history.
"""
