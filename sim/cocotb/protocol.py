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
    # Reply only, without the reply bit: the request was not carried out; `param` says why.
    ERROR = 0xFF


class Reject(IntEnum):
    """Why a card did not carry out a request: `param` of an error frame. The first check that fails decides: header CRC, version, opcode, `param`, payload length a multiple of 4, item count, payload length of a register frame, payload CRC, lengths of messages, register addresses."""

    # Header CRC wrong; the tag is 0xFFFF and the card looks for the next magic.
    HEADER_CRC = 0x1
    # Header CRC right, another protocol version; the tag is 0xFFFF and the card looks for the next magic.
    VERSION = 0x2
    # Opcode unknown to this card.
    OPCODE = 0x3
    # `param` unknown to this card (an algorithm it does not have).
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

    # The digest follows.
    DONE = 0x0
    # The engine gave no digest within as many cycles as the register EngineTimeout says.
    ENGINE_TIMEOUT = 0x1


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
