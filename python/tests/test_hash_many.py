"""Digests and arguments of `Device.hash_many`."""

import sys
import threading

import chaincard
import numpy as np
import oracle
import pytest

ALGORITHMS = list(oracle.DIGEST)
SEED = 20240229


def rows(digests):
    return [row.tobytes() for row in digests]


def test_the_algorithms_are_all_here(cpu):
    assert tuple(cpu.algorithms) == chaincard.ALGORITHMS == tuple(ALGORITHMS)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_length_around_the_blocks(cpu, algorithm):
    rng = np.random.default_rng(SEED)
    messages = [rng.bytes(length) for length in range(0, 300)]
    digests = cpu.hash_many(algorithm, messages)
    assert digests.shape == (300, oracle.LENGTH[algorithm])
    assert digests.dtype == np.uint8
    assert rows(digests) == [oracle.DIGEST[algorithm](message) for message in messages]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("length", [0, 1, 55, 64, 136, 200])
def test_rows_of_an_array(cpu, algorithm, length):
    messages = np.random.default_rng(SEED).integers(0, 256, (17, length), dtype=np.uint8)
    wanted = [oracle.DIGEST[algorithm](row.tobytes()) for row in messages]
    assert rows(cpu.hash_many(algorithm, messages)) == wanted


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_simulated_card(sim, algorithm):
    messages = [b"", b"abc", bytes(200)]
    assert sim.kind == "simulated"
    wanted = [oracle.DIGEST[algorithm](message) for message in messages]
    assert rows(sim.hash_many(algorithm, messages)) == wanted


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_no_messages(cpu, algorithm):
    empty = (0, oracle.LENGTH[algorithm])
    assert cpu.hash_many(algorithm, []).shape == empty
    assert cpu.hash_many(algorithm, np.zeros((0, 64), np.uint8)).shape == empty
    assert cpu.hash_many(algorithm, np.zeros((0, 0), np.uint8)).shape == empty


@pytest.mark.parametrize(
    "view",
    [
        lambda base: base[::2],
        lambda base: base[:, ::3],
        lambda base: base[::-1, ::-1],
        lambda base: base.T,
        lambda base: np.asfortranarray(base),
        lambda base: np.broadcast_to(base[0], (5, base.shape[1])),
    ],
)
def test_arrays_that_are_not_contiguous(cpu, view):
    messages = view(np.random.default_rng(SEED).integers(0, 256, (40, 90), dtype=np.uint8))
    wanted = [oracle.DIGEST["sha256"](row.tobytes()) for row in messages]
    assert rows(cpu.hash_many("sha256", messages)) == wanted


def test_read_only_arrays(cpu):
    messages = np.zeros((3, 64), np.uint8)
    messages.flags.writeable = False
    assert rows(cpu.hash_many("sha256", messages)) == [oracle.DIGEST["sha256"](bytes(64))] * 3


def test_every_bytes_like_object(cpu):
    array = np.arange(100, dtype=np.uint8)
    messages = [
        b"bytes",
        bytearray(b"bytearray"),
        memoryview(b"memoryview")[3:],
        array,
        array[::3],
        memoryview(bytes(10))[::2],
        b"",
    ]
    wanted = [oracle.DIGEST["sm3"](bytes(message)) for message in messages]
    for given in (messages, tuple(messages), iter(messages)):
        assert rows(cpu.hash_many("sm3", given)) == wanted


def test_a_huge_list(cpu):
    messages = [index.to_bytes(4, "little") for index in range(200_000)]
    digests = cpu.hash_many("sha256", messages)
    assert digests.shape == (200_000, 32)
    for index in (0, 1, 99_999, 199_999):
        assert digests[index].tobytes() == oracle.DIGEST["sha256"](messages[index])


