/*
 * Sessions that two threads share, each call's answer checked. Arguments: the library, the access
 * code of pair 1, how many rounds each thread makes at least, and for how many seconds. Prints
 * threads and open files before the device is used and after it is closed, and how many rounds of
 * calls there were.
 */
#include "api.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum { SESSIONS = 4, THREADS = 2 * SESSIONS };

static struct api api;
static void *device;
static const char *code;
static int rounds;
static time_t end;
static atomic_int closing;
static atomic_long all_rounds;

struct worker {
    pthread_t thread;
    void *session;
    int hashes; /* The hash of a session is one: one of its two threads has it. */
    u8 encrypted[64];
};

static time_t now(void) {
    struct timespec time;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
    return time.tv_sec;
}

static int count_entries(const char *folder) {
    int entries = 0;
    DIR *opened = opendir(folder);
    CHECK(opened != NULL);
    while (readdir(opened) != NULL) {
        entries++;
    }
    closedir(opened);
    return entries - 2; /* Not "." and "..". */
}

static int count_threads(void) {
    return count_entries("/proc/self/task");
}

/* Pools of threads end soon after the device, not with it. */
static void wait_for_threads(int wanted) {
    const struct timespec pause = {0, 10000000};
    for (int i = 0; i < 1000 && count_threads() != wanted; i++) {
        nanosleep(&pause, NULL);
    }
}

static void print_held(void) {
    printf("%d threads, %d handles\n", count_threads(), count_entries("/proc/self/fd"));
}

static void verify(void *session, u8 e[32]) {
    ECCrefPublicKey key;
    ECCSignature signature;
    example(&key, &signature);
    EXPECT(SDR_OK, api.ExternalVerify_ECC(session, SGD_SM2_1, &key, e, 32, &signature));
    signature.r[63] ^= 1;
    EXPECT(SDR_VERIFYERR, api.ExternalVerify_ECC(session, SGD_SM2_1, &key, e, 32, &signature));
}

static void sign(void *session, u8 e[32]) {
    ECCSignature signature;
    u32 length = (u32)strlen(code);
    EXPECT(SDR_OK, api.GetPrivateKeyAccessRight(session, 1, (u8 *)code, length));
    POISON(signature);
    EXPECT(SDR_OK, api.InternalSign_ECC(session, 1, e, 32, &signature));
    EXPECT(SDR_OK, api.ReleasePrivateKeyAccessRight(session, 1));
    EXPECT(SDR_OK, api.InternalVerify_ECC(session, 1, e, 32, &signature));
}

static void encrypt(struct worker *worker, int round) {
    u8 key[16], iv[16], data[64], encrypted[64];
    void *handle;
    u32 length;
    memset(key, 1, 16);
    memset(iv, 2, 16);
    memset(data, 3, 64);
    EXPECT(SDR_OK, api.ImportKey(worker->session, key, 16, &handle));
    EXPECT(SDR_OK,
           api.Encrypt(worker->session, handle, SGD_SM4_CBC, iv, data, 64, encrypted, &length));
    if (round == 0) {
        memcpy(worker->encrypted, encrypted, 64);
    }
    CHECK(memcmp(worker->encrypted, encrypted, 64) == 0);
    EXPECT(SDR_OK, api.DestroyKey(worker->session, handle));
    EXPECT(SDR_INARGERR, api.DestroyKey(worker->session, handle));
}

static void *work(void *argument) {
    struct worker *worker = argument;
    ECCrefPublicKey key;
    ECCSignature signature;
    u8 e[32], found[32], random[64];
    void *session;
    example(&key, &signature);
    from_hex(EXAMPLE_E, e, 32);
    for (int round = 0; round < rounds || now() < end; round++) {
        atomic_fetch_add(&all_rounds, 1);
        verify(worker->session, e);
        sign(worker->session, e);
        encrypt(worker, round);
        EXPECT(SDR_OK, api.GenerateRandom(worker->session, 64, random));
        EXPECT(SDR_OK, api.OpenSession(device, &session));
        hash(&api, session, &key, EXAMPLE_MESSAGE, strlen(EXAMPLE_MESSAGE), found);
        CHECK(memcmp(found, e, 32) == 0);
        EXPECT(SDR_OK, api.CloseSession(session));
        EXPECT(SDR_INARGERR, api.HashUpdate(session, e, 32));
        if (worker->hashes) {
            hash(&api, worker->session, &key, EXAMPLE_MESSAGE, strlen(EXAMPLE_MESSAGE), found);
            CHECK(memcmp(found, e, 32) == 0);
        }
    }
    return NULL;
}

/* Both threads hash in one session: digests are of no use, but steps are only refused. */
static void *quarrel(void *argument) {
    struct worker *worker = argument;
    u8 digest[32];
    u32 length;
    for (int round = 0; round < rounds; round++) {
        EXPECT(SDR_OK, api.HashInit(worker->session, SGD_SM3, NULL, NULL, 0));
        int updated = api.HashUpdate(worker->session, (u8 *)"abc", 3);
        int ended = api.HashFinal(worker->session, digest, &length);
        CHECK(updated == SDR_OK || updated == SDR_STEPERR);
        CHECK(ended == SDR_OK || ended == SDR_STEPERR);
    }
    return NULL;
}

/* Works on while the device is closed under it. */
static void *until_closed(void *argument) {
    struct worker *worker = argument;
    ECCrefPublicKey key;
    ECCSignature signature;
    u8 e[32];
    int status;
    example(&key, &signature);
    from_hex(EXAMPLE_E, e, 32);
    do {
        int before = atomic_load(&closing);
        status = api.ExternalVerify_ECC(worker->session, SGD_SM2_1, &key, e, 32, &signature);
        CHECK(status == SDR_OK || (status == SDR_INARGERR && atomic_load(&closing)));
        CHECK(before != 2 || status == SDR_INARGERR);
    } while (status == SDR_OK);
    return NULL;
}

static struct worker workers[THREADS];

static void start(void *(*body)(void *)) {
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&workers[i].thread, NULL, body, &workers[i]) == 0);
    }
}

static void join(void) {
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(workers[i].thread, NULL) == 0);
    }
}

int main(int count, char **arguments) {
    CHECK(count == 5);
    api = load(arguments[1]);
    code = arguments[2];
    rounds = atoi(arguments[3]);
    end = now() + atol(arguments[4]);
    const int threads = count_threads();

    /* The log is the process's, from the first time on. */
    EXPECT(SDR_OK, api.OpenDevice(&device));
    EXPECT(SDR_OK, api.CloseDevice(device));
    wait_for_threads(threads);
    print_held();

    /* Two handles of one configuration: the one does not close the other. */
    void *other;
    EXPECT(SDR_OK, api.OpenDevice(&device));
    EXPECT(SDR_OK, api.OpenDevice(&other));
    CHECK(device != other);
    EXPECT(SDR_OK, api.CloseDevice(other));

    for (int i = 0; i < THREADS; i++) {
        if (i % 2 == 0) {
            EXPECT(SDR_OK, api.OpenSession(device, &workers[i].session));
        } else {
            workers[i].session = workers[i - 1].session;
        }
        workers[i].hashes = i % 2;
    }
    start(work);
    join();
    start(quarrel);
    join();
    start(until_closed);
    atomic_store(&closing, 1);
    EXPECT(SDR_OK, api.CloseDevice(device));
    atomic_store(&closing, 2);
    join();
    wait_for_threads(threads);
    print_held();
    CHECK(dlclose(api.library) == 0);
    printf("%ld rounds\n", atomic_load(&all_rounds));
    return 0;
}
