"""What `hash_many` costs beside the Rust call that it makes.

Both hash the same numpy buffer in the same process, in turns, on the same device; the Rust
call is timed inside the extension, around the library's call and the allocation of its
output. Prints the medians and their ratio, and fails above the limit.

    python benches/overhead.py [MESSAGES] [--limit 1.10]
"""

import argparse
import statistics
import sys
import time

import chaincard
import numpy as np
from chaincard import _chaincard


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("messages", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--length", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--limit", type=float, default=1.10)
    arguments = parser.parse_args()

    shape = (arguments.messages, arguments.length)
    messages = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    device = chaincard.open(arguments.device)
    print(f"{shape[0]:,} messages of {shape[1]} bytes, {device!r}")
    print(f"{'algorithm':<10} {'Python ms':>10} {'Rust ms':>10} {'ratio':>7}")
    worst = 0.0
    for algorithm in device.algorithms:
        python, rust = [], []
        for turn in range(arguments.rounds + 1):
            start = time.perf_counter()
            digests = device.hash_many(algorithm, messages)
            elapsed = time.perf_counter() - start
            # Freed outside the timing, as on the Rust side.
            del digests
            inside = _chaincard.rust_call_seconds(device, algorithm, messages)
            if turn > 0:
                python.append(elapsed)
                rust.append(inside)
        ratio = statistics.median(python) / statistics.median(rust)
        worst = max(worst, ratio)
        print(
            f"{algorithm:<10} {statistics.median(python) * 1e3:>10.2f}"
            f" {statistics.median(rust) * 1e3:>10.2f} {ratio:>7.3f}"
        )
    print(f"worst ratio {worst:.3f}, limit {arguments.limit:.2f}")
    return 0 if worst <= arguments.limit else 1


if __name__ == "__main__":
    sys.exit(main())
