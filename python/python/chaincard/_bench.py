"""`bench`: devices beside the libraries that nodes use, as a table and as a chart."""

from __future__ import annotations

import dataclasses
import html
import os
from typing import TYPE_CHECKING, Iterator, Optional, Sequence, Union

from . import _chaincard

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Shapes of the standard bench: (bytes in a message, messages in a call).
STANDARD_SHAPES = ((64, 8192), (200, 4096), (1024, 1024), (8 << 20, 1))

_ALGORITHMS = ("sha256", "sha512", "keccak256", "sha3-256", "sm3")


@dataclasses.dataclass(frozen=True)
class Row:
    """One measurement."""

    device: str
    """Name of the device; ``cpu`` for another library."""
    operation: str
    """Algorithm."""
    size: int
    """Bytes in each message."""
    batch: int
    """Messages in one call."""
    threads: int
    """Threads of this machine that worked on it."""
    ns_per_item: float
    """Nanoseconds for each message."""
    peer: Optional[str] = None
    """Name of the library, when it is not chaincard."""

    @property
    def label(self) -> str:
        """Who was measured, and with how many threads."""
        name = self.peer or f"chaincard {self.device}"
        return name if self.threads == 1 else f"{name}, {self.threads} threads"

    @property
    def megabytes_per_second(self) -> float:
        """Millions of message bytes in a second."""
        return self.size * 1000.0 / self.ns_per_item


class BenchTable(Sequence[Row]):
    """The rows of a bench; prints as a table, in a notebook as HTML."""

    #: The chart that ``bench`` drew, if it drew one.
    figure: Optional["Figure"] = None

    def __init__(self, rows: Sequence[Row]):
        self.rows = list(rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index):
        return self.rows[index]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def ratio(self, row: Row) -> Optional[float]:
        """Time of the fastest other library divided by the row's: above 1 the row is faster.

        Libraries count that ran with as many threads; with any number for a device that does
        not compute with this machine's threads. ``None`` when there is none.
        """
        times = [
            other.ns_per_item
            for other in self.rows
            if other.peer is not None
            and (other.operation, other.size) == (row.operation, row.size)
            and (row.device != "cpu" or other.threads == row.threads)
        ]
        return min(times) / row.ns_per_item if times else None

    def _cells(self) -> Iterator[tuple]:
        for row in self.rows:
            ratio = self.ratio(row)
            yield (
                row.operation,
                f"{row.size:,}",
                f"{row.batch:,}",
                str(row.threads),
                row.peer or f"chaincard {row.device}",
                f"{row.ns_per_item:,.1f}",
                f"{row.megabytes_per_second:,.1f}",
                "" if ratio is None or row.peer is not None else f"{ratio:.2f}",
            )

    _HEAD = ("operation", "bytes", "batch", "threads", "who", "ns/item", "MB/s", "ratio")

    def __str__(self) -> str:
        lines = [self._HEAD, *self._cells()]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self._HEAD))]
        text = []
        for line in lines:
            cells = (
                cell.ljust(width) if column in (0, 4) else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(line, widths))
            )
            text.append("  ".join(cells).rstrip())
        return "\n".join(text)

    def __repr__(self) -> str:
        return f"<BenchTable of {len(self)} rows>\n{self}"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(cell)}</th>" for cell in self._HEAD)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in line) + "</tr>"
            for line in self._cells()
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def plot(self, path: Union[str, "os.PathLike[str]", None] = None) -> "Figure":
        """Draw throughput as bars: one panel for each algorithm, one group for each size.

        With ``path`` the chart is also written there, in the format of its ending.

        Raises ImportError when matplotlib is not installed.
        """
        try:
            from matplotlib.figure import Figure
        except ImportError as error:
            raise ImportError(
                "the chart needs matplotlib: pip install 'chaincard[plot]'"
            ) from error

        operations = list(dict.fromkeys(row.operation for row in self.rows))
        figure = Figure(figsize=(9, 1.2 + 2.4 * max(1, len(operations))), layout="constrained")
        panels = figure.subplots(max(1, len(operations)), 1, squeeze=False)[:, 0]
        colours = _colours(self.rows)
        for panel, operation in zip(panels, operations):
            _draw_panel(panel, [row for row in self.rows if row.operation == operation], colours)
            panel.set_title(operation, loc="left")
            panel.set_ylabel("MB/s")
        if path is not None:
            figure.savefig(os.fspath(path))
        return figure


