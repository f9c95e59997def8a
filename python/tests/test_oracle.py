"""The oracle itself, against published examples and hashlib."""

import hashlib

import oracle
import signing


def test_keccak_core_is_the_one_of_sha3():
    for length in (0, 1, 135, 136, 137, 300):
        message = bytes(i % 251 for i in range(length))
        assert oracle.keccak(message, 0x06) == hashlib.sha3_256(message).digest()


def test_keccak256_of_the_empty_string():
    # Ethereum Yellow Paper, appendix: KEC(()), the code hash of an account without code.
    known = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert oracle.DIGEST["keccak256"](b"").hex() == known


def test_sm3_examples_of_the_standard():
    # GB/T 32905-2016, appendix A.
    known = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert oracle.sm3(b"abc").hex() == known
    known = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    assert oracle.sm3(b"abcd" * 16).hex() == known


def test_ecdsa_example_of_rfc6979():
    # Appendix A.2.5, P-256 with SHA-256, message "sample".
    key, signature = signing.ecdsa(
        "p256",
        0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721,
        0xA6E3C57DD01ABE90086538398355DD4C3B17AA873382B0F24D6129493D8AAD60,
        b"sample",
        "sha256",
    )
    assert key.hex().startswith("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6")
    assert signature[:64].hex() == (
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
    )


def test_sm2_example_of_the_standard():
    # GB/T 32918.5-2017, annex A.
    _, signature = signing.sm2(
        0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8,
        0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21,
        b"message digest",
    )
    assert signature.hex() == (
        "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
        "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
    )


def test_ed25519_example_of_rfc8032():
    # Section 7.1, test 2.
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    key, signature = signing.ed25519(seed, b"r")
    assert key.hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert signature.hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
