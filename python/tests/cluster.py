"""Work for the cluster of the tests that does not end as it should."""

import os
import signal
import tempfile
import time

import ray
from chaincard.ray import _work

#: Seconds after which a test that waits for a worker has failed.
PATIENCE = 120


def note(folder):
    """Leaves a file that says which process of which node has begun; gives how many had before."""
    place = 0
    with tempfile.NamedTemporaryFile("w", dir=folder) as file:
        file.write(f"{os.getpid()} {ray.get_runtime_context().get_node_id()}")
        file.flush()
        while True:
            try:
                os.link(file.name, os.path.join(folder, str(place)))
                return place
            except FileExistsError:
                place += 1


def noted(folder):
    """Processes and nodes, in the order in which they began."""
    names = sorted((name for name in os.listdir(folder) if name.isdigit()), key=int)
    lines = [(folder / name).read_text().split() for name in names]
    return [(int(process), node) for process, node in lines]


def wait_until(done):
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "the workers are late"
        time.sleep(0.01)


def hanging(folder, name, times=1):
    """The work of this name, that hangs in the first parts that begin."""

    def hang(*arguments):
        if note(folder) < times:
            while True:
                signal.pause()
        return getattr(_work, name)(*arguments)

    return hang


def dying(folder, name, times):
    """The work of this name, whose process dies in the first parts that begin."""

    def die(*arguments):
        if note(folder) < times:
            os.kill(os.getpid(), signal.SIGKILL)
        return getattr(_work, name)(*arguments)

    return die
