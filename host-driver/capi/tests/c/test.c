/* Uses every function of the C interface, rightly and wrongly. Known digests are the examples of
 * FIPS 180-4, FIPS 202, the Keccak submission and GB/T 32905-2016. */
#include "check.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

int passed, failed;

void check(int ok, const char *what, int line) {
    if (ok) {
        passed++;
    } else {
        failed++;
        printf("line %d: %s; last error: %s\n", line, what, chaincard_last_error());
    }
}

static void to_hex(const uint8_t *bytes, size_t len, char *text) {
    for (size_t i = 0; i < len; i++) {
        sprintf(text + 2 * i, "%02x", bytes[i]);
    }
}

static const char *const ABC[] = {
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
    "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
    "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
};

static void algorithms(void) {
    static const char *const names[] = {"sha256", "sha512", "keccak256", "sha3-256", "sm3"};
    for (uint32_t i = 0; i < 5; i++) {
        uint32_t number = 99;
        CHECK(strcmp(chaincard_algorithm_name(i), names[i]) == 0);
        CHECK_STATUS(CHAINCARD_STATUS_OK, chaincard_algorithm_from_name(names[i], &number));
        CHECK(number == i);
        CHECK(chaincard_digest_len(i) == (i == CHAINCARD_ALGORITHM_SHA512 ? 64u : 32u));
    }
    uint32_t number;
    CHECK(chaincard_algorithm_name(5) == NULL);
    CHECK(chaincard_digest_len(5) == 0);
    CHECK(chaincard_digest_len(0xFFFFFFFF) == 0);
    CHECK_STATUS(CHAINCARD_STATUS_ALGORITHM, chaincard_algorithm_from_name("md5", &number));
    CHECK(strstr(chaincard_last_error(), "md5") != NULL);
    CHECK_STATUS(CHAINCARD_STATUS_NAME, chaincard_algorithm_from_name("\xff", &number));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER, chaincard_algorithm_from_name(NULL, &number));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER, chaincard_algorithm_from_name("sm3", NULL));
}

static void digests(const ChaincardAccelerator *accelerator) {
    for (uint32_t algorithm = 0; algorithm < 5; algorithm++) {
        size_t len = chaincard_digest_len(algorithm);
        uint8_t digest[64];
        char text[129];
        CHECK_STATUS(CHAINCARD_STATUS_OK, chaincard_hash(accelerator, algorithm,
                                                         (const uint8_t *)"abc", 3, digest, len));
        to_hex(digest, len, text);
        CHECK(strcmp(text, ABC[algorithm]) == 0);
        CHECK(strcmp(chaincard_last_error(), "") == 0);

        /* "abc", "", "abc" in one batch, and the empty message alone, without a buffer. */
        size_t lengths[] = {3, 0, 3};
        uint8_t many[3 * 64], empty[64];
        CHECK_STATUS(CHAINCARD_STATUS_OK,
                     chaincard_hash_many(accelerator, algorithm, (const uint8_t *)"abcabc", 6,
                                         lengths, 3, many, 3 * len));
        CHECK_STATUS(CHAINCARD_STATUS_OK,
                     chaincard_hash(accelerator, algorithm, NULL, 0, empty, len));
        CHECK(memcmp(many, digest, len) == 0);
        CHECK(memcmp(many + len, empty, len) == 0);
        CHECK(memcmp(many + 2 * len, digest, len) == 0);

        /* No message at all. */
        CHECK_STATUS(CHAINCARD_STATUS_OK, chaincard_hash_many(accelerator, algorithm, NULL, 0,
                                                              NULL, 0, NULL, 0));
    }
}

static void refusals(const ChaincardAccelerator *accelerator) {
    const uint8_t data[8] = {0};
    uint8_t out[64];
    size_t lengths[] = {3, 5};
    size_t huge[] = {(size_t)-1, 9};
    const uint32_t sha256 = CHAINCARD_ALGORITHM_SHA256;

    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER, chaincard_hash(NULL, sha256, data, 8, out, 32));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 chaincard_hash(accelerator, sha256, NULL, 8, out, 32));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 chaincard_hash(accelerator, sha256, data, 8, NULL, 32));
    CHECK(strcmp(chaincard_last_error(), "digest is NULL") == 0);
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH, chaincard_hash(accelerator, sha256, data, 8, out, 31));
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH, chaincard_hash(accelerator, sha256, data, 8, out, 64));
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH, chaincard_hash(accelerator, sha256, data, 8, NULL, 0));
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH,
                 chaincard_hash(accelerator, sha256, data, (size_t)-1, out, 32));
    CHECK_STATUS(CHAINCARD_STATUS_ALGORITHM, chaincard_hash(accelerator, 7, data, 8, out, 32));
    CHECK(strstr(chaincard_last_error(), "7") != NULL);

    CHECK_STATUS(CHAINCARD_STATUS_OK,
                 chaincard_hash_many(accelerator, sha256, data, 8, lengths, 2, out, 64));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 chaincard_hash_many(NULL, sha256, data, 8, lengths, 2, out, 64));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 chaincard_hash_many(accelerator, sha256, NULL, 8, lengths, 2, out, 64));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 chaincard_hash_many(accelerator, sha256, data, 8, NULL, 2, out, 64));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 chaincard_hash_many(accelerator, sha256, data, 8, lengths, 2, NULL, 64));
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH,
                 chaincard_hash_many(accelerator, sha256, data, 7, lengths, 2, out, 64));
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH,
                 chaincard_hash_many(accelerator, sha256, data, 8, huge, 2, out, 64));
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH,
                 chaincard_hash_many(accelerator, sha256, data, 8, lengths, 2, out, 63));
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH,
                 chaincard_hash_many(accelerator, sha256, data, 8, lengths, (size_t)-1 / 16, out,
                                     64));
    CHECK_STATUS(CHAINCARD_STATUS_ALGORITHM,
                 chaincard_hash_many(accelerator, 5, data, 8, lengths, 2, out, 64));
}

