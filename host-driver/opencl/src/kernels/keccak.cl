// Keccak-f[1600] with a capacity of 512 bits, FIPS 202, sections 3.2 to 4: SHA3-256, and
// Keccak-256 with the padding of the original submission.

__constant ulong KECCAK_RC[24] = {
    0x0000000000000001UL, 0x0000000000008082UL, 0x800000000000808aUL, 0x8000000080008000UL,
    0x000000000000808bUL, 0x0000000080000001UL, 0x8000000080008081UL, 0x8000000000008009UL,
    0x000000000000008aUL, 0x0000000000000088UL, 0x0000000080008009UL, 0x000000008000000aUL,
    0x000000008000808bUL, 0x800000000000008bUL, 0x8000000000008089UL, 0x8000000000008003UL,
    0x8000000000008002UL, 0x8000000000000080UL, 0x000000000000800aUL, 0x800000008000000aUL,
    0x8000000080008081UL, 0x8000000000008080UL, 0x0000000080000001UL, 0x8000000080008008UL,
};

// Rotation of lane (x, y) in rho.
__constant uint KECCAK_ROTATION[5][5] = {
    {0, 36, 3, 41, 18},
    {1, 44, 10, 45, 2},
    {62, 6, 43, 15, 61},
    {28, 55, 25, 21, 56},
    {27, 20, 39, 8, 14},
};

#define RATE 136
#define DIGEST_LENGTH 32

// Lane (x, y) is a[x + 5 * y].
static void keccak_f(ulong a[25]) {
    for (uint round = 0; round < 24; round++) {
        ulong c[5], b[25];
#pragma unroll
        for (uint x = 0; x < 5; x++) c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
#pragma unroll
        for (uint x = 0; x < 5; x++) {
            ulong d = c[(x + 4) % 5] ^ rotate(c[(x + 1) % 5], 1UL);
#pragma unroll
            for (uint y = 0; y < 5; y++) {
                // theta, rho; pi moves lane (x, y) to (y, 2x + 3y).
                b[y + 5 * ((2 * x + 3 * y) % 5)] =
                    rotate(a[x + 5 * y] ^ d, (ulong)KECCAK_ROTATION[x][y]);
            }
        }
#pragma unroll
        for (uint y = 0; y < 25; y += 5) {
#pragma unroll
            for (uint x = 0; x < 5; x++) {
                a[x + y] = bitselect(b[x + y] ^ b[(x + 2) % 5 + y], b[x + y], b[(x + 1) % 5 + y]);
            }
        }
        a[0] ^= KECCAK_RC[round];
    }
}

static void keccak_256(HASH_ARGUMENTS, const uchar domain) {
    HASH_PROLOGUE
    ulong a[25];
    for (uint j = 0; j < 25; j++) a[j] = before == 0 ? 0 : state[j];

    ulong offset = 0;
    for (; length - offset >= RATE; offset += RATE) {
        for (uint j = 0; j < RATE / 8; j++) a[j] ^= load_le64(message + offset + 8 * j);
        keccak_f(a);
    }
    if (!last) {
        for (uint j = 0; j < 25; j++) state[j] = a[j];
        return;
    }
    // pad10*1 behind the domain byte; both may fall on the same byte.
    for (uint j = 0; j < RATE / 8; j++) {
        a[j] ^= load_padded_le64(message, length, offset + 8 * j, domain);
    }
    a[RATE / 8 - 1] ^= 0x8000000000000000UL;
    keccak_f(a);
    for (uint j = 0; j < 4; j++) store_le64(digest + 8 * j, a[j]);
}

__kernel void keccak256(HASH_ARGUMENTS) {
    keccak_256(data, ends, digests, state, count, before, last, 0x01);
}

__kernel void sha3_256(HASH_ARGUMENTS) {
    keccak_256(data, ends, digests, state, count, before, last, 0x06);
}
