"""Slack: its Web API, by which we post, and its Socket Mode, by which we hear."""
