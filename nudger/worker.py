"""Runs the jobs on a schedule."""
