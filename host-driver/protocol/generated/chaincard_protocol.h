/* Wire format and register map of a chaincard card.
 * Generated from the crate chaincard-protocol by `cargo xtask generate`; do not edit.
 */
#ifndef CHAINCARD_PROTOCOL_H
#define CHAINCARD_PROTOCOL_H

#include <stdint.h>

/* The frame format. */
/* Protocol version. */
#define CHAINCARD_PROTOCOL_VERSION UINT32_C(0x00000001)
/* First word of a frame, little-endian: "CCRD". */
#define CHAINCARD_MAGIC UINT32_C(0x44524343)
/* Bytes in a header, its CRC included. */
#define CHAINCARD_HEADER_LEN UINT32_C(0x00000014)
/* Bytes behind the payload: its CRC. */
#define CHAINCARD_TRAILER_LEN UINT32_C(0x00000004)
/* Set in the opcode of a reply. */
#define CHAINCARD_REPLY_BIT UINT32_C(0x00000080)
/* Tag of an error frame whose request's tag could not be read. */
#define CHAINCARD_TAG_UNKNOWN UINT32_C(0x0000FFFF)
/* CRC-32 (IEEE 802.3): polynomial, reflected. */
#define CHAINCARD_CRC_POLYNOMIAL UINT32_C(0xEDB88320)
/* CRC-32: state after no input, before the final complement. */
#define CHAINCARD_CRC_INITIAL UINT32_C(0xFFFFFFFF)

/* First byte of each field of the header. */
/* `CCRD` */
#define CHAINCARD_OFFSET_MAGIC UINT32_C(0x00000000)
/* protocol version */
#define CHAINCARD_OFFSET_VERSION UINT32_C(0x00000004)
/* opcode; in a reply with the reply bit set; 0xFF: error frame */
#define CHAINCARD_OFFSET_OPCODE UINT32_C(0x00000005)
/* chosen by the host, 0 … 0xFFFE; 0xFFFF: tag unknown */
#define CHAINCARD_OFFSET_TAG UINT32_C(0x00000006)
/* request: operation parameter; error frame: reject code */
#define CHAINCARD_OFFSET_PARAM UINT32_C(0x00000008)
/* number of items in the payload */
#define CHAINCARD_OFFSET_ITEMS UINT32_C(0x0000000A)
/* bytes in the payload, a multiple of 4 */
#define CHAINCARD_OFFSET_PAYLOAD_LEN UINT32_C(0x0000000C)
/* CRC-32 (IEEE 802.3) of bytes 0 … 15 */
#define CHAINCARD_OFFSET_CRC UINT32_C(0x00000010)

/* What a frame asks for or answers. */
/* Items: register addresses (u32). Reply: their values (u32). */
#define CHAINCARD_OPCODE_READ_REGISTERS UINT8_C(0x01)
/* Items: address (u32) and value (u32). Reply: no items. */
#define CHAINCARD_OPCODE_WRITE_REGISTERS UINT8_C(0x02)
/* Items: messages. Reply: status and digest of each. */
#define CHAINCARD_OPCODE_HASH UINT8_C(0x10)
/* Items: signatures with their keys and messages. Reply: status and verdict of each. */
#define CHAINCARD_OPCODE_VERIFY UINT8_C(0x11)
/* Items: signatures with their messages. Reply: status, verdict and public key of each. */
#define CHAINCARD_OPCODE_RECOVER UINT8_C(0x12)
/* Items: terms of multi-scalar multiplications. Reply: status and sums of the windows of each. */
#define CHAINCARD_OPCODE_MULTIPLY UINT8_C(0x13)
/* Reply only, without the reply bit: the request was not carried out; `param` says why. */
#define CHAINCARD_OPCODE_ERROR UINT8_C(0xFF)

