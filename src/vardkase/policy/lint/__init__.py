"""The checks of `vardkase policy check`, many, small and named; `policy/check.py` runs them."""
