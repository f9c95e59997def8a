"""Parts of a job as tasks of a Ray cluster: who does them, and what becomes of those that are lost."""

import dataclasses
import functools
import time
from typing import Iterator, List, Mapping, Optional, Sequence

import ray

from .._chaincard import ChaincardError
from . import _work

#: Seconds between two looks at whether there still are workers.
TICK = 0.5


class WorkersError(ChaincardError):
    """No worker of the cluster gave an answer: those who tried were lost, or there are none.

    ``__cause__`` is Ray's exception, if there is one. The job is lost, and nothing is known of it.
    """


@dataclasses.dataclass(frozen=True)
class Workers:
    """Who does a job, and in how many parts.

    parts: into how many parts a job is split, at most one for each of its items; by default as many as
        the cluster can do at a time.
    device: what each worker opens, as ``chaincard.open`` takes it; by default the processor with
        ``cpus`` threads. A process opens a device once.
    cpus: CPUs that Ray sets aside for a part.
    resources: what else a part needs, of what Ray's nodes say they have, such as ``{"card": 1}``.
    retries: how often a part whose worker dies is begun anew elsewhere.
    timeout: seconds after which a job is given up; by default it may take any time.
    patience: seconds after which a job is given up when no node has what a part needs.

    Parts of a job that is given up are not recalled: those that have begun go on.

    Raises ValueError for numbers out of range.

    >>> from chaincard.ray import Workers
    >>> Workers(parts=8, device="opencl", resources={"card": 1}).parts
    8
    """

    parts: Optional[int] = None
    device: Optional[str] = None
    cpus: float = 1
    resources: Mapping[str, float] = dataclasses.field(default_factory=dict)
    retries: int = 3
    timeout: Optional[float] = None
    patience: float = 10.0

    def __post_init__(self):
        for name, least in [("parts", 1), ("cpus", 0), ("retries", 0), ("timeout", 0), ("patience", 0)]:
            value = getattr(self, name)
            if value is not None and not value >= least:
                raise ValueError(f"{name} must be {least} or more, not {value}")

    @property
    def device_name(self) -> str:
        """The device that a worker opens."""
        return self.device or f"cpu:{max(1, int(self.cpus))}"

    def split(self, count: int) -> List[slice]:
        """Ranges of ``count`` items, of nearly equal length and none empty."""
        if count == 0:
            return []
        parts = min(self.parts or max(1, self._at_a_time()), count)
        ends = [count * part // parts for part in range(parts + 1)]
        return [slice(start, end) for start, end in zip(ends, ends[1:])]

    def run(self, work, jobs: Sequence[tuple]) -> list:
        """The results of ``work`` with the arguments of each job, in their order."""
        task = _task().options(
            num_cpus=self.cpus,
            resources=dict(self.resources),
            max_retries=self.retries,
            scheduling_strategy="SPREAD",
        )
        try:
            places = {task.remote(work, *job): place for place, job in enumerate(jobs)}
        except (ValueError, ray.exceptions.RayError) as error:
            # Ray refuses references that another cluster gave.
            raise WorkersError(f"the cluster does not take the parts: {_line(error)}") from error
        results = [None] * len(places)
        # After an error the other parts are left to end: if `ray.cancel` of Ray 2.60 meets a part that
        # is just ending, it ends this process.
        for reference, result in self._answers(list(places)):
            results[places[reference]] = result
        return results

    def _answers(self, pending: list) -> Iterator[tuple]:
        """Each result as it comes."""
        start = able = time.monotonic()
        while pending:
            done, pending = ray.wait(pending, timeout=TICK)
            for reference in done:
                yield reference, _result(reference)
            now = time.monotonic()
            if done or self._at_a_time():
                able = now
            if now - able > self.patience:
                raise WorkersError("no node of the cluster has what a part needs")
            if self.timeout is not None and pending and now - start > self.timeout:
                raise WorkersError(f"{len(pending)} parts have no answer after {self.timeout} s")

    def _at_a_time(self) -> int:
        """How many parts the cluster can do at a time."""
        if not ray.is_initialized():
            ray.init()
        demands = {"CPU": self.cpus, **self.resources}
        demands = {name: amount for name, amount in demands.items() if amount > 0}
        nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
        if not demands:
            return len(nodes)
        return sum(
            int(min(node.get(name, 0) / amount for name, amount in demands.items())) for node in nodes
        )


def _result(reference):
    try:
        answer = ray.get(reference)
    except ray.exceptions.RayError as error:
        raise WorkersError(f"a part has no answer: {_line(error)}") from error
    if isinstance(answer, ChaincardError):
        raise answer
    return answer


def _line(error: Exception) -> str:
    return repr(getattr(error, "cause", None) or error).splitlines()[0]


@functools.lru_cache(maxsize=None)
def _task():
    return ray.remote(_work.attempt)
