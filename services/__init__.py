"""The services: one folder each, no import of another service."""
