"""A stand-in for Slack: its Web API, its Socket Mode, and a workspace in which people click."""
