"""How Swedish pages write days and times: `22 nov 2026 09.15`."""

DATE_FORMAT = "j b Y"
TIME_FORMAT = "H.i"
DATETIME_FORMAT = "j b Y H.i"
SHORT_DATETIME_FORMAT = "j b H.i"  # where the year is plain
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
