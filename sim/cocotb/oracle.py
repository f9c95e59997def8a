"""Digests that do not come from the code under test."""

import hashlib

from protocol import HashAlgorithm

_RATE = 136
_MASK = (1 << 64) - 1


def _rotate(x, n):
    return ((x << n) | (x >> (64 - n))) & _MASK if n else x


def _permute(a):
    """Keccak-f[1600] (FIPS 202, section 3.3) on a[x][y]."""
    lfsr = 1
    for _ in range(24):
        c = [a[x][0] ^ a[x][1] ^ a[x][2] ^ a[x][3] ^ a[x][4] for x in range(5)]
        d = [c[(x - 1) % 5] ^ _rotate(c[(x + 1) % 5], 1) for x in range(5)]
        a = [[a[x][y] ^ d[x] for y in range(5)] for x in range(5)]
        x, y, current = 1, 0, a[1][0]
        for t in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            current, a[x][y] = a[x][y], _rotate(current, (t + 1) * (t + 2) // 2 % 64)
        for y in range(5):
            row = [a[x][y] for x in range(5)]
            for x in range(5):
                a[x][y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5] & _MASK)
        for j in range(7):
            lfsr = ((lfsr << 1) ^ ((lfsr >> 7) * 0x71)) % 256
            if lfsr & 2:
                a[0][0] ^= 1 << ((1 << j) - 1)
    return a


def _keccak(message, domain):
    padded = bytearray(message) + bytes(_RATE - len(message) % _RATE)
    padded[len(message)] ^= domain
    padded[-1] ^= 0x80
    a = [[0] * 5 for _ in range(5)]
    for offset in range(0, len(padded), _RATE):
        for i in range(_RATE // 8):
            word = padded[offset + 8 * i : offset + 8 * i + 8]
            a[i % 5][i // 5] ^= int.from_bytes(word, "little")
        a = _permute(a)
    return b"".join(a[i][0].to_bytes(8, "little") for i in range(4))


def digest(algorithm, message):
    """The digest of a message."""
    if algorithm == HashAlgorithm.SHA256:
        return hashlib.sha256(message).digest()
    if algorithm == HashAlgorithm.SHA512:
        return hashlib.sha512(message).digest()
    if algorithm == HashAlgorithm.SHA3_256:
        return hashlib.sha3_256(message).digest()
    if algorithm == HashAlgorithm.KECCAK256:
        return _keccak(message, 0x01)
    return hashlib.new("sm3", message).digest()


def check():
    """Asserts that the oracle knows published values."""
    known = [
        (
            HashAlgorithm.KECCAK256,
            b"",
            "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
        ),
        (  # GB/T 32905-2016, example 1
            HashAlgorithm.SM3,
            b"abc",
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        ),
    ]
    for algorithm, message, expected in known:
        assert digest(algorithm, message).hex() == expected
    for length in (0, 3, 135, 136, 137, 300):
        message = bytes(range(256))[:length] + bytes(max(0, length - 256))
        assert _keccak(message, 0x06) == hashlib.sha3_256(message).digest()
