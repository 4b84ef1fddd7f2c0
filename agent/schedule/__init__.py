"""Unattended audits: when each store is visited, what remembers it, and who starts it.

``plan`` knows the times, ``ledger`` what became of them, ``runner`` stays in the foreground and starts audits itself.
The timers of operating systems are one module each (``systemd``, ``cron``, ``launchd``, ``windows``): from jobs they
make a list of steps, which is shown before it is done.
"""
