"""Calendars exported from Google, Outlook or Apple, read without any consent."""
