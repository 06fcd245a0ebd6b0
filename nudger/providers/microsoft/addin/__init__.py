"""The add-in in Outlook's calendar: whose access tokens are believed, and its manifests."""
