"""Wire format and register map of a chaincard card.

Generated from the crate chaincard-protocol by `cargo xtask generate`; do not edit.
"""

import struct
import zlib
from enum import IntEnum

PROTOCOL_VERSION = 0x1  # Protocol version.
MAGIC = 0x44524343  # First word of a frame, little-endian: "CCRD".
HEADER_LEN = 0x14  # Bytes in a header, its CRC included.
TRAILER_LEN = 0x4  # Bytes behind the payload: its CRC.
REPLY_BIT = 0x80  # Set in the opcode of a reply.
TAG_UNKNOWN = 0xFFFF  # Tag of an error frame whose request's tag could not be read.
CRC_POLYNOMIAL = 0xEDB88320  # CRC-32 (IEEE 802.3): polynomial, reflected.
CRC_INITIAL = 0xFFFFFFFF  # CRC-32: state after no input, before the final complement.


class Opcode(IntEnum):
    """What a frame asks for or answers."""

    # Items: register addresses (u32). Reply: their values (u32).
    READ_REGISTERS = 0x1
    # Items: address (u32) and value (u32). Reply: no items.
    WRITE_REGISTERS = 0x2
    # Items: messages. Reply: status and digest of each.
    HASH = 0x10
    # Items: signatures with their keys and messages. Reply: status and verdict of each.
    VERIFY = 0x11
    # Items: signatures with their messages. Reply: status, verdict and public key of each.
    RECOVER = 0x12
    # Items: terms of multi-scalar multiplications. Reply: status and sums of the windows of each.
    MULTIPLY = 0x13
    # Reply only, without the reply bit: the request was not carried out; `param` says why.
    ERROR = 0xFF


class Reject(IntEnum):
    """Why a card did not carry out a request: `param` of an error frame. The first check that fails decides: header CRC, version, opcode, `param`, payload length a multiple of 4, item count, payload length of a register frame, payload CRC, lengths of messages and signature items, register addresses."""

    # Header CRC wrong; the tag is 0xFFFF and the card looks for the next magic.
    HEADER_CRC = 0x1
    # Header CRC right, another protocol version; the tag is 0xFFFF and the card looks for the next magic.
    VERSION = 0x2
    # Opcode unknown to this card.
    OPCODE = 0x3
    # `param` unknown to this card (an algorithm, a scheme or a curve that it does not have).
    PARAM = 0x4
    # Payload length, item count and item lengths disagree, or the length is no multiple of 4.
    LENGTH = 0x5
    # Payload CRC wrong; no item of the frame was answered.
    PAYLOAD_CRC = 0x6
    # More items than the register MaxItems says.
    TOO_MANY_ITEMS = 0x7
    # The link fell silent inside a frame for as many cycles as the register LinkTimeout says.
    LINK_TIMEOUT = 0x8
    # Register address unknown, or written though read-only.
    REGISTER = 0x9


class HashAlgorithm(IntEnum):
    """Hash functions: `param` of a hash request, and bit in the register Capabilities."""

    # SHA-256, FIPS 180-4.
    SHA256 = 0x0
    # SHA-512, FIPS 180-4.
    SHA512 = 0x1
    # Keccak-256 with the original padding (`0x01`), as Ethereum uses it.
    KECCAK256 = 0x2
    # SHA3-256, FIPS 202.
    SHA3_256 = 0x3
    # SM3, GB/T 32905-2016.
    SM3 = 0x4


class ItemStatus(IntEnum):
    """Status of one item in a reply."""

    # The digest, verdict or sums follow.
    DONE = 0x0
    # The engine gave no answer within as many cycles as the register EngineTimeout says.
    ENGINE_TIMEOUT = 0x1


class Scheme(IntEnum):
    """Signature schemes: bits 3 ... 0 of `param`, and bit in the register VerifyCapabilities."""

    # ECDSA over secp256k1, SEC 1 section 4.1.4.
    SECP256K1 = 0x0
    # SM2, GB/T 32918.2-2016.
    SM2 = 0x1
    # Ed25519, RFC 8032 section 5.1.
    ED25519 = 0x2
    # ECDSA over P-256, FIPS 186-5 section 6.4.2.
    P256 = 0x3


