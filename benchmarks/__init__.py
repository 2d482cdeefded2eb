"""How fast Yiwang is: its real pages beside the bare limit of the same server, measured in the same run.

`python -m benchmarks` does it all; `search.py` measures the search index alone.
"""
