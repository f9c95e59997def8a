/*
 * What programs do with libsecp256k1, after its examples ecdsa.c, schnorr.c and ecdh.c and its header
 * on recovery. What the library gives is printed, for comparison with what another one gives. Keys and
 * nonces are fixed, so that everything is the same each time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <secp256k1.h>
#include <secp256k1_ecdh.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_preallocated.h>
#include <secp256k1_recovery.h>
#include <secp256k1_schnorrsig.h>

typedef unsigned char u8;

static const char *const LAX = "lax";

static void hex(const char *name, const void *data, size_t len) {
    const u8 *bytes = data;
    printf("%s ", name);
    for (size_t i = 0; i < len; i++) printf("%02x", bytes[i]);
    printf("\n");
}

#define SAY(call) printf("%s: %d\n", #call, (int)(call))

static void illegal(const char *message, void *data) {
    printf("illegal (%s): %s\n", (const char *)data, message);
}

static void fill(u8 *bytes, size_t len, u8 first) {
    for (size_t i = 0; i < len; i++) bytes[i] = (u8)(first + 7 * i);
}

static void ecdsa(secp256k1_context *ctx) {
    u8 seckey[32], msg[32], compressed[33], full[65], compact[64], der[72];
    size_t len;
    secp256k1_pubkey pubkey, copy;
    secp256k1_ecdsa_signature sig, copied;
    fill(seckey, 32, 1);
    fill(msg, 32, 2);
    SAY(secp256k1_ec_seckey_verify(ctx, seckey));
    SAY(secp256k1_ec_pubkey_create(ctx, &pubkey, seckey));
    hex("made there", &pubkey, sizeof pubkey);
    len = sizeof compressed;
    SAY(secp256k1_ec_pubkey_serialize(ctx, compressed, &len, &pubkey, SECP256K1_EC_COMPRESSED));
    hex("compressed", compressed, len);
    len = sizeof full;
    SAY(secp256k1_ec_pubkey_serialize(ctx, full, &len, &pubkey, SECP256K1_EC_UNCOMPRESSED));
    hex("full", full, len);
    SAY(secp256k1_ec_pubkey_parse(ctx, &copy, compressed, sizeof compressed));
    hex("made here", &copy, sizeof copy);
    SAY(secp256k1_ec_pubkey_cmp(ctx, &pubkey, &copy) == 0);

    SAY(secp256k1_ecdsa_sign(ctx, &sig, msg, seckey, NULL, NULL));
    hex("signature", &sig, sizeof sig);
    SAY(secp256k1_ecdsa_signature_serialize_compact(ctx, compact, &sig));
    hex("compact", compact, sizeof compact);
    len = sizeof der;
    SAY(secp256k1_ecdsa_signature_serialize_der(ctx, der, &len, &sig));
    hex("der", der, len);
    SAY(secp256k1_ecdsa_signature_parse_der(ctx, &copied, der, len));
    SAY(secp256k1_ecdsa_verify(ctx, &copied, msg, &copy));
    SAY(secp256k1_ecdsa_verify(secp256k1_context_static, &copied, msg, &copy));
    SAY(secp256k1_ecdsa_signature_normalize(ctx, NULL, &copied));
    msg[0] ^= 1;
    SAY(secp256k1_ecdsa_verify(ctx, &copied, msg, &copy));
    msg[0] ^= 1;
    SAY(secp256k1_ecdsa_sign(ctx, &copied, msg, seckey, secp256k1_nonce_function_rfc6979, NULL));
    SAY(memcmp(&sig, &copied, sizeof sig));
    SAY(secp256k1_ecdsa_sign(ctx, &copied, msg, seckey, secp256k1_nonce_function_default, NULL));
    SAY(memcmp(&sig, &copied, sizeof sig));
    memset(seckey, 0xff, 32);
    SAY(secp256k1_ecdsa_sign(ctx, &copied, msg, seckey, NULL, NULL));
}

/* n - s is as good as s, but only for those who make it low. */
static void high_s(secp256k1_context *ctx, const secp256k1_pubkey *pubkey, const u8 *msg,
                   const secp256k1_ecdsa_signature *low) {
    static const u8 N[32] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                             0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48,
                             0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};
    u8 compact[64];
    secp256k1_ecdsa_signature sig;
    SAY(secp256k1_ecdsa_signature_serialize_compact(ctx, compact, low));
    int borrow = 0;
    for (int i = 31; i >= 0; i--) {
        int difference = N[i] - compact[32 + i] - borrow;
        borrow = difference < 0;
        compact[32 + i] = (u8)difference;
    }
    SAY(secp256k1_ecdsa_signature_parse_compact(ctx, &sig, compact));
    SAY(secp256k1_ecdsa_verify(ctx, &sig, msg, pubkey));
    SAY(secp256k1_ecdsa_signature_normalize(ctx, &sig, &sig));
    SAY(secp256k1_ecdsa_verify(ctx, &sig, msg, pubkey));
    memcpy(compact, N, 32);
    SAY(secp256k1_ecdsa_signature_parse_compact(ctx, &sig, compact));
    hex("none", &sig, sizeof sig);
}

