"""Everything around the services: embedded servers, command line, demo, fresh check.

The only package that may import every other one; nothing imports it.
"""
