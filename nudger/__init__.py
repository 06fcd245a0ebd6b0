"""Nudger: no customer meeting starts without a Commitment Objective."""

__version__ = "0.1.0"