static void recovery(secp256k1_context *ctx) {
    u8 seckey[32], msg[32], compact[64];
    int id = -1;
    secp256k1_pubkey pubkey, recovered;
    secp256k1_ecdsa_signature plain;
    secp256k1_ecdsa_recoverable_signature sig;
    fill(msg, 32, 9);
    for (u8 i = 0; i < 8; i++) {
        fill(seckey, 32, (u8)(30 + i));
        SAY(secp256k1_ec_pubkey_create(ctx, &pubkey, seckey));
        SAY(secp256k1_ecdsa_sign_recoverable(ctx, &sig, msg, seckey, NULL, NULL));
        SAY(secp256k1_ecdsa_recoverable_signature_serialize_compact(ctx, compact, &id, &sig));
        printf("id %d\n", id);
        SAY(secp256k1_ecdsa_recover(ctx, &recovered, &sig, msg));
        SAY(memcmp(&pubkey, &recovered, sizeof pubkey));
        for (int other = 0; other < 4; other++) {
            SAY(secp256k1_ecdsa_recoverable_signature_parse_compact(ctx, &sig, compact, other));
            memset(&recovered, 0xaa, sizeof recovered);
            SAY(secp256k1_ecdsa_recover(ctx, &recovered, &sig, msg));
            hex("recovered", &recovered, sizeof recovered);
        }
        SAY(secp256k1_ecdsa_recoverable_signature_convert(ctx, &plain, &sig));
        SAY(secp256k1_ecdsa_verify(ctx, &plain, msg, &pubkey));
        high_s(ctx, &pubkey, msg, &plain);
    }
}

