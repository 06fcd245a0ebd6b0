"""The flow, one step a file: scan, ask, listen, understand, write.

Each job is a plain function of a context. It claims due work in the database, so that any number of
workers and any kind of scheduler can call it.
"""