class Profile(IntEnum):
    """Rules of a scheme: bits 7 ... 4 of `param`."""

    # secp256k1 as Bitcoin's consensus has it: both halves of s, hybrid keys.
    BITCOIN = 0x0
    # As `bitcoin`, with low s (BIP 146).
    BITCOIN_LOW_S = 0x1
    # secp256k1 as Ethereum's precompile has it: both halves of s.
    ETHEREUM = 0x2
    # secp256k1 as in an Ethereum transaction: low s (EIP-2).
    ETHEREUM_TRANSACTION = 0x3
    # SM2 as in GM/T 0003.2.
    GM = 0x4
    # Ed25519, RFC 8032: equation without cofactor, canonical encodings.
    RFC8032 = 0x5
    # Ed25519, ZIP 215: equation with cofactor, any encoding of a point.
    ZIP215 = 0x6
    # Ed25519 as verify_strict of ed25519-dalek: no points of small order.
    STRICT = 0x7
    # P-256 as in RIP-7212: what is malformed is invalid.
    RIP7212 = 0x8
    # P-256 as in FIPS 186-5.
    FIPS186 = 0x9


class Hashing(IntEnum):
    """What stands before the signed number: bits 11 ... 8 of `param`."""

    # A digest of 32 bytes is given (for SM2: e).
    DIGEST = 0x0
    # SHA-256 of the message.
    SHA256 = 0x1
    # SHA-256 of SHA-256 of the message.
    DOUBLE_SHA256 = 0x2
    # Keccak-256 of the message.
    KECCAK256 = 0x3
    # SM2: SM3 of ZA, which is made of the user id and the key, and the message.
    SM3 = 0x4
    # Ed25519: the message, hashed with SHA-512 as the scheme has it.
    MESSAGE = 0x5


class Verdict(IntEnum):
    """Verdict on one signature; the first rule that fails decides."""

    # The equation does not hold; under `rip7212` also whatever else is wrong. Recovery: no such point, or infinity.
    INVALID = 0x0
    # Valid.
    VALID = 0x1
    # s is above n/2 where the profile wants it low (invalid).
    HIGH_S = 0x2
    # A point of small order where the profile refuses it (invalid).
    SMALL_ORDER = 0x3
    # Signature of a wrong length.
    SIGNATURE_LENGTH = 0x8
    # Signature is not strict DER.
    SIGNATURE_ENCODING = 0x9
    # r is 0 or at least n.
    RANGE_R = 0xA
    # s is 0 or at least n; Ed25519: S is at least L.
    RANGE_S = 0xB
    # SM2: r + s is 0 modulo n.
    RANGE_T = 0xC
    # Recovery id is none of 0, 1, 2, 3 (27, 28).
    RECOVERY_ID = 0xD
    # Public key of a wrong length.
    KEY_LENGTH = 0x10
    # Public key with an unknown or wrong first byte.
    KEY_ENCODING = 0x11
    # A coordinate of the public key is not below p.
    KEY_RANGE = 0x12
    # Public key is no point of the curve.
    KEY_NOT_ON_CURVE = 0x13
    # Public key is the point at infinity.
    KEY_INFINITY = 0x14
    # Digest of another length than 32 bytes.
    DIGEST_LENGTH = 0x18
    # User id of more than 8,191 bytes.
    USER_ID_LENGTH = 0x19


class ItemFlag(IntEnum):
    """Flags of a signature item."""

    # The key is x and the parity of y.
    KEY_COMPRESSED = 0x1
    # With KeyCompressed: y is odd.
    KEY_ODD = 0x2
    # Recovery: y of R is odd.
    RECOVERY_ODD = 0x4
    # Recovery: x of R is r + n.
    RECOVERY_ABOVE_N = 0x8


class ItemOffset(IntEnum):
    """First byte of each field of a signature item, behind its length."""

    # `KEY_*` and `RECOVERY_*` flags
    FLAGS = 0x0
    # 0; the card does not look at it
    RESERVED = 0x1
    # bytes of the user id, at most 8191
    USER_ID_LEN = 0x2
    # r, big-endian; Ed25519: R as encoded
    R = 0x4
    # s, big-endian; Ed25519: S as encoded
    S = 0x24
    # x of the key, big-endian; Ed25519: A as encoded; recovery: zeros
    X = 0x44
    # y of the key, big-endian; zeros if compressed, Ed25519 or recovery
    Y = 0x64


VERIFY_ITEM_HEAD = 0x84  # Bytes of an item before the user id.
VERIFY_MAX_USER_ID = 0x1FFF  # Most bytes in a user id.
VERIFY_PARAM_PROFILE = 0x4  # Lowest bit of the profile in `param`.
VERIFY_PARAM_HASHING = 0x8  # Lowest bit of the hashing in `param`.
VERIFY_ANSWER_LEN = 0x8  # Bytes in the answer to an item.
VERIFY_RECOVER_ANSWER_LEN = 0x48  # The same, of `Recover`.
VERIFY_CAPABILITY_RECOVER = 0x100  # Register VerifyCapabilities: recovers public keys.


