"""Run the installed `vigie` command as a user would."""

import os
import subprocess
import sys
from pathlib import Path

VIGIE = Path(sys.executable).with_name("vigie")


def vigie(*arguments, expect=(0,), timeout_s=300, **environment):
    """The finished command; fails where its exit code is not an expected one."""
    done = subprocess.run(
        [str(VIGIE), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        env={**os.environ, **environment},
        check=False,
    )
    assert done.returncode in expect, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done
