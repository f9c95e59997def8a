"""Signatures to verify, by code that is not chaincard's: the textbook formulas."""

import hashlib

import oracle

#: p, a, b, n, generator of y² = x³ + ax + b.
CURVES = {
    "secp256k1": (
        2**256 - 2**32 - 977,
        0,
        7,
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141,
        (
            0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
            0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
        ),
    ),
    "p256": (
        2**256 - 2**224 + 2**192 + 2**96 - 1,
        -3,
        0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
        (
            0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
            0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
        ),
    ),
    "sm2": (
        2**256 - 2**224 - 2**96 + 2**64 - 1,
        -3,
        0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93,
        0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123,
        (
            0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
            0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
        ),
    ),
}


def _add(curve, left, right):
    p, a = CURVES[curve][:2]
    if left is None or right is None:
        return left or right
    (x1, y1), (x2, y2) = left, right
    if x1 == x2:
        if (y1 + y2) % p == 0:
            return None
        slope = (3 * x1 * x1 + a) * pow(2 * y1, -1, p)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, p)
    x = (slope * slope - x1 - x2) % p
    return x, (slope * (x1 - x) - y1) % p


def multiply(curve, scalar, point=None):
    """scalar times point, of the generator when none is given."""
    point = point or CURVES[curve][4]
    result = None
    while scalar:
        if scalar & 1:
            result = _add(curve, result, point)
        point = _add(curve, point, point)
        scalar >>= 1
    return result


def b32(number):
    return number.to_bytes(32, "big")


def _double(message):
    return hashlib.sha256(hashlib.sha256(message).digest()).digest()


HASH = {
    "digest": lambda message: message,
    "sha256": oracle.DIGEST["sha256"],
    "double-sha256": _double,
    "keccak256": oracle.DIGEST["keccak256"],
}


def ecdsa(curve, secret, nonce, message, hashing="digest", low_s=False):
    """Key (64 bytes) and signature (65 bytes, with recovery id); SEC 1 section 4.1.3."""
    n = CURVES[curve][3]
    x, y = multiply(curve, nonce)
    r, e = x % n, int.from_bytes(HASH[hashing](message), "big")
    s = pow(nonce, -1, n) * (e + r * secret) % n
    identifier = y & 1 | (x >= n) << 1
    if low_s and s > n // 2:
        s, identifier = n - s, identifier ^ 1
    qx, qy = multiply(curve, secret)
    return b32(qx) + b32(qy), b32(r) + b32(s) + bytes([identifier])


def sm2(secret, nonce, message, user_id=b"1234567812345678"):
    """Key and signature (64 bytes each); GB/T 32918.2 section 6."""
    p, a, b, n, (gx, gy) = CURVES["sm2"]
    qx, qy = multiply("sm2", secret)
    parts = [a % p, b, gx, gy, qx, qy]
    za = oracle.sm3((8 * len(user_id)).to_bytes(2, "big") + user_id + b"".join(map(b32, parts)))
    e = int.from_bytes(oracle.sm3(za + message), "big")
    r = (e + multiply("sm2", nonce)[0]) % n
    s = pow(1 + secret, -1, n) * (nonce - r * secret) % n
    return b32(qx) + b32(qy), b32(r) + b32(s)


_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_B = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    46316835694926478169428394003475163141307993866256225615783033603165251855960,
)


def _edwards_add(left, right):
    (x1, y1), (x2, y2) = left, right
    t = _D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + t, -1, _P)
    y = (y1 * y2 + x1 * x2) * pow(1 - t, -1, _P)
    return x % _P, y % _P


def _edwards(scalar):
    result, point = (0, 1), _B
    while scalar:
        if scalar & 1:
            result = _edwards_add(result, point)
        point = _edwards_add(point, point)
        scalar >>= 1
    x, y = result
    return (y | (x & 1) << 255).to_bytes(32, "little")


def ed25519(seed, message):
    """Key (32 bytes) and signature (64 bytes); RFC 8032 section 5.1.6."""
    digest = hashlib.sha512(seed).digest()
    secret = int.from_bytes(digest[:32], "little") & (2**254 - 8) | 2**254
    key = _edwards(secret)

    def number(data):
        return int.from_bytes(hashlib.sha512(data).digest(), "little") % _L

    nonce = number(digest[32:] + message)
    commitment = _edwards(nonce)
    s = (nonce + number(commitment + key + message) * secret) % _L
    return key, commitment + s.to_bytes(32, "little")


def der(signature):
    """Strict DER of the 64 bytes."""

    def integer(number):
        content = number.lstrip(b"\0") or b"\0"
        content = b"\0" + content if content[0] & 0x80 else content
        return b"\x02" + bytes([len(content)]) + content

    body = integer(signature[:32]) + integer(signature[32:64])
    return b"\x30" + bytes([len(body)]) + body


def compressed(key):
    return bytes([2 | key[63] & 1]) + key[:32]
