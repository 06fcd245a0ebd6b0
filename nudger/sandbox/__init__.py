"""A loopback stand-in for the providers, for the demo, the tests and the benchmark.

It answers as they do, including what they refuse, and keeps for each person what they can see and
what they were mailed. It knows nothing of the program that runs on it.
"""