def test_out_is_filled_and_returned(cpu):
    messages = np.zeros((4, 10), np.uint8)
    out = np.full((4, 64), 255, np.uint8)
    assert cpu.hash_many("sha512", messages, out) is out
    assert rows(out) == [oracle.DIGEST["sha512"](bytes(10))] * 4
    assert cpu.hash_many("sha512", [], out=np.zeros((0, 64), np.uint8)).shape == (0, 64)


def read_only(array):
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    "out",
    [
        np.zeros((4, 32), np.uint8),
        np.zeros((3, 64), np.uint8),
        np.zeros(256, np.uint8),
        np.zeros((4, 64), np.int8),
        np.zeros((4, 128), np.uint8)[:, ::2],
        read_only(np.zeros((4, 64), np.uint8)),
    ],
)
def test_an_out_that_does_not_fit(cpu, out):
    with pytest.raises(ValueError):
        cpu.hash_many("sha512", np.zeros((4, 10), np.uint8), out)


def test_out_must_not_overlap_the_messages(cpu):
    buffer = np.zeros((4, 32), np.uint8)
    with pytest.raises(ValueError, match="overlap"):
        cpu.hash_many("sha256", buffer, buffer)


@pytest.mark.parametrize(
    "messages",
    [
        np.zeros((2, 2), np.int8),
        np.zeros((2, 2), np.uint16),
        np.zeros((2, 2), np.float64),
        np.zeros((2, 2), bool),
        np.zeros((2, 2), object),
        np.zeros(4, np.uint8),
        np.zeros((2, 2, 2), np.uint8),
        np.array(1, np.uint8),
        [np.zeros((2, 2), np.uint8)],
        [np.zeros(2, np.uint16)],
    ],
)
def test_arrays_of_a_wrong_shape_or_type(cpu, messages):
    with pytest.raises(ValueError):
        cpu.hash_many("sha256", messages)


@pytest.mark.parametrize("messages", [None, 7, "text", b"bytes", ["text"], [1, 2], [b"ok", None]])
def test_what_is_not_a_list_of_bytes(cpu, messages):
    with pytest.raises(TypeError):
        cpu.hash_many("sha256", messages)


@pytest.mark.parametrize("algorithm", ["", "md5", "SHA256 ", "sha256\0"])
def test_unknown_algorithms(cpu, algorithm):
    with pytest.raises(ValueError, match="unknown algorithm"):
        cpu.hash_many(algorithm, [b""])


def test_an_iterator_that_raises(cpu):
    def broken():
        yield b"one"
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        cpu.hash_many("sha256", broken())


def test_references_are_given_back(cpu):
    message = bytes(1000)
    before = sys.getrefcount(message)
    for _ in range(10):
        cpu.hash_many("sha256", [message, message])
    assert sys.getrefcount(message) == before


def test_the_gil_is_released(cpu):
    """While one thread hashes, another one gets to run Python code.

    A call that kept the GIL would let the main thread see the event only after it, when the
    worker has already said that it is done.
    """
    message = [bytes(64 << 20)]
    started, finished = threading.Event(), threading.Event()

    def work():
        started.set()
        cpu.hash_many("sm3", message)
        finished.set()

    switch = sys.getswitchinterval()
    # Long enough that only a released GIL, not a forced switch, lets the other thread run.
    sys.setswitchinterval(1000)
    try:
        for _ in range(5):
            started.clear()
            finished.clear()
            worker = threading.Thread(target=work)
            worker.start()
            started.wait()
            ran_meanwhile = not finished.is_set()
            worker.join()
            if ran_meanwhile:
                return
    finally:
        sys.setswitchinterval(switch)
    pytest.fail("no Python code ran while the device was hashing")


def test_threads_share_a_device(cpu):
    messages = [bytes([index]) * 100 for index in range(256)]
    wanted = [oracle.DIGEST["sha256"](message) for message in messages]
    results = [None] * 8

    def work(index):
        results[index] = rows(cpu.hash_many("sha256", messages))

    threads = [threading.Thread(target=work, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [wanted] * 8
