"""Alerts of machines before anyone has looked: stored in bulk, folded, counted."""
