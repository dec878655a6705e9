"""Fixtures that every test may use; the stores come from `chassis.testing`."""

pytest_plugins = ["chassis.testing"]
