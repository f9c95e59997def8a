"""`chaincard.bench`: rows, table, chart."""

import sys

import chaincard
import pytest

SMALL = dict(shapes=[(64, 128), (1000, 1)], threads=[1], rounds=1, sample_ms=0.01)


def table(**options):
    return chaincard.bench("cpu", **{"plot": False, **SMALL, **options})


def test_one_row_for_each_contender():
    rows = table()
    for algorithm in chaincard.ALGORITHMS:
        for size in (64, 1000):
            own = [row for row in rows if (row.operation, row.size) == (algorithm, size)]
            assert [row.device for row in own if row.peer is None] == ["cpu"]
            assert any(row.peer for row in own)
    assert all(row.ns_per_item > 0 for row in rows)


def test_ratios_are_against_the_fastest_library():
    row = dict(device="cpu", operation="sha256", size=64, batch=1, threads=1)
    own = chaincard.Row(**row, ns_per_item=50.0)
    slow = chaincard.Row(**row, ns_per_item=200.0, peer="slow")
    fast = chaincard.Row(**row, ns_per_item=100.0, peer="fast")
    assert chaincard.BenchTable([own, slow, fast]).ratio(own) == 2.0
    assert chaincard.BenchTable([own]).ratio(own) is None


def test_it_prints_as_text_and_as_html():
    rows = table(algorithms=["sm3"])
    assert len(str(rows).splitlines()) == 1 + len(rows)
    assert repr(rows).startswith("<BenchTable")
    assert rows._repr_html_().count("<tr>") == 1 + len(rows)


def test_the_chart_is_drawn_and_written(tmp_path):
    pytest.importorskip("matplotlib")
    assert table(plot=False).figure is None
    rows = table(plot=None)
    assert [axes.get_title(loc="left") for axes in rows.figure.axes] == list(chaincard.ALGORITHMS)
    path = tmp_path / "bench.svg"
    rows.plot(path)
    assert path.read_text().lstrip().startswith("<?xml")


def test_without_matplotlib(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    rows = table(algorithms=["sha256"], plot=None)
    assert rows.figure is None
    with pytest.raises(ImportError, match=r"chaincard\[plot\]"):
        rows.plot()


@pytest.mark.parametrize(
    "options",
    [
        dict(shapes=[(0, 1)]),
        dict(shapes=[(1, 0)]),
        dict(threads=[0]),
        dict(sample_ms=-1.0),
        dict(sample_ms=float("nan")),
        dict(algorithms=["md5"]),
    ],
)
def test_wrong_options(options):
    with pytest.raises(ValueError):
        table(**options)