/* Why a card did not carry out a request: `param` of an error frame. The first check that fails decides: header CRC, version, opcode, `param`, payload length a multiple of 4, item count, payload length of a register frame, payload CRC, lengths of messages and signature items, register addresses. */
/* Header CRC wrong; the tag is 0xFFFF and the card looks for the next magic. */
#define CHAINCARD_REJECT_HEADER_CRC UINT16_C(0x0001)
/* Header CRC right, another protocol version; the tag is 0xFFFF and the card looks for the next magic. */
#define CHAINCARD_REJECT_VERSION UINT16_C(0x0002)
/* Opcode unknown to this card. */
#define CHAINCARD_REJECT_OPCODE UINT16_C(0x0003)
/* `param` unknown to this card (an algorithm, a scheme or a curve that it does not have). */
#define CHAINCARD_REJECT_PARAM UINT16_C(0x0004)
/* Payload length, item count and item lengths disagree, or the length is no multiple of 4. */
#define CHAINCARD_REJECT_LENGTH UINT16_C(0x0005)
/* Payload CRC wrong; no item of the frame was answered. */
#define CHAINCARD_REJECT_PAYLOAD_CRC UINT16_C(0x0006)
/* More items than the register MaxItems says. */
#define CHAINCARD_REJECT_TOO_MANY_ITEMS UINT16_C(0x0007)
/* The link fell silent inside a frame for as many cycles as the register LinkTimeout says. */
#define CHAINCARD_REJECT_LINK_TIMEOUT UINT16_C(0x0008)
/* Register address unknown, or written though read-only. */
#define CHAINCARD_REJECT_REGISTER UINT16_C(0x0009)

/* Hash functions: `param` of a hash request, and bit in the register Capabilities. */
/* SHA-256, FIPS 180-4. */
#define CHAINCARD_HASH_ALGORITHM_SHA256 UINT16_C(0x0000)
/* SHA-512, FIPS 180-4. */
#define CHAINCARD_HASH_ALGORITHM_SHA512 UINT16_C(0x0001)
/* Keccak-256 with the original padding (`0x01`), as Ethereum uses it. */
#define CHAINCARD_HASH_ALGORITHM_KECCAK256 UINT16_C(0x0002)
/* SHA3-256, FIPS 202. */
#define CHAINCARD_HASH_ALGORITHM_SHA3_256 UINT16_C(0x0003)
/* SM3, GB/T 32905-2016. */
#define CHAINCARD_HASH_ALGORITHM_SM3 UINT16_C(0x0004)

/* Bytes in a digest. */
/* SHA-256, FIPS 180-4. */
#define CHAINCARD_DIGEST_LEN_SHA256 UINT32_C(0x00000020)
/* SHA-512, FIPS 180-4. */
#define CHAINCARD_DIGEST_LEN_SHA512 UINT32_C(0x00000040)
/* Keccak-256 with the original padding (`0x01`), as Ethereum uses it. */
#define CHAINCARD_DIGEST_LEN_KECCAK256 UINT32_C(0x00000020)
/* SHA3-256, FIPS 202. */
#define CHAINCARD_DIGEST_LEN_SHA3_256 UINT32_C(0x00000020)
/* SM3, GB/T 32905-2016. */
#define CHAINCARD_DIGEST_LEN_SM3 UINT32_C(0x00000020)

/* Status of one item in a reply. */
/* The digest, verdict or sums follow. */
#define CHAINCARD_ITEM_STATUS_DONE UINT32_C(0x00000000)
/* The engine gave no answer within as many cycles as the register EngineTimeout says. */
#define CHAINCARD_ITEM_STATUS_ENGINE_TIMEOUT UINT32_C(0x00000001)

/* Signature schemes: bits 3 ... 0 of `param`, and bit in the register VerifyCapabilities. */
/* ECDSA over secp256k1, SEC 1 section 4.1.4. */
#define CHAINCARD_SCHEME_SECP256K1 UINT16_C(0x0000)
/* SM2, GB/T 32918.2-2016. */
#define CHAINCARD_SCHEME_SM2 UINT16_C(0x0001)
/* Ed25519, RFC 8032 section 5.1. */
#define CHAINCARD_SCHEME_ED25519 UINT16_C(0x0002)
/* ECDSA over P-256, FIPS 186-5 section 6.4.2. */
#define CHAINCARD_SCHEME_P256 UINT16_C(0x0003)

