"""Measurements: each prints a table with the machine beside it. Run all with `make bench`, one with `python -m bench.completion`."""
