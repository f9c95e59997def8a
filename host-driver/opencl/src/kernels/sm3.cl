// SM3, GB/T 32905-2016: section 4 (constants and functions), section 5 (padding and compression).

__constant uint SM3_IV[8] = {
    0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
};

// T_j of rounds 0 to 15 and of rounds 16 to 63.
__constant uint SM3_T[2] = {0x79cc4519, 0x7a879d8a};
__constant uint SM3_P0[2] = {9, 17};
__constant uint SM3_P1[2] = {15, 23};

#define P0(x) ((x) ^ rotate((x), SM3_P0[0]) ^ rotate((x), SM3_P0[1]))
#define P1(x) ((x) ^ rotate((x), SM3_P1[0]) ^ rotate((x), SM3_P1[1]))

#define DIGEST_LENGTH 32

static void sm3_block(uint v[8], uint w[16]) {
    uint a = v[0], b = v[1], c = v[2], d = v[3], e = v[4], f = v[5], g = v[6], h = v[7];
    for (uint base = 0; base < 64; base += 16) {
        bool first = base == 0;
        uint t = SM3_T[first ? 0 : 1];
#pragma unroll
        for (uint j = 0; j < 16; j++) {
            // W_(base + j + 4), needed for W' of this round, takes the place of W_(base + j - 12).
            uint n = (j + 4) & 15;
            if (!first || j >= 12) {
                w[n] = P1(w[n] ^ w[(n + 7) & 15] ^ rotate(w[(n + 13) & 15], 15u)) ^
                       rotate(w[(n + 3) & 15], 7u) ^ w[(n + 10) & 15];
            }
            uint a12 = rotate(a, 12u);
            uint ss1 = rotate(a12 + e + rotate(t, (base + j) & 31), 7u);
            uint ss2 = ss1 ^ a12;
            uint ff = first ? a ^ b ^ c : bitselect(b, a, b ^ c);
            uint gg = first ? e ^ f ^ g : bitselect(g, f, e);
            uint tt1 = ff + d + ss2 + (w[j] ^ w[n]);
            uint tt2 = gg + h + ss1 + w[j];
            d = c; c = rotate(b, 9u); b = a; a = tt1;
            h = g; g = rotate(f, 19u); f = e; e = P0(tt2);
        }
    }
    v[0] ^= a; v[1] ^= b; v[2] ^= c; v[3] ^= d; v[4] ^= e; v[5] ^= f; v[6] ^= g; v[7] ^= h;
}

__kernel void sm3(HASH_ARGUMENTS) {
    HASH_PROLOGUE
    uint v[8], w[16];
    for (uint j = 0; j < 8; j++) v[j] = before == 0 ? SM3_IV[j] : (uint)state[j];

    ulong offset = 0;
    for (; length - offset >= 64; offset += 64) {
        for (uint j = 0; j < 16; j++) w[j] = load_be32(message + offset + 4 * j);
        sm3_block(v, w);
    }
    if (!last) {
        for (uint j = 0; j < 8; j++) state[j] = v[j];
        return;
    }
    // Section 5.2: the rest, a one bit, zeros, the length in bits in the last 8 bytes.
    bool more = true;
    while (more) {
        for (uint j = 0; j < 16; j++) w[j] = load_padded_be32(message, length, offset + 4 * j, 0x80);
        more = length >= offset && length - offset >= 64 - 8;
        if (!more) {
            w[14] = (uint)(total_bits >> 32);
            w[15] = (uint)total_bits;
        }
        sm3_block(v, w);
        offset += 64;
    }
    for (uint j = 0; j < 8; j++) store_be32(digest + 4 * j, v[j]);
}
