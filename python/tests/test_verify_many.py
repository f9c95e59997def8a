"""Verdicts and arguments of `Device.verify_many` and `Device.recover_many`."""

import chaincard
import numpy as np
import pytest
import signing
from chaincard import Verdict

SEED = 20240301

#: scheme, arguments, whether the messages have 32 bytes.
CASES = [
    ("secp256k1", {}, True),
    ("secp256k1", {"profile": "bitcoin_low_s", "hashing": "double-sha256"}, False),
    ("secp256k1", {"profile": "ethereum", "hashing": "keccak256"}, False),
    ("secp256k1", {"hashing": "sha256"}, False),
    ("p256", {}, True),
    ("p256", {"profile": "rip7212", "hashing": "sha256"}, False),
    ("sm2", {}, False),
    ("sm2", {"user_id": b"ALICE123@YAHOO.COM"}, False),
    ("ed25519", {}, False),
    ("ed25519", {"profile": "zip215"}, False),
    ("ed25519", {"profile": "strict"}, False),
]


def signed(scheme, arguments, digests, count=12):
    """Messages, keys and signatures, all of them valid."""
    rng = np.random.default_rng(SEED)
    rows = []
    for index in range(count):
        message = rng.bytes(32 if digests else 5 * index)
        secret, nonce = (int.from_bytes(rng.bytes(31), "big") + 1 for _ in range(2))
        if scheme == "ed25519":
            key, signature = signing.ed25519(rng.bytes(32), message)
        elif scheme == "sm2":
            key, signature = signing.sm2(secret, nonce, message, **arguments)
        else:
            hashing = arguments.get("hashing", "digest")
            key, signature = signing.ecdsa(scheme, secret, nonce, message, hashing, low_s=True)
        rows.append((message, key, signature[:64]))
    return [list(column) for column in zip(*rows)]


def array(rows):
    return np.array([list(row) for row in rows], dtype=np.uint8)


def flip(data, position):
    changed = bytearray(data)
    changed[position % len(data)] ^= 1
    return bytes(changed)


def test_names(cpu):
    assert tuple(cpu.schemes) == chaincard.SCHEMES == tuple(chaincard.PROFILES)
    assert cpu.recovers
    assert Verdict.VALID == 1 and not Verdict.VALID.is_malformed
    assert Verdict.KEY_RANGE.is_malformed and not Verdict.HIGH_S.is_malformed


@pytest.mark.parametrize("scheme, arguments, digests", CASES)
def test_valid_signatures_and_flipped_bits(cpu, scheme, arguments, digests):
    messages, keys, signatures = signed(scheme, arguments, digests)
    verdicts = cpu.verify_many(scheme, messages, keys, signatures, **arguments)
    assert (verdicts.dtype, verdicts.shape) == (np.uint8, (12,))
    assert verdicts.tolist() == [1] * 12
    for index, bad in enumerate(signatures):
        changed = list(signatures)
        changed[index] = flip(bad, 5 * index + 1)
        verdicts = cpu.verify_many(scheme, messages, keys, changed, **arguments)
        assert np.flatnonzero(verdicts != 1).tolist() == [index]
    swapped = messages[1:] + messages[:1]
    assert 1 not in cpu.verify_many(scheme, swapped, keys, signatures, **arguments)


@pytest.mark.parametrize("scheme, arguments, digests", CASES[:1] + CASES[4:5] + CASES[6:7])
def test_simulated_card(sim, scheme, arguments, digests):
    assert scheme in sim.schemes and sim.recovers
    messages, keys, signatures = signed(scheme, arguments, digests, count=3)
    signatures[1] = flip(signatures[1], 40)
    verdicts = sim.verify_many(scheme, messages, keys, signatures, **arguments)
    assert verdicts.tolist() == [1, 0, 1]


@pytest.mark.parametrize("scheme, arguments, digests", CASES[:1] + CASES[4:5] + CASES[6:7])
def test_shapes_of_keys_and_signatures(cpu, scheme, arguments, digests):
    messages, keys, signatures = signed(scheme, arguments, digests)
    for shape in (signing.compressed, lambda key: b"\x04" + key):
        shaped = [shape(key) for key in keys]
        assert cpu.verify_many(scheme, messages, shaped, signatures).all()
        assert cpu.verify_many(scheme, messages, array(shaped), array(signatures)).all()
    encoded = [signing.der(signature) for signature in signatures]
    assert set(cpu.verify_many(scheme, messages, keys, encoded, encoding="der")) == {1}
    assert set(cpu.verify_many(scheme, messages, keys, encoded)) == {Verdict.SIGNATURE_LENGTH}


