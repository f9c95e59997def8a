// Numbers below R = 2^(64 * LIMBS): limbs of 64 bits, the least significant first, four unless the
// host says another number. Arithmetic modulo an odd m < R in Montgomery form: the residue of a is
// a * R mod m, below m.
//
// WIDE takes the compiler's integers of 128 bits where it has them, unless the host says STANDARD;
// the rest is standard OpenCL C.
#if defined(__SIZEOF_INT128__) && !defined(STANDARD)
#define WIDE
#endif

#ifndef LIMBS
#define LIMBS 4
#endif

#define NOINLINE __attribute__((noinline))

typedef struct {
    ulong limb[LIMBS];
} number;

typedef struct {
    ulong m[LIMBS];
    // R mod m, the residue of 1, and R^2 mod m, which makes residues.
    ulong one[LIMBS];
    ulong square[LIMBS];
    // -1/m mod 2^64.
    ulong inverse;
} modulus;

static void load(number *r, __constant const ulong *a) {
    for (uint j = 0; j < LIMBS; j++) r->limb[j] = a[j];
}

static void set_zero(number *r) {
    for (uint j = 0; j < LIMBS; j++) r->limb[j] = 0;
}

static bool is_zero(const number *a) {
    ulong any = 0;
    for (uint j = 0; j < LIMBS; j++) any |= a->limb[j];
    return any == 0;
}

static bool equal(const number *a, const number *b) {
    ulong different = 0;
    for (uint j = 0; j < LIMBS; j++) different |= a->limb[j] ^ b->limb[j];
    return different == 0;
}

static bool is_odd(const number *a) {
    return a->limb[0] & 1;
}

// The low half of a + b + carry; the high half, 0 or 1, goes to carry.
static ulong add_carry(ulong a, ulong b, ulong *carry) {
#ifdef WIDE
    unsigned __int128 wide = (unsigned __int128)a + b + *carry;
    *carry = (ulong)(wide >> 64);
    return (ulong)wide;
#else
    ulong partial = a + b, sum = partial + *carry;
    *carry = (partial < a) | (sum < partial);
    return sum;
#endif
}

// The low half of a - b - borrow; whether it was below zero, 0 or 1, goes to borrow.
static ulong subtract_borrow(ulong a, ulong b, ulong *borrow) {
#ifdef WIDE
    unsigned __int128 wide = (unsigned __int128)a - b - *borrow;
    *borrow = (ulong)(wide >> 64) & 1;
    return (ulong)wide;
#else
    ulong partial = a - b, difference = partial - *borrow;
    *borrow = (a < b) | (partial < *borrow);
    return difference;
#endif
}

// r = a - b modulo R; the borrow.
static ulong subtract_limbs(number *r, const number *a, __constant const ulong *b) {
    ulong borrow = 0;
#pragma unroll
    for (uint j = 0; j < LIMBS; j++) r->limb[j] = subtract_borrow(a->limb[j], b[j], &borrow);
    return borrow;
}

// r = a + b modulo R; the carry.
static ulong add_limbs(number *r, const number *a, __constant const ulong *b) {
    ulong carry = 0;
#pragma unroll
    for (uint j = 0; j < LIMBS; j++) r->limb[j] = add_carry(a->limb[j], b[j], &carry);
    return carry;
}

// Whether a < b.
static bool below(const number *a, __constant const ulong *b) {
    number unused;
    return subtract_limbs(&unused, a, b) != 0;
}

// r = carry * R + a modulo m, for a value below 2m.
static void reduce_once(number *r, const number *a, ulong carry, __constant const modulus *m) {
    number reduced;
    ulong borrow = subtract_limbs(&reduced, a, m->m);
    ulong keep = -(ulong)(carry < borrow);
#pragma unroll
    for (uint j = 0; j < LIMBS; j++) {
        r->limb[j] = reduced.limb[j] ^ ((reduced.limb[j] ^ a->limb[j]) & keep);
    }
}

// r = a + b; a, b below m.
static void add(number *r, const number *a, const number *b, __constant const modulus *m) {
    number sum;
    ulong carry = 0;
#pragma unroll
    for (uint j = 0; j < LIMBS; j++) sum.limb[j] = add_carry(a->limb[j], b->limb[j], &carry);
    reduce_once(r, &sum, carry, m);
}

