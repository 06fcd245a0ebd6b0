"""The sections that are the same for all reps; those that a team can change are in `teams`.

Descriptions are the reference in docs/configuration.md (`make reference`): links in them lead on
from there.
"""