def test_views_of_arrays_and_iterators(cpu):
    messages, keys, signatures = signed(*CASES[0])
    columns = [array(part) for part in (messages, keys, signatures)]
    wide = [np.repeat(column, 2, axis=1)[:, ::2] for column in columns]
    turned = [np.asfortranarray(column) for column in columns]
    views = [[memoryview(bytes(row)) for row in column] for column in columns]
    for parts in (columns, wide, turned, views, [iter(view) for view in views]):
        assert cpu.verify_many("secp256k1", *parts).tolist() == [1] * 12


def test_high_s_is_for_the_profile(cpu):
    messages, keys, signatures = signed(*CASES[0])
    n = signing.CURVES["secp256k1"][3]
    high = [sig[:32] + signing.b32(n - int.from_bytes(sig[32:], "big")) for sig in signatures]
    for profile, verdict in [
        ("bitcoin", Verdict.VALID),
        ("bitcoin-low-s", Verdict.HIGH_S),
        ("ethereum", Verdict.VALID),
        ("ethereum-transaction", Verdict.HIGH_S),
    ]:
        verdicts = cpu.verify_many("secp256k1", messages, keys, high, profile=profile)
        assert set(verdicts.tolist()) == {verdict}


def test_what_is_malformed_is_a_verdict(cpu):
    (message, *_), (key, *_), (signature, *_) = signed(*CASES[0])
    zero, most = bytes(32), b"\xff" * 32
    cases = [
        (message, key, signature, Verdict.VALID),
        (message, key, b"", Verdict.SIGNATURE_LENGTH),
        (message, key, signature[:63], Verdict.SIGNATURE_LENGTH),
        (message, key, signature + b"\0", Verdict.SIGNATURE_LENGTH),
        (message, key, zero + signature[32:], Verdict.RANGE_R),
        (message, key, most + signature[32:], Verdict.RANGE_R),
        (message, key, signature[:32] + zero, Verdict.RANGE_S),
        (message, key, signature[:32] + most, Verdict.RANGE_S),
        (message, b"", signature, Verdict.KEY_LENGTH),
        (message, key[:32], signature, Verdict.KEY_LENGTH),
        (message, b"\0", signature, Verdict.KEY_INFINITY),
        (message, b"\5" + key, signature, Verdict.KEY_ENCODING),
        (message, most + key[32:], signature, Verdict.KEY_RANGE),
        (message, key[:32] + zero, signature, Verdict.KEY_NOT_ON_CURVE),
        (b"", key, signature, Verdict.DIGEST_LENGTH),
        (message + b"\0", key, signature, Verdict.DIGEST_LENGTH),
        (flip(message, 0), key, signature, Verdict.INVALID),
    ]
    *parts, wanted = zip(*cases)
    verdicts = cpu.verify_many("secp256k1", *map(list, parts))
    assert [Verdict(code) for code in verdicts] == list(wanted)


@pytest.mark.parametrize("scheme", chaincard.SCHEMES)
@pytest.mark.parametrize("encoding", ["compact", "der"])
def test_random_bytes_are_never_valid(cpu, scheme, encoding):
    rng = np.random.default_rng(SEED)
    if (scheme, encoding) == ("ed25519", "der"):
        return
    parts = [[rng.bytes(int(length)) for length in rng.integers(0, 80, 500)] for _ in range(3)]
    verdicts = cpu.verify_many(scheme, *parts, encoding=encoding)
    assert 1 not in verdicts
    assert all(Verdict(code) for code in set(verdicts.tolist()) - {0})


def test_truncated_and_changed_der(cpu):
    (message, *_), (key, *_), (signature, *_) = signed(*CASES[0])
    good = signing.der(signature)
    bad = [good[:length] for length in range(len(good))]
    bad += [flip(good, position) for position in range(len(good))] + [good + b"\0"]
    count = len(bad)
    verdicts = cpu.verify_many("secp256k1", [message] * count, [key] * count, bad, encoding="der")
    assert 1 not in verdicts


