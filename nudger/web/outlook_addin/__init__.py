"""The pane in Outlook's calendar: its page, who is let in, and the calls that they answer."""
