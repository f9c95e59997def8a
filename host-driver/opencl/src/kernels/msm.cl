// Multi-scalar multiplication by the bucket method: the additions, which the host has put in order.
//
// Of each window, the host sorts the terms by their bucket and cuts the list of each bucket into
// pieces; a work-item adds up one piece, so that none waits for another. An entry is the number of a
// base, and whether its opposite is meant. Coordinates are residues; bases are finite.

#define OPPOSITE 0x80000000u

static void read_number(number *r, __global const ulong *from) {
    for (uint j = 0; j < LIMBS; j++) r->limb[j] = from[j];
}

static void write_number(__global ulong *to, const number *a) {
    for (uint j = 0; j < LIMBS; j++) to[j] = a->limb[j];
}

static void read_point(point *r, __global const ulong *points, size_t at) {
    read_number(&r->x, points + 3 * LIMBS * at);
    read_number(&r->y, points + 3 * LIMBS * at + LIMBS);
    read_number(&r->z, points + 3 * LIMBS * at + 2 * LIMBS);
}

static void write_point(__global ulong *points, size_t at, const point *p) {
    write_number(points + 3 * LIMBS * at, &p->x);
    write_number(points + 3 * LIMBS * at + LIMBS, &p->y);
    write_number(points + 3 * LIMBS * at + 2 * LIMBS, &p->z);
}

// Coordinates as bytes, the most significant first, to residues; `count` of them.
__kernel void load_bases(
    __global const uchar *bytes, __global ulong *bases, const uint count) {
    size_t at = get_global_id(0);
    if (at >= count) return;
    number a;
    load_be(&a, bytes + 8 * LIMBS * at);
    to_residue(&a, &a, &FIELD);
    write_number(bases + LIMBS * at, &a);
}

// Piece i is entries[ends[i - 1] .. ends[i]], the first one from 0; its sum goes to partials[i].
__kernel void add_pieces(
    __global const ulong *bases, __global const uint *entries, __global const uint *ends,
    __global ulong *partials, const uint count) {
    size_t piece = get_global_id(0);
    if (piece >= count) return;
    point sum;
    set_identity(&sum);
    for (uint at = piece == 0 ? 0 : ends[piece - 1]; at < ends[piece]; at++) {
        uint entry = entries[at];
        __global const ulong *base = bases + 2 * LIMBS * (size_t)(entry & ~OPPOSITE);
        number x, y;
        read_number(&x, base);
        read_number(&y, base + LIMBS);
        if (entry & OPPOSITE) negate(&y, &y, &FIELD);
        add_affine(&sum, &sum, &x, &y);
    }
    write_point(partials, piece, &sum);
}

// Bucket b of all windows, `buckets` of each, is made of the pieces pieces[b - 1] .. pieces[b]. Of
// the buckets of a window, a work-item weighs `length`, or what is left of them: bucket j of the
// window, counted from 0, counts j + 1 times. Its sum goes to sums.
__kernel void weigh_buckets(
    __global const ulong *partials, __global const uint *pieces, __global ulong *sums,
    const uint count, const uint buckets, const uint length) {
    size_t item = get_global_id(0);
    if (item >= count) return;
    uint parts = (buckets + length - 1) / length;
    uint low = (uint)(item % parts) * length, high = min(low + length, buckets);
    size_t first = item / parts * buckets;
    point running, sum, piece;
    set_identity(&running);
    set_identity(&sum);
    for (uint j = high; j > low; j--) {
        size_t bucket = first + j - 1;
        for (uint at = bucket == 0 ? 0 : pieces[bucket - 1]; at < pieces[bucket]; at++) {
            read_point(&piece, partials, at);
            add_points(&running, &running, &piece);
        }
        add_points(&sum, &sum, &running);
    }
    // Each of them counts `low` times more.
    point multiple;
    set_identity(&multiple);
    for (int bit = 31 - (int)clz(low); bit >= 0; bit--) {
        double_point(&multiple, &multiple);
        if (low >> bit & 1) add_points(&multiple, &multiple, &running);
    }
    add_points(&sum, &sum, &multiple);
    write_point(sums, item, &sum);
}

// Adds up `parts` sums of each of `count` windows: X, Y and Z as bytes, the most significant first.
__kernel void add_windows(
    __global const ulong *sums, __global uchar *bytes, const uint count, const uint parts) {
    size_t window = get_global_id(0);
    if (window >= count) return;
    point sum, part;
    set_identity(&sum);
    for (uint at = 0; at < parts; at++) {
        read_point(&part, sums, window * parts + at);
        add_points(&sum, &sum, &part);
    }
    __global uchar *to = bytes + 24 * LIMBS * window;
    from_residue(&sum.x, &sum.x, &FIELD);
    from_residue(&sum.y, &sum.y, &FIELD);
    from_residue(&sum.z, &sum.z, &FIELD);
    store_be(to, &sum.x);
    store_be(to + 8 * LIMBS, &sum.y);
    store_be(to + 16 * LIMBS, &sum.z);
}
