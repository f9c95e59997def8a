"""Verdicts on signatures, and the names of what they are judged by.

Generated from the crate chaincard-protocol by `cargo xtask generate`; do not edit.
"""

from enum import IntEnum

#: Signature schemes.
SCHEMES = ("secp256k1", "sm2", "ed25519", "p256")

#: Profiles of each scheme.
PROFILES = {
    "secp256k1": (
        "bitcoin",
        "bitcoin-low-s",
        "ethereum",
        "ethereum-transaction",
    ),
    "sm2": (
        "gm",
    ),
    "ed25519": (
        "rfc8032",
        "zip215",
        "strict",
    ),
    "p256": (
        "rip7212",
        "fips186",
    ),
}

#: What stands before the signed number.
HASHINGS = ("digest", "sha256", "double-sha256", "keccak256", "sm3", "message")


class Verdict(IntEnum):
    """Verdict on one signature: 1 is valid, nothing else is."""

    #: The equation does not hold; under `rip7212` also whatever else is wrong. Recovery: no such point, or infinity.
    INVALID = 0
    #: Valid.
    VALID = 1
    #: s is above n/2 where the profile wants it low (invalid).
    HIGH_S = 2
    #: A point of small order where the profile refuses it (invalid).
    SMALL_ORDER = 3
    #: Signature of a wrong length.
    SIGNATURE_LENGTH = 8
    #: Signature is not strict DER.
    SIGNATURE_ENCODING = 9
    #: r is 0 or at least n.
    RANGE_R = 10
    #: s is 0 or at least n; Ed25519: S is at least L.
    RANGE_S = 11
    #: SM2: r + s is 0 modulo n.
    RANGE_T = 12
    #: Recovery id is none of 0, 1, 2, 3 (27, 28).
    RECOVERY_ID = 13
    #: Public key of a wrong length.
    KEY_LENGTH = 16
    #: Public key with an unknown or wrong first byte.
    KEY_ENCODING = 17
    #: A coordinate of the public key is not below p.
    KEY_RANGE = 18
    #: Public key is no point of the curve.
    KEY_NOT_ON_CURVE = 19
    #: Public key is the point at infinity.
    KEY_INFINITY = 20
    #: Digest of another length than 32 bytes.
    DIGEST_LENGTH = 24
    #: User id of more than 8,191 bytes.
    USER_ID_LENGTH = 25

    @property
    def is_malformed(self) -> bool:
        """Whether there was no signature, key or digest of the scheme at all."""
        return self in (
            Verdict.SIGNATURE_LENGTH,
            Verdict.SIGNATURE_ENCODING,
            Verdict.RANGE_R,
            Verdict.RANGE_S,
            Verdict.RANGE_T,
            Verdict.RECOVERY_ID,
            Verdict.KEY_LENGTH,
            Verdict.KEY_ENCODING,
            Verdict.KEY_RANGE,
            Verdict.KEY_NOT_ON_CURVE,
            Verdict.KEY_INFINITY,
            Verdict.DIGEST_LENGTH,
            Verdict.USER_ID_LENGTH,
        )
