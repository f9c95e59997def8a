"""The oracle itself, against published examples and hashlib."""

import hashlib

import oracle


def test_keccak_core_is_the_one_of_sha3():
    for length in (0, 1, 135, 136, 137, 300):
        message = bytes(i % 251 for i in range(length))
        assert oracle.keccak(message, 0x06) == hashlib.sha3_256(message).digest()


def test_keccak256_of_the_empty_string():
    # Ethereum Yellow Paper, appendix: KEC(()), the code hash of an account without code.
    known = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert oracle.DIGEST["keccak256"](b"").hex() == known


def test_sm3_examples_of_the_standard():
    # GB/T 32905-2016, appendix A.
    known = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert oracle.sm3(b"abc").hex() == known
    known = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    assert oracle.sm3(b"abcd" * 16).hex() == known
