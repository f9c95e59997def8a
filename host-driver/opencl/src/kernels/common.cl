// What the kernels share: one work-item hashes one message.
//
// Message i is data[ends[i - 1] .. ends[i]], the first one from 0; its digest goes to
// digests[i * DIGEST_LENGTH ..]. A message longer than the buffers comes in pieces, alone
// (count = 1): `before` bytes of it went through earlier launches, all of them whole blocks,
// and `state` carries the chaining value until the `last` one.
#define HASH_ARGUMENTS                                                              \
    __global const uchar *data, __global const ulong *ends, __global uchar *digests, \
        __global ulong *state, const uint count, const ulong before, const uint last

// The number of work-items is rounded up to whole groups: the rest has nothing to do.
#define HASH_PROLOGUE                                                      \
    size_t item = get_global_id(0);                                        \
    if (item >= count) return;                                             \
    ulong start = item == 0 ? 0 : ends[item - 1];                          \
    ulong length = ends[item] - start;                                     \
    ulong total_bits = (before + length) * 8;                              \
    __global const uchar *message = data + start;                          \
    __global uchar *digest = digests + item * DIGEST_LENGTH;

static uint load_be32(__global const uchar *p) {
    return as_uint(vload4(0, p).wzyx);
}

static ulong load_be64(__global const uchar *p) {
    return as_ulong(vload8(0, p).s76543210);
}

static ulong load_le64(__global const uchar *p) {
    return as_ulong(vload8(0, p));
}

// Byte `at` of the message behind which a `mark` stands, then zeros.
static uchar padded(__global const uchar *message, ulong length, ulong at, uchar mark) {
    return at < length ? message[at] : at == length ? mark : 0;
}

static uint load_padded_be32(__global const uchar *message, ulong length, ulong at, uchar mark) {
    uint word = 0;
    for (uint j = 0; j < 4; j++) word = word << 8 | padded(message, length, at + j, mark);
    return word;
}

static ulong load_padded_be64(__global const uchar *message, ulong length, ulong at, uchar mark) {
    ulong word = 0;
    for (uint j = 0; j < 8; j++) word = word << 8 | padded(message, length, at + j, mark);
    return word;
}

static ulong load_padded_le64(__global const uchar *message, ulong length, ulong at, uchar mark) {
    ulong word = 0;
    for (uint j = 0; j < 8; j++) word |= (ulong)padded(message, length, at + j, mark) << (8 * j);
    return word;
}

static void store_be32(__global uchar *p, uint word) {
    vstore4(as_uchar4(word).wzyx, 0, p);
}

static void store_be64(__global uchar *p, ulong word) {
    vstore8(as_uchar8(word).s76543210, 0, p);
}

static void store_le64(__global uchar *p, ulong word) {
    vstore8(as_uchar8(word), 0, p);
}
