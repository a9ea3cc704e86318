"""What must be there before the first run: the bucket, the work pools, the deployments.

Run it as often as you like: `python deploy/setup.py`. Prefect is reached at PREFECT_API_URL, the
bucket with VIGIE_LAKE_OPTIONS.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

from data.settings import settings

POOLS: Final = ("vigie-runs", "vigie-crawls")


def main() -> None:
    """Make what is missing; what is there stays, deployments are brought up to date."""
    if settings().lake.startswith("s3://"):
        bucket(settings().lake.removeprefix("s3://").partition("/")[0])
    for pool in POOLS:
        prefect("work-pool", "create", pool, "--type", "process", "--overwrite")
    file = Path(__file__).with_name("prefect.yaml")
    prefect("--no-prompt", "deploy", "--all", "--prefect-file", str(file))


def bucket(name: str) -> None:
    """Make the bucket if there is none."""
    from pyarrow import fs

    told = {key: value.get_secret_value() for key, value in settings().lake_options.items()}
    server = fs.S3FileSystem(
        access_key=told.get("AWS_ACCESS_KEY_ID"),
        secret_key=told.get("AWS_SECRET_ACCESS_KEY"),
        endpoint_override=told.get("AWS_ENDPOINT_URL"),
        region=told.get("AWS_REGION"),
        allow_bucket_creation=True,
    )
    server.create_dir(name)


def prefect(*arguments: str) -> None:
    """One of Prefect's own commands."""
    subprocess.run([sys.executable, "-m", "prefect", *arguments], check=True)  # noqa: S603 - ours


if __name__ == "__main__":
    main()
