"""The add-on in Google Calendar's side panel: what Google asks, who that is, and the cards."""