static void others(secp256k1_context *ctx) {
    u8 seckey[32], tweak[32], secret[32], msg[32], signature[64], serialized[32];
    secp256k1_pubkey pubkey, other, sum;
    const secp256k1_pubkey *both[2] = {&pubkey, &other};
    secp256k1_keypair pair;
    secp256k1_xonly_pubkey xonly;
    fill(seckey, 32, 50);
    fill(tweak, 32, 60);
    fill(msg, 32, 70);
    SAY(secp256k1_ec_pubkey_create(ctx, &pubkey, seckey));
    SAY(secp256k1_ec_pubkey_create(ctx, &other, tweak));
    SAY(secp256k1_ec_pubkey_cmp(ctx, &pubkey, &other) > 0);
    SAY(secp256k1_ec_pubkey_cmp(ctx, &other, &pubkey) > 0);
    SAY(secp256k1_ec_pubkey_combine(ctx, &sum, both, 2));
    hex("sum", &sum, sizeof sum);
    SAY(secp256k1_ec_pubkey_tweak_add(secp256k1_context_static, &sum, tweak));
    SAY(secp256k1_ec_pubkey_tweak_mul(ctx, &sum, tweak));
    SAY(secp256k1_ec_pubkey_negate(ctx, &sum));
    hex("sum", &sum, sizeof sum);
    SAY(secp256k1_ec_seckey_tweak_add(ctx, tweak, seckey));
    hex("tweaked", tweak, 32);
    SAY(secp256k1_ecdh(ctx, secret, &other, seckey, NULL, NULL));
    hex("secret", secret, 32);
    SAY(secp256k1_ecdh(ctx, secret, &other, seckey, secp256k1_ecdh_hash_function_sha256, NULL));
    hex("secret", secret, 32);
    SAY(secp256k1_keypair_create(ctx, &pair, seckey));
    SAY(secp256k1_keypair_xonly_pub(ctx, &xonly, NULL, &pair));
    SAY(secp256k1_xonly_pubkey_serialize(ctx, serialized, &xonly));
    hex("x only", serialized, 32);
    SAY(secp256k1_schnorrsig_sign32(ctx, signature, msg, &pair, seckey));
    hex("schnorr", signature, 64);
    secp256k1_schnorrsig_extraparams extra = SECP256K1_SCHNORRSIG_EXTRAPARAMS_INIT;
    extra.noncefp = secp256k1_nonce_function_bip340;
    SAY(secp256k1_schnorrsig_sign_custom(ctx, signature, msg, 32, &pair, &extra));
    hex("schnorr", signature, 64);
    SAY(secp256k1_schnorrsig_verify(secp256k1_context_static, signature, msg, 32, &xonly));
    SAY(secp256k1_tagged_sha256(ctx, secret, msg, 8, msg + 8, 24));
    hex("tagged", secret, 32);
}

