"""Notifications: who is told what of a run, when, and what becomes of a message that did not arrive.

``news`` picks what is worth telling, ``items`` puts it into words without anything personal, ``message`` fits it into
the length that a channel takes; none of them reaches anything. ``outbox`` keeps every message on the disk until it has
arrived, ``sender`` delivers, ``desk`` is what commands call.
"""
