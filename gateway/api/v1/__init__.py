"""Version 1: one module of operations per service."""