static void opening(void) {
    ChaincardAccelerator *accelerator = (ChaincardAccelerator *)&failed;
    CHECK_STATUS(CHAINCARD_STATUS_NAME, chaincard_open("gpu", true, &accelerator));
    CHECK(accelerator == NULL);
    CHECK(strstr(chaincard_last_error(), "serial:PATH[@BAUD]") != NULL);
    CHECK_STATUS(CHAINCARD_STATUS_OPEN, chaincard_open("unix:/no/such/socket", true, &accelerator));
    CHECK_STATUS(CHAINCARD_STATUS_NAME, chaincard_open("\xff", true, &accelerator));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER, chaincard_open(NULL, true, &accelerator));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER, chaincard_open("cpu", true, NULL));
    chaincard_close(NULL);
}

static void devices(const ChaincardAccelerator *accelerator) {
    ChaincardDevices *list = NULL;
    CHECK_STATUS(CHAINCARD_STATUS_OK, chaincard_devices(&list));
    CHECK(chaincard_devices_count(list) >= 1);
    CHECK(strcmp(chaincard_devices_name(list, 0), "cpu") == 0);
    CHECK(strlen(chaincard_devices_description(list, 0)) > 0);
    CHECK(chaincard_devices_name(list, chaincard_devices_count(list)) == NULL);
    CHECK(chaincard_devices_description(list, (size_t)-1) == NULL);
    chaincard_devices_free(list);

    CHECK_STATUS(CHAINCARD_STATUS_OK, chaincard_accelerator_devices(accelerator, &list));
    CHECK(chaincard_devices_count(list) == 1);
    CHECK(strcmp(chaincard_devices_name(list, 0), "cpu:2") == 0);
    chaincard_devices_free(list);

    list = (ChaincardDevices *)&failed;
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER, chaincard_accelerator_devices(NULL, &list));
    CHECK(list == NULL);
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER, chaincard_devices(NULL));
    CHECK(chaincard_devices_count(NULL) == 0);
    CHECK(chaincard_devices_name(NULL, 0) == NULL);
    chaincard_devices_free(NULL);
}

/* The last error belongs to its thread. */
static void *other_thread(void *accelerator) {
    uint8_t digest[32];
    char text[65] = "";
    size_t same = 0;
    for (int i = 0; i < 1000; i++) {
        if (chaincard_hash(accelerator, CHAINCARD_ALGORITHM_SM3, (const uint8_t *)"abc", 3, digest,
                           32) == CHAINCARD_STATUS_OK) {
            to_hex(digest, 32, text);
            same += strcmp(text, ABC[4]) == 0;
        }
    }
    return (void *)(same == 1000 && strcmp(chaincard_last_error(), "") == 0 ? "ok" : NULL);
}

int main(void) {
    ChaincardAccelerator *accelerator = NULL;
    CHECK(strlen(chaincard_version()) >= 5);
    CHECK(strcmp(chaincard_last_error(), "") == 0);
    algorithms();
    msm();
    opening();
    CHECK_STATUS(CHAINCARD_STATUS_OK, chaincard_open("cpu:2", true, &accelerator));
    CHECK(accelerator != NULL);
    if (accelerator != NULL) {
        digests(accelerator);
        refusals(accelerator);
        devices(accelerator);
        signatures(accelerator);
        pthread_t threads[4];
        CHECK_STATUS(CHAINCARD_STATUS_ALGORITHM, chaincard_hash(accelerator, 6, NULL, 0, NULL, 0));
        for (int i = 0; i < 4; i++) {
            CHECK(pthread_create(&threads[i], NULL, other_thread, accelerator) == 0);
        }
        for (int i = 0; i < 4; i++) {
            void *answer = NULL;
            CHECK(pthread_join(threads[i], &answer) == 0 && answer != NULL);
        }
        CHECK(strstr(chaincard_last_error(), "no algorithm 6") != NULL);
        chaincard_close(accelerator);
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