/* Rules of a scheme: bits 7 ... 4 of `param`. */
/* secp256k1 as Bitcoin's consensus has it: both halves of s, hybrid keys. */
#define CHAINCARD_PROFILE_BITCOIN UINT16_C(0x0000)
/* As `bitcoin`, with low s (BIP 146). */
#define CHAINCARD_PROFILE_BITCOIN_LOW_S UINT16_C(0x0001)
/* secp256k1 as Ethereum's precompile has it: both halves of s. */
#define CHAINCARD_PROFILE_ETHEREUM UINT16_C(0x0002)
/* secp256k1 as in an Ethereum transaction: low s (EIP-2). */
#define CHAINCARD_PROFILE_ETHEREUM_TRANSACTION UINT16_C(0x0003)
/* SM2 as in GM/T 0003.2. */
#define CHAINCARD_PROFILE_GM UINT16_C(0x0004)
/* Ed25519, RFC 8032: equation without cofactor, canonical encodings. */
#define CHAINCARD_PROFILE_RFC8032 UINT16_C(0x0005)
/* Ed25519, ZIP 215: equation with cofactor, any encoding of a point. */
#define CHAINCARD_PROFILE_ZIP215 UINT16_C(0x0006)
/* Ed25519 as verify_strict of ed25519-dalek: no points of small order. */
#define CHAINCARD_PROFILE_STRICT UINT16_C(0x0007)
/* P-256 as in RIP-7212: what is malformed is invalid. */
#define CHAINCARD_PROFILE_RIP7212 UINT16_C(0x0008)
/* P-256 as in FIPS 186-5. */
#define CHAINCARD_PROFILE_FIPS186 UINT16_C(0x0009)

/* What stands before the signed number: bits 11 ... 8 of `param`. */
/* A digest of 32 bytes is given (for SM2: e). */
#define CHAINCARD_HASHING_DIGEST UINT16_C(0x0000)
/* SHA-256 of the message. */
#define CHAINCARD_HASHING_SHA256 UINT16_C(0x0001)
/* SHA-256 of SHA-256 of the message. */
#define CHAINCARD_HASHING_DOUBLE_SHA256 UINT16_C(0x0002)
/* Keccak-256 of the message. */
#define CHAINCARD_HASHING_KECCAK256 UINT16_C(0x0003)
/* SM2: SM3 of ZA, which is made of the user id and the key, and the message. */
#define CHAINCARD_HASHING_SM3 UINT16_C(0x0004)
/* Ed25519: the message, hashed with SHA-512 as the scheme has it. */
#define CHAINCARD_HASHING_MESSAGE UINT16_C(0x0005)

/* Verdict on one signature; the first rule that fails decides. */
/* The equation does not hold; under `rip7212` also whatever else is wrong. Recovery: no such point, or infinity. */
#define CHAINCARD_VERDICT_INVALID UINT8_C(0x00)
/* Valid. */
#define CHAINCARD_VERDICT_VALID UINT8_C(0x01)
/* s is above n/2 where the profile wants it low (invalid). */
#define CHAINCARD_VERDICT_HIGH_S UINT8_C(0x02)
/* A point of small order where the profile refuses it (invalid). */
#define CHAINCARD_VERDICT_SMALL_ORDER UINT8_C(0x03)
/* Signature of a wrong length. */
#define CHAINCARD_VERDICT_SIGNATURE_LENGTH UINT8_C(0x08)
/* Signature is not strict DER. */
#define CHAINCARD_VERDICT_SIGNATURE_ENCODING UINT8_C(0x09)
/* r is 0 or at least n. */
#define CHAINCARD_VERDICT_RANGE_R UINT8_C(0x0A)
/* s is 0 or at least n; Ed25519: S is at least L. */
#define CHAINCARD_VERDICT_RANGE_S UINT8_C(0x0B)
/* SM2: r + s is 0 modulo n. */
#define CHAINCARD_VERDICT_RANGE_T UINT8_C(0x0C)
/* Recovery id is none of 0, 1, 2, 3 (27, 28). */
#define CHAINCARD_VERDICT_RECOVERY_ID UINT8_C(0x0D)
/* Public key of a wrong length. */
#define CHAINCARD_VERDICT_KEY_LENGTH UINT8_C(0x10)
/* Public key with an unknown or wrong first byte. */
#define CHAINCARD_VERDICT_KEY_ENCODING UINT8_C(0x11)
/* A coordinate of the public key is not below p. */
#define CHAINCARD_VERDICT_KEY_RANGE UINT8_C(0x12)
/* Public key is no point of the curve. */
#define CHAINCARD_VERDICT_KEY_NOT_ON_CURVE UINT8_C(0x13)
/* Public key is the point at infinity. */
#define CHAINCARD_VERDICT_KEY_INFINITY UINT8_C(0x14)
/* Digest of another length than 32 bytes. */
#define CHAINCARD_VERDICT_DIGEST_LENGTH UINT8_C(0x18)
/* User id of more than 8,191 bytes. */
#define CHAINCARD_VERDICT_USER_ID_LENGTH UINT8_C(0x19)

