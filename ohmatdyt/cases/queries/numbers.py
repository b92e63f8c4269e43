"""How many case numbers have been given out."""

USED = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM case_number"
"""Numbers drawn so far, whether a case has them or not. One row is read, whatever the number of cases."""