static void illegal_arguments(secp256k1_context *ctx) {
    u8 bytes[72];
    size_t len = 20;
    int id;
    secp256k1_pubkey pubkey, none;
    secp256k1_ecdsa_signature sig;
    secp256k1_ecdsa_recoverable_signature rec;
    /* Volatile: the compiler must not conclude anything from a null that is not allowed. */
    void *volatile null = NULL;
    memset(&none, 0, sizeof none);
    memset(&sig, 0, sizeof sig);
    memset(&rec, 0, sizeof rec);
    fill(bytes, 32, 1);
    SAY(secp256k1_ec_pubkey_create(ctx, &pubkey, bytes));
    SAY(secp256k1_ec_pubkey_parse(ctx, null, bytes, 33));
    SAY(secp256k1_ec_pubkey_parse(ctx, &none, null, 33));
    SAY(secp256k1_ec_pubkey_serialize(ctx, bytes, null, &pubkey, SECP256K1_EC_COMPRESSED));
    SAY(secp256k1_ec_pubkey_serialize(ctx, bytes, &len, &pubkey, SECP256K1_EC_COMPRESSED));
    len = 72;
    SAY(secp256k1_ec_pubkey_serialize(ctx, null, &len, &pubkey, SECP256K1_EC_COMPRESSED));
    len = 72;
    SAY(secp256k1_ec_pubkey_serialize(ctx, bytes, &len, null, SECP256K1_EC_COMPRESSED));
    len = 72;
    SAY(secp256k1_ec_pubkey_serialize(ctx, bytes, &len, &pubkey, SECP256K1_CONTEXT_NONE));
    len = 72;
    SAY(secp256k1_ec_pubkey_serialize(ctx, bytes, &len, &none, SECP256K1_EC_COMPRESSED));
    SAY(secp256k1_ec_pubkey_cmp(ctx, &none, &pubkey) < 0);
    SAY(secp256k1_ec_pubkey_cmp(ctx, &pubkey, null) > 0);
    SAY(secp256k1_ecdsa_signature_parse_compact(ctx, null, bytes));
    SAY(secp256k1_ecdsa_signature_parse_compact(ctx, &sig, null));
    SAY(secp256k1_ecdsa_signature_parse_der(ctx, null, bytes, 8));
    SAY(secp256k1_ecdsa_signature_parse_der(ctx, &sig, null, 8));
    SAY(secp256k1_ecdsa_signature_serialize_der(ctx, null, &len, &sig));
    SAY(secp256k1_ecdsa_signature_serialize_der(ctx, bytes, null, &sig));
    SAY(secp256k1_ecdsa_signature_serialize_der(ctx, bytes, &len, null));
    len = 7;
    SAY(secp256k1_ecdsa_signature_serialize_der(ctx, bytes, &len, &sig));
    printf("needed %d\n", (int)len);
    SAY(secp256k1_ecdsa_signature_serialize_compact(ctx, null, &sig));
    SAY(secp256k1_ecdsa_signature_serialize_compact(ctx, bytes, null));
    SAY(secp256k1_ecdsa_signature_normalize(ctx, &sig, null));
    SAY(secp256k1_ecdsa_verify(ctx, null, bytes, &pubkey));
    SAY(secp256k1_ecdsa_verify(ctx, &sig, null, &pubkey));
    SAY(secp256k1_ecdsa_verify(ctx, &sig, bytes, null));
    SAY(secp256k1_ecdsa_verify(ctx, &sig, bytes, &none));
    SAY(secp256k1_ecdsa_verify(ctx, &sig, bytes, &pubkey));
    SAY(secp256k1_ecdsa_recoverable_signature_parse_compact(ctx, null, bytes, 0));
    SAY(secp256k1_ecdsa_recoverable_signature_parse_compact(ctx, &rec, null, 0));
    SAY(secp256k1_ecdsa_recoverable_signature_parse_compact(ctx, &rec, bytes, 4));
    SAY(secp256k1_ecdsa_recoverable_signature_parse_compact(ctx, &rec, bytes, -1));
    SAY(secp256k1_ecdsa_recoverable_signature_serialize_compact(ctx, null, &id, &rec));
    SAY(secp256k1_ecdsa_recoverable_signature_serialize_compact(ctx, bytes, null, &rec));
    SAY(secp256k1_ecdsa_recoverable_signature_serialize_compact(ctx, bytes, &id, null));
    SAY(secp256k1_ecdsa_recoverable_signature_convert(ctx, null, &rec));
    SAY(secp256k1_ecdsa_recoverable_signature_convert(ctx, &sig, null));
    SAY(secp256k1_ecdsa_recover(ctx, null, &rec, bytes));
    SAY(secp256k1_ecdsa_recover(ctx, &none, null, bytes));
    SAY(secp256k1_ecdsa_recover(ctx, &none, &rec, null));
    memset(&rec, 0, sizeof rec);
    SAY(secp256k1_ecdsa_recover(ctx, &none, &rec, bytes));
    /* What is passed on calls the same callback. */
    SAY(secp256k1_ec_seckey_verify(ctx, null));
    SAY(secp256k1_ec_pubkey_create(ctx, &none, null));
}

static void contexts(void) {
    u8 seed[32], seckey[32];
    secp256k1_pubkey pubkey;
    void *volatile null = NULL;
    fill(seed, 32, 77);
    fill(seckey, 32, 1);
    void *memory = malloc(secp256k1_context_preallocated_size(SECP256K1_CONTEXT_NONE));
    secp256k1_context *placed = secp256k1_context_preallocated_create(memory, SECP256K1_CONTEXT_NONE);
    SAY(secp256k1_context_randomize(placed, seed));
    secp256k1_context_set_illegal_callback(placed, illegal, "placed");
    SAY(secp256k1_ec_pubkey_parse(placed, null, seed, 32));
    secp256k1_context *copy = secp256k1_context_clone(placed);
    void *space = malloc(secp256k1_context_preallocated_clone_size(copy));
    secp256k1_context *copied = secp256k1_context_preallocated_clone(copy, space);
    secp256k1_context_set_illegal_callback(copy, illegal, "copy");
    SAY(secp256k1_ec_pubkey_parse(placed, null, seed, 32));
    SAY(secp256k1_ec_pubkey_parse(copy, null, seed, 32));
    SAY(secp256k1_ec_pubkey_parse(copied, null, seed, 32));
    SAY(secp256k1_ec_pubkey_create(copied, &pubkey, seckey));
    hex("key", &pubkey, sizeof pubkey);
    secp256k1_context_preallocated_destroy(copied);
    secp256k1_context_destroy(copy);
    secp256k1_context_destroy(null);
    secp256k1_context_preallocated_destroy(placed);
    free(space);
    free(memory);
}