/* Flags of a signature item. */
/* The key is x and the parity of y. */
#define CHAINCARD_ITEM_FLAG_KEY_COMPRESSED UINT8_C(0x01)
/* With KeyCompressed: y is odd. */
#define CHAINCARD_ITEM_FLAG_KEY_ODD UINT8_C(0x02)
/* Recovery: y of R is odd. */
#define CHAINCARD_ITEM_FLAG_RECOVERY_ODD UINT8_C(0x04)
/* Recovery: x of R is r + n. */
#define CHAINCARD_ITEM_FLAG_RECOVERY_ABOVE_N UINT8_C(0x08)

/* First byte of each field of a signature item, behind its length. */
/* `KEY_*` and `RECOVERY_*` flags */
#define CHAINCARD_ITEM_OFFSET_FLAGS UINT32_C(0x00000000)
/* 0; the card does not look at it */
#define CHAINCARD_ITEM_OFFSET_RESERVED UINT32_C(0x00000001)
/* bytes of the user id, at most 8191 */
#define CHAINCARD_ITEM_OFFSET_USER_ID_LEN UINT32_C(0x00000002)
/* r, big-endian; Ed25519: R as encoded */
#define CHAINCARD_ITEM_OFFSET_R UINT32_C(0x00000004)
/* s, big-endian; Ed25519: S as encoded */
#define CHAINCARD_ITEM_OFFSET_S UINT32_C(0x00000024)
/* x of the key, big-endian; Ed25519: A as encoded; recovery: zeros */
#define CHAINCARD_ITEM_OFFSET_X UINT32_C(0x00000044)
/* y of the key, big-endian; zeros if compressed, Ed25519 or recovery */
#define CHAINCARD_ITEM_OFFSET_Y UINT32_C(0x00000064)

/* Requests to verify and to recover. */
/* Bytes of an item before the user id. */
#define CHAINCARD_VERIFY_ITEM_HEAD UINT32_C(0x00000084)
/* Most bytes in a user id. */
#define CHAINCARD_VERIFY_MAX_USER_ID UINT32_C(0x00001FFF)
/* Lowest bit of the profile in `param`. */
#define CHAINCARD_VERIFY_PARAM_PROFILE UINT32_C(0x00000004)
/* Lowest bit of the hashing in `param`. */
#define CHAINCARD_VERIFY_PARAM_HASHING UINT32_C(0x00000008)
/* Bytes in the answer to an item. */
#define CHAINCARD_VERIFY_ANSWER_LEN UINT32_C(0x00000008)
/* The same, of `Recover`. */
#define CHAINCARD_VERIFY_RECOVER_ANSWER_LEN UINT32_C(0x00000048)
/* Register VerifyCapabilities: recovers public keys. */
#define CHAINCARD_VERIFY_CAPABILITY_RECOVER UINT32_C(0x00000100)

/* Curves: `param` of a request to multiply, and bit in the register MultiplyCapabilities. */
/* G1 of BN254 (EIP-196). */
#define CHAINCARD_CURVE_BN254 UINT16_C(0x0000)
/* G1 of BLS12-381 (EIP-2537). */
#define CHAINCARD_CURVE_BLS12_381 UINT16_C(0x0001)
/* G1 of BLS12-377. */
#define CHAINCARD_CURVE_BLS12_377 UINT16_C(0x0002)

/* Bytes in a coordinate of a curve. */
/* G1 of BN254 (EIP-196). */
#define CHAINCARD_COORDINATE_LEN_BN254 UINT32_C(0x00000020)
/* G1 of BLS12-381 (EIP-2537). */
#define CHAINCARD_COORDINATE_LEN_BLS12_381 UINT32_C(0x00000030)
/* G1 of BLS12-377. */
#define CHAINCARD_COORDINATE_LEN_BLS12_377 UINT32_C(0x00000030)

/* Requests to multiply. */
/* Bytes in a scalar. */
#define CHAINCARD_MULTIPLY_SCALAR_LEN UINT32_C(0x00000020)
/* Register MultiplyCapabilities: lowest of the four bits with the bits of a window. */
#define CHAINCARD_MULTIPLY_CAPABILITY_WINDOW UINT32_C(0x00000004)

