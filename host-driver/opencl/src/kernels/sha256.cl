// SHA-256, FIPS 180-4: sections 4.1.2 (functions), 4.2.2 (constants), 6.2 (computation).

__constant uint SHA256_IV[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

__constant uint SHA256_K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

__constant uint SHA256_BIG_SIGMA_0[3] = {2, 13, 22};
__constant uint SHA256_BIG_SIGMA_1[3] = {6, 11, 25};
// The last one of each is a shift.
__constant uint SHA256_SMALL_SIGMA_0[3] = {7, 18, 3};
__constant uint SHA256_SMALL_SIGMA_1[3] = {17, 19, 10};

#define DIGEST_LENGTH 32

#define ROTR(x, n) rotate((x), (uint)(32 - (n)))
#define BIG_SIGMA(x, n) (ROTR(x, n[0]) ^ ROTR(x, n[1]) ^ ROTR(x, n[2]))
#define SMALL_SIGMA(x, n) (ROTR(x, n[0]) ^ ROTR(x, n[1]) ^ ((x) >> n[2]))

static void sha256_block(uint h[8], uint w[16]) {
    uint a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
    for (uint base = 0; base < 64; base += 16) {
#pragma unroll
        for (uint j = 0; j < 16; j++) {
            if (base != 0) {
                w[j] += SMALL_SIGMA(w[(j + 14) & 15], SHA256_SMALL_SIGMA_1) + w[(j + 9) & 15] +
                        SMALL_SIGMA(w[(j + 1) & 15], SHA256_SMALL_SIGMA_0);
            }
            uint t1 = k + BIG_SIGMA(e, SHA256_BIG_SIGMA_1) + bitselect(g, f, e) +
                    SHA256_K[base + j] + w[j];
            uint t2 = BIG_SIGMA(a, SHA256_BIG_SIGMA_0) + bitselect(b, a, b ^ c);
            k = g; g = f; f = e; e = d + t1; d = c; c = b; b = a; a = t1 + t2;
        }
    }
    h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += k;
}

__kernel void sha256(HASH_ARGUMENTS) {
    HASH_PROLOGUE
    uint h[8], w[16];
    for (uint j = 0; j < 8; j++) h[j] = before == 0 ? SHA256_IV[j] : (uint)state[j];

    ulong offset = 0;
    for (; length - offset >= 64; offset += 64) {
        for (uint j = 0; j < 16; j++) w[j] = load_be32(message + offset + 4 * j);
        sha256_block(h, w);
    }
    if (!last) {
        for (uint j = 0; j < 8; j++) state[j] = h[j];
        return;
    }
    // Section 5.1.1: the rest, a one bit, zeros, the length in bits in the last 8 bytes.
    bool more = true;
    while (more) {
        for (uint j = 0; j < 16; j++) w[j] = load_padded_be32(message, length, offset + 4 * j, 0x80);
        more = length >= offset && length - offset >= 64 - 8;
        if (!more) {
            w[14] = (uint)(total_bits >> 32);
            w[15] = (uint)total_bits;
        }
        sha256_block(h, w);
        offset += 64;
    }
    for (uint j = 0; j < 8; j++) store_be32(digest + 4 * j, h[j]);
}
