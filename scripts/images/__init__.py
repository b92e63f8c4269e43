"""`make images`: every image is built and the compose files are walked with a real engine (docs/adr, walk.py)."""
