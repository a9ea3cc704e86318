"""What runs when: Prefect flows, the `vigie` command, alerts, schedules."""
