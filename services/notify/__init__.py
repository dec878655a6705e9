"""Notifications for people and the stream that carries them."""