def test_no_signatures(cpu):
    for empty in ([], np.zeros((0, 64), np.uint8)):
        verdicts = cpu.verify_many("ed25519", empty, empty, empty)
        assert (verdicts.shape, verdicts.dtype) == ((0,), np.uint8)
        verdicts, keys = cpu.recover_many(empty, empty)
        assert (verdicts.shape, keys.shape) == ((0,), (0, 64))


@pytest.mark.parametrize(
    "scheme, arguments",
    [
        ("secp256r1", {}),
        ("", {}),
        ("secp256k1", {"profile": "gm"}),
        ("secp256k1", {"profile": "bitcoin "}),
        ("secp256k1", {"hashing": "sm3"}),
        ("ed25519", {"hashing": "digest"}),
        ("ed25519", {"encoding": "der"}),
        ("sm2", {"encoding": "DER"}),
        ("secp256k1", {"user_id": b"me"}),
    ],
)
def test_names_that_do_not_fit(cpu, scheme, arguments):
    with pytest.raises(ValueError):
        cpu.verify_many(scheme, [bytes(32)], [bytes(33)], [bytes(64)], **arguments)


@pytest.mark.parametrize("counts", [(2, 1, 1), (1, 2, 1), (1, 1, 2), (0, 1, 1)])
def test_parts_that_are_not_equally_many(cpu, counts):
    parts = [[bytes(32)] * count for count in counts]
    with pytest.raises(ValueError, match="signatures"):
        cpu.verify_many("secp256k1", *parts)


@pytest.mark.parametrize("part, name", [(0, "messages"), (1, "public keys"), (2, "signatures")])
def test_parts_of_a_wrong_type(cpu, part, name):
    for wrong, error in [
        (b"bytes", TypeError),
        ("text", TypeError),
        (None, TypeError),
        (["text"], TypeError),
        (np.zeros((1, 64), np.int16), ValueError),
        (np.zeros(64, np.uint8), ValueError),
        ([np.zeros((1, 64), np.uint8)], ValueError),
    ]:
        parts = [[bytes(32)], [bytes(33)], [bytes(64)]]
        parts[part] = wrong
        with pytest.raises(error) as raised:
            cpu.verify_many("secp256k1", *parts)
        if error is TypeError and wrong is not None and not isinstance(wrong, list):
            assert name in str(raised.value)


def recoverable(count=12, **arguments):
    rng = np.random.default_rng(SEED)
    rows = []
    for _ in range(count):
        secret, nonce = (int.from_bytes(rng.bytes(31), "big") + 1 for _ in range(2))
        message = rng.bytes(32)
        key, signature = signing.ecdsa("secp256k1", secret, nonce, message, **arguments)
        rows.append((message, key, signature))
    return [list(column) for column in zip(*rows)]


def test_keys_are_recovered(cpu):
    messages, keys, signatures = recoverable()
    for ids in (0, 27):
        shifted = [signature[:64] + bytes([signature[64] + ids]) for signature in signatures]
        verdicts, recovered = cpu.recover_many(messages, array(shifted))
        assert verdicts.tolist() == [1] * 12
        assert (recovered.dtype, recovered.shape) == (np.uint8, (12, 64))
        assert [row.tobytes() for row in recovered] == keys
    messages, keys, signatures = recoverable(hashing="keccak256", low_s=True)
    verdicts, recovered = cpu.recover_many(
        messages, signatures, profile="ethereum-transaction", hashing="keccak256"
    )
    assert verdicts.all() and [row.tobytes() for row in recovered] == keys


def test_what_cannot_be_recovered(cpu):
    (message, *_), _, (signature, *_) = recoverable()
    cases = [
        (message, signature[:64], Verdict.SIGNATURE_LENGTH),
        (message, b"", Verdict.SIGNATURE_LENGTH),
        (message, signature[:64] + b"\4", Verdict.RECOVERY_ID),
        (message, bytes(32) + signature[32:], Verdict.RANGE_R),
        (message[:31], signature, Verdict.DIGEST_LENGTH),
        # x of R would be r + n, which is above p for nearly every r.
        (message, signature[:64] + b"\2", Verdict.INVALID),
    ]
    messages, signatures, wanted = zip(*cases)
    verdicts, keys = cpu.recover_many(list(messages), list(signatures))
    assert [Verdict(code) for code in verdicts] == list(wanted)
    assert not keys.any()
    with pytest.raises(ValueError):
        cpu.recover_many([message], [signature], profile="gm")
    with pytest.raises(ValueError, match="signatures"):
        cpu.recover_many([message, message], [signature])
