// u * B + v * P in one pass of doublings (Straus): windows of 8 bits for the base point B, whose
// multiples stand in a table that is made once, and of 4 bits for P. The point formulas are
// complete, so that no scalar and no point is an exception. Scalars below 2^256.
//
// Before this in the program: point, set_identity, add_points, double_point, load_base.

// Multiples 0 to BASE_MULTIPLES - 1 of the base point.
__kernel void base_multiples(__global point *table) {
    if (get_global_id(0) != 0) return;
    point multiple, base;
    set_identity(&multiple);
    load_base(&base);
    for (uint j = 0; j < BASE_MULTIPLES; j++) {
        table[j] = multiple;
        add_points(&multiple, &multiple, &base);
    }
}

static NOINLINE void multiply_points(
    point *r, const number *u, __global const point *table, const number *v, const point *p) {
    point multiples[16], sum;
    set_identity(&multiples[0]);
    for (uint j = 1; j < 16; j++) add_points(&multiples[j], &multiples[j - 1], p);
    set_identity(&sum);
    for (int at = 252; at >= 0; at -= 4) {
        for (uint j = 0; j < 4; j++) double_point(&sum, &sum);
        add_points(&sum, &sum, &multiples[v->limb[at / 64] >> (at % 64) & 15]);
        if (at % 8 == 0) {
            point multiple = table[u->limb[at / 64] >> (at % 64) & (BASE_MULTIPLES - 1)];
            add_points(&sum, &sum, &multiple);
        }
    }
    *r = sum;
}
