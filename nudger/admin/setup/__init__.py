"""From nothing to an installation: the questions, the settings' file, and what is put in place."""