// r = a - b; a, b below m.
static void subtract(number *r, const number *a, const number *b, __constant const modulus *m) {
    number difference;
    ulong borrow = 0;
#pragma unroll
    for (uint j = 0; j < LIMBS; j++) {
        difference.limb[j] = subtract_borrow(a->limb[j], b->limb[j], &borrow);
    }
    ulong mask = -borrow, carry = 0;
#pragma unroll
    for (uint j = 0; j < LIMBS; j++) {
        r->limb[j] = add_carry(difference.limb[j], m->m[j] & mask, &carry);
    }
}

static void negate(number *r, const number *a, __constant const modulus *m) {
    number zero;
    set_zero(&zero);
    subtract(r, &zero, a, m);
}

// The low half of a * b + c + carry, which is below 2^128; the high half goes to carry.
static ulong multiply_add(ulong a, ulong b, ulong c, ulong *carry) {
#ifdef WIDE
    unsigned __int128 wide = (unsigned __int128)a * b + c + *carry;
    *carry = (ulong)(wide >> 64);
    return (ulong)wide;
#else
    ulong low = a * b, high = mul_hi(a, b);
    low += c;
    high += low < c;
    low += *carry;
    high += low < *carry;
    *carry = high;
    return low;
#endif
}

// r = a * b / R: Montgomery's product, limb by limb (the method CIOS of Koç, Acar and Kaliski).
// a below R, b below m: the sum is below 2m before the last subtraction.
static NOINLINE void multiply(
    number *r, const number *a, const number *b, __constant const modulus *m) {
    ulong t[LIMBS + 1] = {0};
#pragma unroll
    for (uint i = 0; i < LIMBS; i++) {
        ulong carry = 0;
#pragma unroll
        for (uint j = 0; j < LIMBS; j++) t[j] = multiply_add(a->limb[i], b->limb[j], t[j], &carry);
        ulong top = t[LIMBS] + carry;
        ulong over = top < carry;

        ulong q = t[0] * m->inverse;
        carry = 0;
        multiply_add(q, m->m[0], t[0], &carry);
#pragma unroll
        for (uint j = 1; j < LIMBS; j++) t[j - 1] = multiply_add(q, m->m[j], t[j], &carry);
        t[LIMBS - 1] = top + carry;
        t[LIMBS] = over + (t[LIMBS - 1] < carry);
    }
    number product;
    for (uint j = 0; j < LIMBS; j++) product.limb[j] = t[j];
    reduce_once(r, &product, t[LIMBS], m);
}

static void to_residue(number *r, const number *a, __constant const modulus *m) {
    number square;
    load(&square, m->square);
    multiply(r, a, &square, m);
}

static void from_residue(number *r, const number *a, __constant const modulus *m) {
    number one;
    set_zero(&one);
    one.limb[0] = 1;
    multiply(r, a, &one, m);
}

// r = a^exponent, four bits at a time.
static NOINLINE void power(
    number *r, const number *a, __constant const ulong *exponent, __constant const modulus *m) {
    number powers[16], result;
    load(&powers[0], m->one);
    for (uint j = 1; j < 16; j++) multiply(&powers[j], &powers[j - 1], a, m);
    result = powers[0];
    for (int at = 64 * LIMBS - 4; at >= 0; at -= 4) {
        for (uint j = 0; j < 4; j++) multiply(&result, &result, &result, m);
        multiply(&result, &result, &powers[exponent[at / 64] >> (at % 64) & 15], m);
    }
    *r = result;
}

// 8 * LIMBS bytes, the most significant first.
static void load_be(number *r, __global const uchar *bytes) {
    for (uint j = 0; j < LIMBS; j++) r->limb[LIMBS - 1 - j] = load_be64(bytes + 8 * j);
}

// 8 * LIMBS bytes, the least significant first.
static void load_le(number *r, __global const uchar *bytes) {
    for (uint j = 0; j < LIMBS; j++) r->limb[j] = load_le64(bytes + 8 * j);
}

static void store_be(__global uchar *bytes, const number *a) {
    for (uint j = 0; j < LIMBS; j++) store_be64(bytes + 8 * j, a->limb[LIMBS - 1 - j]);
}
