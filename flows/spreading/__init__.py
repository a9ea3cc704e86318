"""Runs that outgrow one machine: Prefect's work pools and Dask, with no engine of our own."""