/* An illegal argument ends the program unless a callback is set. */
static void end(const char *how) {
    secp256k1_pubkey pubkey;
    void *volatile null = NULL;
    u8 byte = 0;
    secp256k1_context *ctx = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    secp256k1_context_set_illegal_callback(ctx, illegal, "set");
    secp256k1_context_set_illegal_callback(ctx, NULL, NULL);
    fflush(stdout);
    if (strcmp(how, "parse") == 0) SAY(secp256k1_ec_pubkey_parse(ctx, &pubkey, null, 1));
    if (strcmp(how, "static") == 0)
        SAY(secp256k1_ec_pubkey_parse(secp256k1_context_static, null, &byte, 1));
    if (strcmp(how, "flags") == 0) SAY(secp256k1_context_create(SECP256K1_EC_COMPRESSED) == NULL);
    if (strcmp(how, "set") == 0)
        secp256k1_context_set_illegal_callback((secp256k1_context *)secp256k1_context_static,
                                               illegal, "static");
    if (strcmp(how, "randomize") == 0)
        SAY(secp256k1_context_randomize((secp256k1_context *)secp256k1_context_static, NULL));
    if (strcmp(how, "destroy") == 0)
        secp256k1_context_destroy((secp256k1_context *)secp256k1_context_static);
}

/* Nothing but what is done without a secret key. */
static void alone(void) {
    u8 compact[64] = {0}, digest[32] = {0}, bytes[65];
    size_t len = sizeof bytes;
    secp256k1_pubkey pubkey;
    secp256k1_ecdsa_signature sig;
    secp256k1_ecdsa_recoverable_signature rec;
    secp256k1_context *ctx = secp256k1_context_create(SECP256K1_CONTEXT_VERIFY);
    secp256k1_context *copy = secp256k1_context_clone(ctx);
    secp256k1_context_set_illegal_callback(copy, illegal, "copy");
    void *volatile null = NULL;
    SAY(secp256k1_context_randomize(copy, NULL));
    /* r = s = 1, and what it is a signature of. */
    compact[31] = compact[63] = digest[31] = 1;
    SAY(secp256k1_ecdsa_recoverable_signature_parse_compact(ctx, &rec, compact, 1));
    SAY(secp256k1_ecdsa_recover(ctx, &pubkey, &rec, digest));
    SAY(secp256k1_ec_pubkey_serialize(ctx, bytes, &len, &pubkey, SECP256K1_EC_UNCOMPRESSED));
    hex("recovered", bytes, len);
    SAY(secp256k1_ecdsa_signature_parse_compact(copy, &sig, compact));
    SAY(secp256k1_ecdsa_verify(copy, &sig, digest, &pubkey));
    SAY(secp256k1_ecdsa_verify(copy, &sig, bytes, &pubkey));
    SAY(secp256k1_ecdsa_verify(copy, &sig, digest, null));
    fill(bytes, 32, 1);
    SAY(secp256k1_ec_seckey_verify(ctx, bytes));
    SAY(secp256k1_ec_seckey_verify(ctx, bytes));
    secp256k1_context_destroy(copy);
    secp256k1_context_destroy(ctx);
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "alone") == 0) {
        alone();
        return 0;
    }
    if (argc > 1) {
        end(argv[1]);
        return 0;
    }
    secp256k1_selftest();
    SAY(secp256k1_context_static == secp256k1_context_no_precomp);
    secp256k1_context *ctx = secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY);
    u8 seed[32];
    fill(seed, 32, 88);
    SAY(secp256k1_context_randomize(ctx, seed));
    secp256k1_context_set_error_callback(ctx, illegal, LAX);
    ecdsa(ctx);
    recovery(ctx);
    others(ctx);
    secp256k1_context_set_illegal_callback(ctx, illegal, LAX);
    illegal_arguments(ctx);
    secp256k1_context_destroy(ctx);
    contexts();
    printf("done\n");
    return 0;
}
