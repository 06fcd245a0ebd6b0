"""What our questions look like in a chat, and what is said there: Slack's Block Kit, no network."""