def _colours(rows: Sequence[Row]) -> dict:
    labels = dict.fromkeys(row.label for row in rows)
    return {label: f"C{index % 10}" for index, label in enumerate(labels)}


def _draw_panel(panel, rows: Sequence[Row], colours: dict) -> None:
    sizes = sorted({row.size for row in rows})
    labels = list(dict.fromkeys(row.label for row in rows))
    width = 0.8 / max(1, len(labels))
    for number, label in enumerate(labels):
        own = [row for row in rows if row.label == label]
        positions = [
            sizes.index(row.size) + width * (number - (len(labels) - 1) / 2) for row in own
        ]
        heights = [row.megabytes_per_second for row in own]
        panel.bar(positions, heights, width, label=label, color=colours[label])
    # A simulated card is slower by orders of magnitude.
    panel.set_yscale("log")
    panel.set_xticks(range(len(sizes)), [_size_name(size) for size in sizes])
    panel.legend(fontsize="small", ncols=2)


def _size_name(size: int) -> str:
    for unit, name in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if size % unit == 0:
            return f"{size // unit} {name}"
    return f"{size} B"


def bench(
    devices: Union[str, "_chaincard.Device", Sequence[Union[str, "_chaincard.Device"]]] = "cpu",
    *,
    algorithms: Sequence[str] = _ALGORITHMS,
    shapes: Sequence[tuple] = STANDARD_SHAPES,
    threads: Optional[Sequence[int]] = None,
    rounds: int = 9,
    sample_ms: float = 3.0,
    peers: bool = True,
    plot: Union[bool, str, "os.PathLike[str]", None] = None,
) -> BenchTable:
    """Measure devices beside the libraries that nodes use: same input, same run.

    devices: names or opened devices.
    algorithms: names of algorithms.
    shapes: (bytes in a message, messages in a call), one group of rows for each.
    threads: numbers of threads for the CPU and the libraries; by default 1 and all.
    rounds, sample_ms: samples for each row, of which the median counts, and their length.
    peers: whether to measure the libraries.
    plot: by default the chart is drawn when matplotlib is installed; ``True`` insists,
        ``False`` leaves it out, a path also writes it there. It is in ``table.figure``.

    The digests of all of them are compared first; BenchError when they differ.

    >>> import chaincard
    >>> table = chaincard.bench(
    ...     "cpu", algorithms=["sha256"], shapes=[(64, 256)], threads=[1], rounds=3, plot=False
    ... )
    >>> sorted({row.peer or "chaincard" for row in table})
    ['aws-lc-rs', 'chaincard', 'sha2']
    >>> table.ratio(table[0]) > 0
    True
    """
    if isinstance(devices, (str, _chaincard.Device)):
        devices = [devices]
    opened = [
        _chaincard.open(device) if isinstance(device, str) else device for device in devices
    ]
    if threads is None:
        threads = sorted({1, os.cpu_count() or 1})
    table = BenchTable(
        [
            Row(**row)
            for row in _chaincard.bench_rows(
                opened,
                algorithms=list(algorithms),
                shapes=[tuple(shape) for shape in shapes],
                threads=list(threads),
                rounds=rounds,
                sample_ms=sample_ms,
                peers=peers,
            )
        ]
    )
    if plot is None:
        try:
            table.figure = table.plot()
        except ImportError:
            pass
    elif plot is not False:
        table.figure = table.plot(None if plot is True else plot)
    return table
