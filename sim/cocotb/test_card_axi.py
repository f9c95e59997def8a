"""Tests of the AXI card, driven by the masters of cocotbext-axi."""

import itertools
import random
import struct
import zlib

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, with_timeout
from cocotbext.axi import (
    AxiLiteBus,
    AxiLiteMaster,
    AxiResp,
    AxiStreamBus,
    AxiStreamFrame,
    AxiStreamSink,
    AxiStreamSource,
)

import oracle
import protocol
from protocol import HashAlgorithm, ItemStatus, Opcode, Register, Reject

PERIOD_NS = 10


class Card:
    """The card with its bus masters."""

    def __init__(self, dut):
        self.dut = dut
        cocotb.start_soon(Clock(dut.aclk, PERIOD_NS, unit="ns").start())
        reset = {"reset": dut.aresetn, "reset_active_level": False}
        self.registers = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axil"), dut.aclk, **reset)
        self.source = AxiStreamSource(AxiStreamBus.from_prefix(dut, "s_axis"), dut.aclk, **reset)
        self.sink = AxiStreamSink(AxiStreamBus.from_prefix(dut, "m_axis"), dut.aclk, **reset)

    async def reset(self):
        self.dut.aresetn.value = 0
        await ClockCycles(self.dut.aclk, 5)
        self.dut.aresetn.value = 1
        await ClockCycles(self.dut.aclk, 2)

    def pause(self, rng, source, sink):
        """Pauses on both streams: chances out of 1 that a cycle is one."""
        for end, chance in ((self.source, source), (self.sink, sink)):
            end.set_pause_generator(rng.random() < chance for _ in itertools.count())

    async def send(self, data):
        await self.source.send(AxiStreamFrame(tdata=data))

    async def reply(self):
        frame = await with_timeout(self.sink.recv(), 20, "ms")
        data = bytes(frame.tdata)
        magic, version, opcode, tag, param, items, length, crc = protocol.HEADER.unpack(
            data[: protocol.HEADER_LEN]
        )
        payload = data[protocol.HEADER_LEN : -4]
        assert (magic, version) == (protocol.MAGIC, protocol.PROTOCOL_VERSION)
        assert crc == zlib.crc32(data[: protocol.HEADER_LEN - 4])
        assert length == len(payload)
        assert struct.unpack("<I", data[-4:])[0] == zlib.crc32(payload)
        return opcode, tag, param, items, payload

    async def ask(self, data):
        await self.send(data)
        return await self.reply()

    async def read(self, register):
        answer = await self.registers.read(register, 4)
        assert answer.resp == AxiResp.OKAY
        return int.from_bytes(answer.data, "little")


async def start(dut):
    oracle.check()
    card = Card(dut)
    await card.reset()
    return card


def frame(opcode, tag, param, items, payload):
    return (
        protocol.header(opcode, tag, param, items, len(payload))
        + payload
        + struct.pack("<I", zlib.crc32(payload))
    )


def hash_request(tag, algorithm, messages):
    payload = b"".join(
        struct.pack("<I", len(message)) + message + bytes(-len(message) % 4)
        for message in messages
    )
    return frame(Opcode.HASH, tag, algorithm, len(messages), payload)


def hash_reply(tag, algorithm, messages):
    payload = b"".join(
        struct.pack("<I", ItemStatus.DONE) + oracle.digest(algorithm, message)
        for message in messages
    )
    return Opcode.HASH | protocol.REPLY_BIT, tag, algorithm, len(messages), payload


def rejected(reject, tag=protocol.TAG_UNKNOWN):
    return Opcode.ERROR, tag, reject, 0, b""


async def algorithms(card):
    mask = await card.read(Register.CAPABILITIES)
    return [algorithm for algorithm in HashAlgorithm if mask >> algorithm & 1]


@cocotb.test()
async def registers_over_axi_lite(dut):
    card = await start(dut)
    assert await card.read(Register.ID) == protocol.MAGIC
    assert await card.read(Register.PROTOCOL_VERSION) == protocol.PROTOCOL_VERSION
    # The card only hashes.
    assert await card.read(Register.VERIFY_CAPABILITIES) == 0
    for register in Register:
        if register == Register.MULTIPLY_CAPABILITIES:
            continue
        before = await card.read(register)
        answer = await card.registers.write(register, struct.pack("<I", 0x12345678))
        if register in protocol.WRITABLE:
            assert answer.resp == AxiResp.OKAY
        else:
            assert answer.resp == AxiResp.SLVERR
            counts = register in (Register.CYCLES_LOW, Register.CYCLES_HIGH)
            assert counts or await card.read(register) == before
    for register in (Register.SCRATCH, Register.LINK_TIMEOUT, Register.ENGINE_TIMEOUT):
        assert await card.read(register) == 0x12345678
    assert await card.read(Register.CONTROL) == 0
    for address in (0x30, Register.MULTIPLY_CAPABILITIES, 0x3C, 0x6C, 0x7C, 0x80, 0xFFC):
        assert (await card.registers.read(address, 4)).resp == AxiResp.SLVERR
        answer = await card.registers.write(address, bytes(4))
        assert answer.resp == AxiResp.SLVERR
    # Part of a register: refused, nothing written.
    answer = await card.registers.write(Register.SCRATCH, b"\xff")
    assert answer.resp == AxiResp.SLVERR
    assert await card.read(Register.SCRATCH) == 0x12345678


