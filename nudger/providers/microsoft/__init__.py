"""Outlook's calendars and mail by Microsoft Graph."""
