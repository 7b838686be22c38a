"""What the figures in docs/performance.md are made with: ``python -m bench`` (``make bench``).

Each stage of the hub is measured beside its floor (the same client libraries only moving the same bytes) and
beside the hand-written way (a handler and a transaction per message), alternately, in one run.
"""
