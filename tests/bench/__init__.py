"""Measurements, never assertions: ratios taken in one run, in alternating pairs."""
