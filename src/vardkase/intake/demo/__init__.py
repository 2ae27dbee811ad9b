"""The fictitious region's alarms; all of it is made up by us."""
