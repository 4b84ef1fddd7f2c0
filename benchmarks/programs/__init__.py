"""The programs that are measured beside the command itself: the baselines, and questions asked of a module."""
