"""The one page of the first day."""
