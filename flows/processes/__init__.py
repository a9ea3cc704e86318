"""Child processes and Prefect's own, none left behind."""
