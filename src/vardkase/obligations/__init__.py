"""Which laws want a report of a case, by when, to whom, and what was decided and sent."""
