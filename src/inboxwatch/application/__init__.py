"""Use cases: poll, review, remind, audit and query, over the ports."""