/* Byte address of each register. */
/* Identifies a chaincard card: the magic word of the frames. */
#define CHAINCARD_REGISTER_ID UINT32_C(0x00000000)
/* Protocol version of the card. */
#define CHAINCARD_REGISTER_PROTOCOL_VERSION UINT32_C(0x00000004)
/* Version of the design: major << 16 | minor << 8 | patch. */
#define CHAINCARD_REGISTER_DESIGN_VERSION UINT32_C(0x00000008)
/* Bit n: the card has the hash algorithm with wire code n. */
#define CHAINCARD_REGISTER_CAPABILITIES UINT32_C(0x0000000C)
/* Most items in one frame. */
#define CHAINCARD_REGISTER_MAX_ITEMS UINT32_C(0x00000010)
/* Most payload bytes in one frame. */
#define CHAINCARD_REGISTER_MAX_PAYLOAD UINT32_C(0x00000014)
/* Bytes of requests that may be outstanding beyond the first; 0: the link has flow control. */
#define CHAINCARD_REGISTER_RECEIVE_BUFFER UINT32_C(0x00000018)
/* Clock in Hz; 0 when only simulated. */
#define CHAINCARD_REGISTER_CLOCK_HZ UINT32_C(0x0000001C)
/* Bit 0, cleared by itself: resets the engines. */
#define CHAINCARD_REGISTER_CONTROL UINT32_C(0x00000020)
/* Cycles of silence inside a frame after which it is given up. */
#define CHAINCARD_REGISTER_LINK_TIMEOUT UINT32_C(0x00000024)
/* Cycles without progress after which an item is answered with the status EngineTimeout. */
#define CHAINCARD_REGISTER_ENGINE_TIMEOUT UINT32_C(0x00000028)
/* Holds what was written, for tests of the link. */
#define CHAINCARD_REGISTER_SCRATCH UINT32_C(0x0000002C)
/* Bit n: the card verifies the scheme with wire code n; bit 8: it recovers public keys. Cards that do neither need not have it. */
#define CHAINCARD_REGISTER_VERIFY_CAPABILITIES UINT32_C(0x00000034)
/* Bit n: the card multiplies on the curve with wire code n; bits 7 … 4: bits of a window. Cards that do not need not have it. */
#define CHAINCARD_REGISTER_MULTIPLY_CAPABILITIES UINT32_C(0x00000038)
/* Cycles since configuration, low half; reading it latches the high half. */
#define CHAINCARD_REGISTER_CYCLES_LOW UINT32_C(0x00000040)
/* Cycles since configuration, high half as of the last read of the low half. */
#define CHAINCARD_REGISTER_CYCLES_HIGH UINT32_C(0x00000044)
/* Cycles in which a request was being carried out, modulo 2^32. */
#define CHAINCARD_REGISTER_BUSY_CYCLES UINT32_C(0x00000048)
/* Requests carried out, modulo 2^32. */
#define CHAINCARD_REGISTER_FRAMES UINT32_C(0x0000004C)
/* Items answered with the status Done, modulo 2^32. */
#define CHAINCARD_REGISTER_ITEMS UINT32_C(0x00000050)
/* Error frames sent, modulo 2^32. */
#define CHAINCARD_REGISTER_REJECTS UINT32_C(0x00000054)
/* Headers with a wrong CRC, modulo 2^32. */
#define CHAINCARD_REGISTER_HEADER_CRC_ERRORS UINT32_C(0x00000058)
/* Payloads with a wrong CRC, modulo 2^32. */
#define CHAINCARD_REGISTER_PAYLOAD_CRC_ERRORS UINT32_C(0x0000005C)
/* Frames given up because the link fell silent, modulo 2^32. */
#define CHAINCARD_REGISTER_LINK_TIMEOUTS UINT32_C(0x00000060)
/* Items answered with the status EngineTimeout, modulo 2^32. */
#define CHAINCARD_REGISTER_ENGINE_TIMEOUTS UINT32_C(0x00000064)
/* Words (AXI4-Stream) or bytes (UART) skipped while looking for a magic, modulo 2^32. */
#define CHAINCARD_REGISTER_SKIPPED UINT32_C(0x00000068)

#endif
