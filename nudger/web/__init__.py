"""Pages for whoever does not want to reply by mail, or to use a terminal.

A request comes in at `app`, through `guards`, to the router of what it is about (`answer/`, …),
which asks `nudger.admin` and shows a template (`pages`), whole or as the piece that the page asked
for. Nothing is written by a GET; what a POST writes needs the page's own form token (`form_tokens`)
and a value that somebody chose. The mails need none of it: without a public address all works as
before.
"""