class Curve(IntEnum):
    """Curves: `param` of a request to multiply, and bit in the register MultiplyCapabilities."""

    # G1 of BN254 (EIP-196).
    BN254 = 0x0
    # G1 of BLS12-381 (EIP-2537).
    BLS12_381 = 0x1
    # G1 of BLS12-377.
    BLS12_377 = 0x2


MULTIPLY_SCALAR_LEN = 0x20  # Bytes in a scalar.
MULTIPLY_CAPABILITY_WINDOW = 0x4  # Register MultiplyCapabilities: lowest of the four bits with the bits of a window.


class Register(IntEnum):
    """Byte address of each register."""

    # Identifies a chaincard card: the magic word of the frames.
    ID = 0x0
    # Protocol version of the card.
    PROTOCOL_VERSION = 0x4
    # Version of the design: major << 16 | minor << 8 | patch.
    DESIGN_VERSION = 0x8
    # Bit n: the card has the hash algorithm with wire code n.
    CAPABILITIES = 0xC
    # Most items in one frame.
    MAX_ITEMS = 0x10
    # Most payload bytes in one frame.
    MAX_PAYLOAD = 0x14
    # Bytes of requests that may be outstanding beyond the first; 0: the link has flow control.
    RECEIVE_BUFFER = 0x18
    # Clock in Hz; 0 when only simulated.
    CLOCK_HZ = 0x1C
    # Bit 0, cleared by itself: resets the engines.
    CONTROL = 0x20
    # Cycles of silence inside a frame after which it is given up.
    LINK_TIMEOUT = 0x24
    # Cycles without progress after which an item is answered with the status EngineTimeout.
    ENGINE_TIMEOUT = 0x28
    # Holds what was written, for tests of the link.
    SCRATCH = 0x2C
    # Bit n: the card verifies the scheme with wire code n; bit 8: it recovers public keys. Cards that do neither need not have it.
    VERIFY_CAPABILITIES = 0x34
    # Bit n: the card multiplies on the curve with wire code n; bits 7 … 4: bits of a window. Cards that do not need not have it.
    MULTIPLY_CAPABILITIES = 0x38
    # Cycles since configuration, low half; reading it latches the high half.
    CYCLES_LOW = 0x40
    # Cycles since configuration, high half as of the last read of the low half.
    CYCLES_HIGH = 0x44
    # Cycles in which a request was being carried out, modulo 2^32.
    BUSY_CYCLES = 0x48
    # Requests carried out, modulo 2^32.
    FRAMES = 0x4C
    # Items answered with the status Done, modulo 2^32.
    ITEMS = 0x50
    # Error frames sent, modulo 2^32.
    REJECTS = 0x54
    # Headers with a wrong CRC, modulo 2^32.
    HEADER_CRC_ERRORS = 0x58
    # Payloads with a wrong CRC, modulo 2^32.
    PAYLOAD_CRC_ERRORS = 0x5C
    # Frames given up because the link fell silent, modulo 2^32.
    LINK_TIMEOUTS = 0x60
    # Items answered with the status EngineTimeout, modulo 2^32.
    ENGINE_TIMEOUTS = 0x64
    # Words (AXI4-Stream) or bytes (UART) skipped while looking for a magic, modulo 2^32.
    SKIPPED = 0x68


DIGEST_LEN = {
    HashAlgorithm.SHA256: 32,
    HashAlgorithm.SHA512: 64,
    HashAlgorithm.KECCAK256: 32,
    HashAlgorithm.SHA3_256: 32,
    HashAlgorithm.SM3: 32,
}

WRITABLE = frozenset(
    {
        Register.CONTROL,
        Register.LINK_TIMEOUT,
        Register.ENGINE_TIMEOUT,
        Register.SCRATCH,
    }
)

# Fields of the header: magic, version, opcode, tag, param, items, payload_len, crc.
HEADER = struct.Struct("<IBBHHHII")


def header(opcode, tag, param, items, payload_len):
    """The header's bytes, its CRC included."""
    zero_crc = HEADER.pack(
        MAGIC, PROTOCOL_VERSION, opcode, tag, param, items, payload_len, 0
    )
    begin = zero_crc[: HEADER_LEN - 4]
    return begin + struct.pack("<I", zlib.crc32(begin))


def frame(opcode, tag, param, items, payload=b""):
    """The frame's bytes; the payload is a whole number of words."""
    if len(payload) % 4:
        raise ValueError("payload length is no multiple of 4")
    crc = struct.pack("<I", zlib.crc32(payload))
    return header(opcode, tag, param, items, len(payload)) + payload + crc
