"""Measurements of the product against a bare baseline, in one run on one machine."""
