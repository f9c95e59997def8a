"""Digests by code that is not chaincard's: hashlib, and SM3 and Keccak-256 as their standards
have them (hashlib has SHA3-256 but not Keccak-256, and SM3 only with some builds of OpenSSL)."""

import hashlib


def _rotl(value, count, width):
    count %= width
    mask = (1 << width) - 1
    return ((value << count) | (value >> (width - count))) & mask


def _keccak_f(lanes):
    """Keccak-f[1600], FIPS 202 section 3.3; lanes[x][y]."""
    lfsr = 1
    for _ in range(24):
        c = [lanes[x][0] ^ lanes[x][1] ^ lanes[x][2] ^ lanes[x][3] ^ lanes[x][4] for x in range(5)]
        d = [c[(x + 4) % 5] ^ _rotl(c[(x + 1) % 5], 1, 64) for x in range(5)]
        lanes = [[lanes[x][y] ^ d[x] for y in range(5)] for x in range(5)]
        x, y, current = 1, 0, lanes[1][0]
        for t in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            current, lanes[x][y] = lanes[x][y], _rotl(current, (t + 1) * (t + 2) // 2, 64)
        lanes = [
            [lanes[x][y] ^ (~lanes[(x + 1) % 5][y] & lanes[(x + 2) % 5][y]) for y in range(5)]
            for x in range(5)
        ]
        for j in range(7):
            if lfsr & 1:
                lanes[0][0] ^= 1 << ((1 << j) - 1)
            lfsr = (lfsr << 1) ^ (0x171 if lfsr >> 7 else 0)
    return lanes


def keccak(message, suffix, rate=136):
    """The sponge with 256 bits of output; suffix 0x01 is Keccak-256, 0x06 SHA3-256."""
    padded = bytearray(message) + bytes([suffix])
    padded += bytes(-len(padded) % rate)
    padded[-1] |= 0x80
    lanes = [[0] * 5 for _ in range(5)]
    for start in range(0, len(padded), rate):
        for index in range(rate // 8):
            word = padded[start + 8 * index : start + 8 * index + 8]
            lanes[index % 5][index // 5] ^= int.from_bytes(word, "little")
        lanes = _keccak_f(lanes)
    return b"".join(lanes[x][0].to_bytes(8, "little") for x in range(4))


def sm3(message):
    """GB/T 32905-2016, section 5."""
    mask = 0xFFFFFFFF
    state = [
        0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
        0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
    ]  # fmt: skip

    def rol(value, count):
        return _rotl(value, count, 32)

    padded = bytes(message) + b"\x80"
    padded += bytes((56 - len(padded)) % 64) + (8 * len(message)).to_bytes(8, "big")
    for start in range(0, len(padded), 64):
        w = [int.from_bytes(padded[start + 4 * i : start + 4 * i + 4], "big") for i in range(16)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rol(w[j - 3], 15)
            w.append(x ^ rol(x, 15) ^ rol(x, 23) ^ rol(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            t = 0x79CC4519 if j < 16 else 0x7A879D8A
            ss1 = rol((rol(a, 12) + e + rol(t, j)) & mask, 7)
            ss2 = ss1 ^ rol(a, 12)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & mask & g)
            tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & mask
            tt2 = (gg + h + ss1 + w[j]) & mask
            a, b, c, d = tt1, a, rol(b, 9), c
            e, f, g, h = tt2 ^ rol(tt2, 9) ^ rol(tt2, 17), e, rol(f, 19), g
        state = [x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h))]
    return b"".join(word.to_bytes(4, "big") for word in state)


DIGEST = {
    "sha256": lambda message: hashlib.sha256(message).digest(),
    "sha512": lambda message: hashlib.sha512(message).digest(),
    "keccak256": lambda message: keccak(message, 0x01),
    "sha3-256": lambda message: hashlib.sha3_256(message).digest(),
    "sm3": sm3,
}

LENGTH = {name: 64 if name == "sha512" else 32 for name in DIGEST}