@cocotb.test()
async def every_algorithm_with_random_back_pressure(dut):
    card = await start(dut)
    rng = random.Random(cocotb.RANDOM_SEED)
    tag = 0
    for algorithm in await algorithms(card):
        for pauses in ((0, 0), (0.7, 0), (0, 0.8), (0.4, 0.4)):
            card.pause(rng, *pauses)
            lengths = [0, 1, 4, 55, 56, 64, 111, 112, 135, 136, 137, 300]
            lengths += [rng.randrange(400) for _ in range(4)]
            messages = [rng.randbytes(length) for length in lengths]
            tag += 1
            reply = await card.ask(hash_request(tag, algorithm, messages))
            assert reply == hash_reply(tag, algorithm, messages)


@cocotb.test()
async def requests_on_each_others_heels(dut):
    card = await start(dut)
    rng = random.Random(cocotb.RANDOM_SEED)
    card.pause(rng, 0.1, 0.5)
    known = await algorithms(card)
    jobs = []
    for tag in range(30):
        messages = [rng.randbytes(rng.randrange(150)) for _ in range(rng.randrange(6))]
        jobs.append((tag, rng.choice(known), messages))
    for job in jobs:
        await card.send(hash_request(*job))
    for job in jobs:
        assert await card.reply() == hash_reply(*job)
    assert await card.read(Register.FRAMES) == len(jobs)
    assert await card.read(Register.ITEMS) == sum(len(messages) for _, _, messages in jobs)


@cocotb.test()
async def registers_by_frames(dut):
    card = await start(dut)
    written = struct.pack("<II", Register.SCRATCH, 0xA5A5_0001)
    reply = await card.ask(frame(Opcode.WRITE_REGISTERS, 1, 0, 1, written))
    assert reply == (Opcode.WRITE_REGISTERS | protocol.REPLY_BIT, 1, 0, 0, b"")
    assert await card.read(Register.SCRATCH) == 0xA5A5_0001
    addresses = struct.pack("<II", Register.SCRATCH, Register.ID)
    reply = await card.ask(frame(Opcode.READ_REGISTERS, 2, 0, 2, addresses))
    values = struct.pack("<II", 0xA5A5_0001, protocol.MAGIC)
    assert reply == (Opcode.READ_REGISTERS | protocol.REPLY_BIT, 2, 0, 2, values)
    for payload in (struct.pack("<II", Register.ID, 0), struct.pack("<II", 0x3C, 0)):
        reply = await card.ask(frame(Opcode.WRITE_REGISTERS, 3, 0, 1, payload))
        assert reply == rejected(Reject.REGISTER, 3)


@cocotb.test()
async def bad_frames_are_rejected_and_good_ones_answered(dut):
    card = await start(dut)
    rng = random.Random(cocotb.RANDOM_SEED)
    algorithm = (await algorithms(card))[0]
    job = (9, algorithm, [b"0123456789"])
    good = hash_request(*job)
    most = await card.read(Register.MAX_ITEMS)

    def damaged(index):
        data = bytearray(good)
        data[index] ^= 1 << rng.randrange(8)
        return bytes(data)

    cases = [(damaged(i), rejected(Reject.HEADER_CRC)) for i in range(5, protocol.HEADER_LEN)]
    cases += [(damaged(i), rejected(Reject.PAYLOAD_CRC, 9)) for i in range(20, len(good))]
    payload = good[protocol.HEADER_LEN : -4]
    cases += [
        (frame(0x44, 1, 0, 1, payload), rejected(Reject.OPCODE, 1)),
        (frame(Opcode.HASH, 2, 31, 1, payload), rejected(Reject.PARAM, 2)),
        (frame(Opcode.HASH, 3, algorithm, 2, payload), rejected(Reject.LENGTH, 3)),
        (frame(Opcode.HASH, 4, algorithm, most + 1, payload), rejected(Reject.TOO_MANY_ITEMS, 4)),
    ]
    for data, expected in cases:
        card.pause(rng, 0.3 * rng.random(), 0.3 * rng.random())
        assert await card.ask(data) == expected
        assert await card.ask(good) == hash_reply(*job)
    for _ in range(20):
        await card.send(rng.randbytes(4 * rng.randrange(1, 20)))
        assert await card.ask(good) == hash_reply(*job)
    assert await card.read(Register.HEADER_CRC_ERRORS) == protocol.HEADER_LEN - 5
    assert await card.read(Register.PAYLOAD_CRC_ERRORS) == len(good) - 20
    assert await card.read(Register.REJECTS) == len(cases)


@cocotb.test()
async def silence_inside_a_frame(dut):
    card = await start(dut)
    assert (await card.registers.write(Register.LINK_TIMEOUT, struct.pack("<I", 2000))).resp == 0
    job = (5, (await algorithms(card))[0], [b"abc", bytes(100)])
    good = hash_request(*job)
    for words in (1, 4, 5, 7, len(good) // 4 - 1):
        reply = await card.ask(good[: 4 * words])
        tag = protocol.TAG_UNKNOWN if words < 5 else 5
        assert reply == rejected(Reject.LINK_TIMEOUT, tag)
        assert await card.ask(good) == hash_reply(*job)
    assert await card.read(Register.LINK_TIMEOUTS) == 5
