// One work-item verifies one signature. An item is what the card's protocol makes of it (module
// `verify` of chaincard-protocol): ITEM_HEAD bytes of flags, r, s and key in `heads`, and message
// or digest in data[ends[i - 1] .. ends[i]]. The HEAD_*, KEY_* and RECOVERY_* numbers and
// the verdicts come from the host.
#define ITEM_ARGUMENTS                                                                     \
    __global const uchar *heads, __global const uchar *data, __global const ulong *ends,   \
        __global const uchar *id, const uint id_length, __global const point *multiples,   \
        __global uint *verdicts, __global uchar *keys, const uint count, const uint hashing, \
        const uint rules

// The number of work-items is rounded up to whole groups: the rest has nothing to do.
#define ITEM_PROLOGUE                                                      \
    size_t item = get_global_id(0);                                        \
    if (item >= count) return;                                             \
    ulong start = item == 0 ? 0 : ends[item - 1];                          \
    __global const uchar *head = heads + item * ITEM_HEAD;                 \
    __global const uchar *message = data + start;                          \
    ulong length = ends[item] - start;

static uint item_flags(__global const uchar *head) {
    return as_uint(vload4(0, head));
}

// What is hashed: up to 64 bytes of this work-item, a stretch of memory, up to 64 bytes again.
typedef struct {
    uchar head[64], tail[64];
    ulong head_length, body_length, tail_length;
    __global const uchar *body;
} text;

static void set_text(text *t, __global const uchar *body, ulong length) {
    t->head_length = t->tail_length = 0;
    t->body = body;
    t->body_length = length;
}

static ulong text_length(const text *t) {
    return t->head_length + t->body_length + t->tail_length;
}

// Byte `at` of the text behind which a `mark` stands, then zeros.
static uchar text_byte(const text *t, ulong at, uchar mark) {
    if (at < t->head_length) return t->head[at];
    at -= t->head_length;
    if (at < t->body_length) return t->body[at];
    at -= t->body_length;
    if (at < t->tail_length) return t->tail[at];
    return at == t->tail_length ? mark : 0;
}

// Whether the `width` bytes from `at` all lie in the body, which is read without bounds then.
static bool in_body(const text *t, ulong at, ulong width) {
    return at >= t->head_length && at + width <= t->head_length + t->body_length;
}

static uint text_be32(const text *t, ulong at, uchar mark) {
    if (in_body(t, at, 4)) return load_be32(t->body + (at - t->head_length));
    uint word = 0;
    for (uint j = 0; j < 4; j++) word = word << 8 | text_byte(t, at + j, mark);
    return word;
}

static ulong text_be64(const text *t, ulong at, uchar mark) {
    if (in_body(t, at, 8)) return load_be64(t->body + (at - t->head_length));
    ulong word = 0;
    for (uint j = 0; j < 8; j++) word = word << 8 | text_byte(t, at + j, mark);
    return word;
}

// 8 bytes of a text, the most significant first.
static void put_be64(uchar *bytes, ulong word) {
    for (uint j = 0; j < 8; j++) bytes[j] = word >> (56 - 8 * j);
}

// The padding of SHA-256 and SM3: a one bit, zeros, the length in bits in the last 8 bytes.
// Fills block `offset`, and says whether it is the last one.
static bool text_block(const text *t, uint w[16], ulong offset) {
    ulong length = text_length(t);
    for (uint j = 0; j < 16; j++) w[j] = text_be32(t, offset + 4 * j, 0x80);
    if (offset + 64 < length + 9) return false;
    w[14] = (uint)(length * 8 >> 32);
    w[15] = (uint)(length * 8);
    return true;
}

// A digest of eight words as a number, the most significant first.
static void digest_number(number *r, const uint h[8]) {
    for (uint j = 0; j < 4; j++) r->limb[3 - j] = (ulong)h[2 * j] << 32 | h[2 * j + 1];
}
