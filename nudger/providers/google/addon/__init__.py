"""Google's side of the add-on in Calendar: who calls, what cards look like, how it is deployed."""
