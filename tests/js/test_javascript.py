"""The scripts' own tests, as one test of this suite."""

import subprocess
from pathlib import Path

from playwright._impl._driver import compute_driver_executable

HERE = Path(__file__).parent


def test_scripts_pass_their_own_tests() -> None:
    node = compute_driver_executable()[0]
    tests = sorted(str(path) for path in HERE.glob("*.test.mjs"))
    run = subprocess.run(
        [node, "--no-warnings", "--test", *tests], capture_output=True, text=True, timeout=60, check=False
    )
    assert tests
    assert run.returncode == 0, run.stdout + run.stderr
