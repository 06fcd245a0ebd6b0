"""A reply cut into labelled parts by a small model, and what is said of each call by them.

The rules of `nudger.mail.by_rules` know labels, marks and phrases; this model has learned from
thousands of labelled replies where the rep's own words about the customer begin and end.
`nudger.mail.reply` asks both.
"""
