"""The schedule, and what is sent out by it: alerts, digests, reports; sign-in."""
