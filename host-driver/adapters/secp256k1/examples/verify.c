/*
 * Verifies signatures with libsecp256k1 and says how fast: verify [THREADS [SIGNATURES]].
 * cc -O2 -pthread verify.c -o verify -lsecp256k1
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <secp256k1.h>

enum { KEYS = 64, MAX_THREADS = 256 };

struct item {
    unsigned char digest[32];
    secp256k1_ecdsa_signature signature;
    secp256k1_pubkey key;
};

static struct item items[KEYS];
static secp256k1_context *context;
static long count = 10000;

/* Each second signature is for another digest than its own. */
static void *verify(void *wrong) {
    for (long i = 0; i < count; i++) {
        struct item item = items[i % KEYS];
        item.digest[31] ^= (unsigned char)(i & 1);
        int valid = secp256k1_ecdsa_verify(context, &item.signature, item.digest, &item.key);
        if (valid != !(i & 1)) ++*(long *)wrong;
    }
    return NULL;
}

int main(int argc, char **argv) {
    int threads = argc > 1 ? atoi(argv[1]) : 1;
    if (argc > 2) count = atol(argv[2]);
    if (threads < 1 || threads > MAX_THREADS || count < 1) {
        fprintf(stderr, "verify [THREADS [SIGNATURES]], up to %d threads\n", MAX_THREADS);
        return 2;
    }
    context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    for (int i = 0; i < KEYS; i++) {
        unsigned char secret[32];
        memset(secret, i + 1, sizeof secret);
        memset(items[i].digest, 0xa0 + i, sizeof items[i].digest);
        if (!secp256k1_ec_pubkey_create(context, &items[i].key, secret) ||
            !secp256k1_ecdsa_sign(context, &items[i].signature, items[i].digest, secret, NULL,
                                  NULL) ||
            !secp256k1_ecdsa_verify(context, &items[i].signature, items[i].digest, &items[i].key)) {
            fprintf(stderr, "cannot sign, or verify what was signed\n");
            return 1;
        }
    }
    pthread_t handles[MAX_THREADS];
    static long wrong[MAX_THREADS];
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < threads; i++) {
        if (pthread_create(&handles[i], NULL, verify, &wrong[i]) != 0) {
            fprintf(stderr, "cannot start %d threads\n", threads);
            return 1;
        }
    }
    long all_wrong = 0;
    for (int i = 0; i < threads; i++) {
        pthread_join(handles[i], NULL);
        all_wrong += wrong[i];
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds = (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
    double each = seconds / (double)count;
    printf("%d threads, %ld signatures each: %.1f us a call, %.0f calls a second\n", threads, count,
           1e6 * each, threads / each);
    printf("%ld wrong\n", all_wrong);
    secp256k1_context_destroy(context);
    return all_wrong != 0;
}
