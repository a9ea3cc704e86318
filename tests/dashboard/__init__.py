"""The dashboard’s tests."""
