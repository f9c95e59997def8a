/*
 * What a node does with libsecp256k1, by many threads for a while: soak SECONDS. Prints threads and
 * open files when the first signature was verified and at the end, and the number of calls.
 */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <secp256k1.h>
#include <secp256k1_recovery.h>

typedef unsigned char u8;

enum { THREADS = 8, CALLS = 12 };

struct worker {
    pthread_t thread;
    u8 secret[32], digest[32], id;
    u8 key[33], compact[64];
    long rounds;
};

static struct worker workers[THREADS];
static time_t end;

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

static time_t now(void) {
    struct timespec time;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
    return time.tv_sec;
}

static int count(const char *folder) {
    int entries = 0;
    DIR *opened = opendir(folder);
    CHECK(opened != NULL);
    while (readdir(opened) != NULL) entries++;
    closedir(opened);
    return entries - 2; /* Not "." and "..". */
}

/* Threads that were joined end a little later: until there are as many for half a second. */
static void rest(void) {
    const struct timespec pause = {0, 10000000};
    int threads = 0;
    for (int i = 0, same = 0; i < 1000 && same < 50; i++) {
        int before = threads;
        threads = count("/proc/self/task");
        same = threads == before ? same + 1 : 0;
        nanosleep(&pause, NULL);
    }
}

static void print_held(void) {
    rest();
    printf("%d threads, %d handles\n", count("/proc/self/task"), count("/proc/self/fd"));
}

static void sign(struct worker *worker, u8 number) {
    secp256k1_context *context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    secp256k1_ecdsa_recoverable_signature signature;
    secp256k1_pubkey key;
    size_t length = sizeof worker->key;
    int id;
    memset(worker->secret, number + 1, 32);
    memset(worker->digest, 0xa0 + number, 32);
    CHECK(secp256k1_ec_pubkey_create(context, &key, worker->secret));
    CHECK(secp256k1_ec_pubkey_serialize(context, worker->key, &length, &key,
                                        SECP256K1_EC_COMPRESSED));
    CHECK(secp256k1_ecdsa_sign_recoverable(context, &signature, worker->digest, worker->secret,
                                           NULL, NULL));
    CHECK(secp256k1_ecdsa_recoverable_signature_serialize_compact(context, worker->compact, &id,
                                                                  &signature));
    worker->id = (u8)id;
    secp256k1_context_destroy(context);
}

static void verify(const struct worker *worker) {
    secp256k1_context *context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    secp256k1_ecdsa_recoverable_signature recoverable;
    secp256k1_ecdsa_signature signature;
    secp256k1_pubkey key, recovered;
    u8 der[72], digest[32];
    size_t length = sizeof der;
    CHECK(secp256k1_ec_pubkey_parse(context, &key, worker->key, sizeof worker->key));
    CHECK(secp256k1_ecdsa_signature_parse_compact(context, &signature, worker->compact));
    CHECK(secp256k1_ecdsa_signature_serialize_der(context, der, &length, &signature));
    CHECK(secp256k1_ecdsa_signature_parse_der(context, &signature, der, length));
    CHECK(!secp256k1_ecdsa_signature_normalize(context, NULL, &signature));
    CHECK(secp256k1_ecdsa_verify(context, &signature, worker->digest, &key));
    memcpy(digest, worker->digest, 32);
    digest[31] ^= 1;
    CHECK(!secp256k1_ecdsa_verify(context, &signature, digest, &key));
    CHECK(secp256k1_ecdsa_recoverable_signature_parse_compact(context, &recoverable,
                                                              worker->compact, worker->id));
    CHECK(secp256k1_ecdsa_recover(context, &recovered, &recoverable, worker->digest));
    CHECK(secp256k1_ec_pubkey_cmp(context, &recovered, &key) == 0);
    secp256k1_context_destroy(context);
}

static void *work(void *argument) {
    struct worker *worker = argument;
    while (now() < end) {
        verify(worker);
        worker->rounds++;
    }
    return NULL;
}

int main(int number, char **arguments) {
    CHECK(number == 2);
    for (int i = 0; i < THREADS; i++) sign(&workers[i], (u8)i);
    verify(&workers[0]);
    print_held();
    end = now() + atol(arguments[1]);
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0);
    }
    long calls = 0;
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(workers[i].thread, NULL) == 0);
        calls += CALLS * workers[i].rounds;
    }
    print_held();
    printf("%ld calls\n", calls);
    return 0;
}
