"""The driven side: one driver each behind the application's ports."""
