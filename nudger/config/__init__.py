"""Settings: nudger.toml, overridden by the environment (`NUDGER_…`, `__` between levels).

Secrets are apart: the provider's credentials in their own file, the key in a file or in
`NUDGER_KEY`. Every key is explained in docs/configuration.md.
"""

from nudger.config.loading import (
    ConfigProblem,
    absolute_database_url,
    load_again,
    load_begun,
    load_settings,
)
from nudger.config.settings import BegunSettings, Settings
from nudger.config.teams import AskSettings, MeetingSettings
from nudger.config.unknown_names import COMMAND_VARIABLES

__all__ = [
    "COMMAND_VARIABLES",
    "AskSettings",
    "BegunSettings",
    "ConfigProblem",
    "MeetingSettings",
    "Settings",
    "absolute_database_url",
    "load_again",
    "load_begun",
    "load_settings",
]
