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
/* Reply only, without the reply bit: the request was not carried out; `param` says why. */
#define CHAINCARD_OPCODE_ERROR UINT8_C(0xFF)

/* Why a card did not carry out a request: `param` of an error frame. The first check that fails decides: header CRC, version, opcode, `param`, payload length a multiple of 4, item count, payload length of a register frame, payload CRC, lengths of messages, register addresses. */
/* Header CRC wrong; the tag is 0xFFFF and the card looks for the next magic. */
#define CHAINCARD_REJECT_HEADER_CRC UINT16_C(0x0001)
/* Header CRC right, another protocol version; the tag is 0xFFFF and the card looks for the next magic. */
#define CHAINCARD_REJECT_VERSION UINT16_C(0x0002)
/* Opcode unknown to this card. */
#define CHAINCARD_REJECT_OPCODE UINT16_C(0x0003)
/* `param` unknown to this card (an algorithm it does not have). */
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
/* The digest follows. */
#define CHAINCARD_ITEM_STATUS_DONE UINT32_C(0x00000000)
/* The engine gave no digest within as many cycles as the register EngineTimeout says. */
#define CHAINCARD_ITEM_STATUS_ENGINE_TIMEOUT UINT32_C(0x00000001)

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
