"""The model of letters: pure, no clock, no ids, no I/O; all come as arguments."""
