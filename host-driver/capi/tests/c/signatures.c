/* Verification and recovery, rightly and wrongly. The signatures are the examples of RFC 6979,
 * GB/T 32918.5 and RFC 8032, and the one of "Satoshi Nakamoto" with the secret key 1. */
#include "check.h"

#include <string.h>

static const ChaincardAccelerator *device;

/* Bytes of hexadecimal digits; how many. */
static size_t from_hex(const char *text, uint8_t *bytes) {
    size_t len = strlen(text) / 2;
    for (size_t i = 0; i < len; i++) {
        unsigned value = 0;
        sscanf(text + 2 * i, "%2x", &value);
        bytes[i] = (uint8_t)value;
    }
    return len;
}

static ChaincardPlan plan_of(uint32_t profile, uint32_t hashing, uint32_t encoding) {
    ChaincardPlan plan = {profile, hashing, encoding, NULL, 0};
    return plan;
}

static ChaincardItems one(const uint8_t *data, size_t len) {
    ChaincardItems items = {data, len, NULL, len};
    return items;
}

/* The verdict on one signature, 255 when there is none. */
static uint8_t verdict(ChaincardPlan plan, const char *message, const char *key_hex,
                       const char *signature_hex) {
    uint8_t key[80], signature[80], found = 255;
    ChaincardItems messages = one((const uint8_t *)message, strlen(message));
    ChaincardItems keys = one(key, from_hex(key_hex, key));
    ChaincardItems signatures = one(signature, from_hex(signature_hex, signature));
    ChaincardStatus status =
        chaincard_verify_many(device, &plan, &messages, &keys, &signatures, 1, &found, 1);
    return status == CHAINCARD_STATUS_OK ? found : 255;
}

#define GX "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
#define GY "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"
#define SATOSHI_R "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
#define SATOSHI_S "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5"
#define SATOSHI SATOSHI_R SATOSHI_S
#define SATOSHI_DER "3045022100" SATOSHI_R "0220" SATOSHI_S
#define NAME "Satoshi Nakamoto"

static void schemes(void) {
    ChaincardPlan bitcoin =
        plan_of(CHAINCARD_PROFILE_BITCOIN, CHAINCARD_HASHING_SHA256, CHAINCARD_ENCODING_COMPACT);
    ChaincardPlan der = bitcoin;
    der.encoding = CHAINCARD_ENCODING_DER;
    CHECK(verdict(bitcoin, NAME, "02" GX, SATOSHI) == CHAINCARD_VERDICT_VALID);
    CHECK(verdict(bitcoin, NAME, "04" GX GY, SATOSHI) == CHAINCARD_VERDICT_VALID);
    CHECK(verdict(bitcoin, NAME, "06" GX GY, SATOSHI) == CHAINCARD_VERDICT_VALID);
    CHECK(verdict(bitcoin, NAME, GX GY, SATOSHI) == CHAINCARD_VERDICT_VALID);
    CHECK(verdict(der, NAME, "02" GX, SATOSHI_DER) == CHAINCARD_VERDICT_VALID);
    CHECK(verdict(bitcoin, "another", "02" GX, SATOSHI) == CHAINCARD_VERDICT_INVALID);
    CHECK(verdict(bitcoin, NAME, "03" GX, SATOSHI) == CHAINCARD_VERDICT_INVALID);
    CHECK(verdict(bitcoin, NAME, "02" GX, SATOSHI_R) == CHAINCARD_VERDICT_SIGNATURE_LENGTH);
    CHECK(verdict(der, NAME, "02" GX, SATOSHI) == CHAINCARD_VERDICT_SIGNATURE_ENCODING);
    CHECK(verdict(bitcoin, NAME, "02" GX "00", SATOSHI) == CHAINCARD_VERDICT_KEY_LENGTH);
    CHECK(verdict(bitcoin, NAME, "05" GX, SATOSHI) == CHAINCARD_VERDICT_KEY_ENCODING);
    CHECK(verdict(bitcoin, NAME, "04" GX GX, SATOSHI) == CHAINCARD_VERDICT_KEY_NOT_ON_CURVE);
    CHECK(verdict(bitcoin, NAME, "00", SATOSHI) == CHAINCARD_VERDICT_KEY_INFINITY);
    bitcoin.hashing = CHAINCARD_HASHING_DIGEST;
    CHECK(verdict(bitcoin, NAME, "02" GX, SATOSHI) == CHAINCARD_VERDICT_DIGEST_LENGTH);

    ChaincardPlan sm2 =
        plan_of(CHAINCARD_PROFILE_GM, CHAINCARD_HASHING_SM3, CHAINCARD_ENCODING_COMPACT);
    const char *key = "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
                      "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
    const char *signature = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
                            "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
    static const uint8_t user_id[8192];
    CHECK(verdict(sm2, "message digest", key, signature) == CHAINCARD_VERDICT_VALID);
    sm2.user_id = (const uint8_t *)"1234567812345678";
    sm2.user_id_len = 16;
    CHECK(verdict(sm2, "message digest", key, signature) == CHAINCARD_VERDICT_VALID);
    sm2.user_id_len = 0;
    CHECK(verdict(sm2, "message digest", key, signature) == CHAINCARD_VERDICT_INVALID);
    sm2.user_id = user_id;
    sm2.user_id_len = sizeof user_id;
    CHECK(verdict(sm2, "message digest", key, signature) == CHAINCARD_VERDICT_USER_ID_LENGTH);

    ChaincardPlan ed25519 =
        plan_of(CHAINCARD_PROFILE_RFC8032, CHAINCARD_HASHING_MESSAGE, CHAINCARD_ENCODING_COMPACT);
    key = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    signature = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    CHECK(verdict(ed25519, "r", key, signature) == CHAINCARD_VERDICT_VALID);
    CHECK(verdict(ed25519, "s", key, signature) == CHAINCARD_VERDICT_INVALID);

    ChaincardPlan p256 =
        plan_of(CHAINCARD_PROFILE_FIPS186, CHAINCARD_HASHING_SHA256, CHAINCARD_ENCODING_COMPACT);
    key = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
          "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
    signature = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
    CHECK(verdict(p256, "sample", key, signature) == CHAINCARD_VERDICT_VALID);
    CHECK(verdict(p256, "sample", "00", signature) == CHAINCARD_VERDICT_KEY_INFINITY);
    p256.profile = CHAINCARD_PROFILE_RIP7212;
    CHECK(verdict(p256, "sample", "00", signature) == CHAINCARD_VERDICT_INVALID);
}

static void batches_and_refusals(void) {
    ChaincardPlan plan =
        plan_of(CHAINCARD_PROFILE_BITCOIN, CHAINCARD_HASHING_SHA256, CHAINCARD_ENCODING_COMPACT);
    const uint8_t *text = (const uint8_t *)NAME "another" NAME;
    size_t lengths[] = {16, 7, 16}, key_lengths[] = {33, 33, 1}, wrong[] = {16, 7, 17};
    uint8_t keys[3 * 33], rows[3 * 64], verdicts[3];
    for (int i = 0; i < 3; i++) {
        from_hex("02" GX, keys + 33 * i);
        from_hex(SATOSHI, rows + 64 * i);
    }
    keys[66] = 0;
    ChaincardItems messages = {text, 39, lengths, 0};
    ChaincardItems public_keys = {keys, 67, key_lengths, 0};
    ChaincardItems signed_rows = {rows, sizeof rows, NULL, 64};
    ChaincardItems none = {NULL, 0, NULL, 32}, bad;
#define VERIFY(plan, messages, keys, signatures, count, verdicts, len)                             \
    chaincard_verify_many(device, plan, messages, keys, signatures, count, verdicts, len)
    CHECK_STATUS(CHAINCARD_STATUS_OK,
                 VERIFY(&plan, &messages, &public_keys, &signed_rows, 3, verdicts, 3));
    CHECK(verdicts[0] == CHAINCARD_VERDICT_VALID);
    CHECK(verdicts[1] == CHAINCARD_VERDICT_INVALID);
    CHECK(verdicts[2] == CHAINCARD_VERDICT_KEY_INFINITY);
    CHECK_STATUS(CHAINCARD_STATUS_OK, VERIFY(&plan, &none, &none, &none, 0, NULL, 0));

    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 chaincard_verify_many(NULL, &plan, &messages, &public_keys, &signed_rows, 3,
                                       verdicts, 3));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 VERIFY(NULL, &messages, &public_keys, &signed_rows, 3, verdicts, 3));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 VERIFY(&plan, NULL, &public_keys, &signed_rows, 3, verdicts, 3));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 VERIFY(&plan, &messages, NULL, &signed_rows, 3, verdicts, 3));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 VERIFY(&plan, &messages, &public_keys, NULL, 3, verdicts, 3));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 VERIFY(&plan, &messages, &public_keys, &signed_rows, 3, NULL, 3));
    CHECK(strcmp(chaincard_last_error(), "verdicts is NULL") == 0);
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH,
                 VERIFY(&plan, &messages, &public_keys, &signed_rows, 3, verdicts, 2));
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH,
                 VERIFY(&plan, &messages, &public_keys, &signed_rows, (size_t)-1, verdicts, 3));
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH,
                 VERIFY(&plan, &messages, &public_keys, &signed_rows, (size_t)-1, verdicts,
                        (size_t)-1));
    bad = messages;
    bad.lengths = wrong;
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH,
                 VERIFY(&plan, &bad, &public_keys, &signed_rows, 3, verdicts, 3));
    CHECK(strstr(chaincard_last_error(), "messages") != NULL);
    bad = signed_rows;
    bad.item_len = 65;
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH,
                 VERIFY(&plan, &messages, &public_keys, &bad, 3, verdicts, 3));
    bad.item_len = (size_t)-1;
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH,
                 VERIFY(&plan, &messages, &public_keys, &bad, 3, verdicts, 3));
    bad.item_len = 64;
    bad.data = NULL;
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 VERIFY(&plan, &messages, &public_keys, &bad, 3, verdicts, 3));

    const struct {
        uint32_t profile, hashing, encoding;
        ChaincardStatus status;
    } plans[] = {
        {10, 1, 0, CHAINCARD_STATUS_ALGORITHM},
        {0xFFFF0000u, 1, 0, CHAINCARD_STATUS_ALGORITHM},
        {0, 6, 0, CHAINCARD_STATUS_ALGORITHM},
        {0, 1, 2, CHAINCARD_STATUS_ALGORITHM},
        {0, 4, 0, CHAINCARD_STATUS_PLAN},
        {CHAINCARD_PROFILE_GM, CHAINCARD_HASHING_SHA256, 0, CHAINCARD_STATUS_PLAN},
        {CHAINCARD_PROFILE_STRICT, CHAINCARD_HASHING_DIGEST, 0, CHAINCARD_STATUS_PLAN},
        {CHAINCARD_PROFILE_STRICT, CHAINCARD_HASHING_MESSAGE, CHAINCARD_ENCODING_DER,
         CHAINCARD_STATUS_PLAN},
    };
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        ChaincardPlan other = plan_of(plans[i].profile, plans[i].hashing, plans[i].encoding);
        CHECK_STATUS(plans[i].status,
                     VERIFY(&other, &messages, &public_keys, &signed_rows, 3, verdicts, 3));
        CHECK(strlen(chaincard_last_error()) > 0);
    }
    plan.user_id_len = 3;
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 VERIFY(&plan, &messages, &public_keys, &signed_rows, 3, verdicts, 3));
}

static void recovery(void) {
    ChaincardPlan plan =
        plan_of(CHAINCARD_PROFILE_ETHEREUM, CHAINCARD_HASHING_SHA256, CHAINCARD_ENCODING_COMPACT);
    uint8_t rows[4 * 65], apart[4 * 64], key[64], keys[4 * 64], verdicts[4];
    const uint8_t ids[] = {1, 28, 3, 9}, zeros[64] = {0};
    ChaincardItems messages = {(const uint8_t *)NAME NAME NAME NAME, 64, NULL, 16};
    ChaincardItems joined = {rows, sizeof rows, NULL, 65}, numbers = {apart, sizeof apart, NULL, 64};
    from_hex(GX GY, key);
    for (int i = 0; i < 4; i++) {
        from_hex(SATOSHI, rows + 65 * i);
        from_hex(SATOSHI, apart + 64 * i);
        rows[65 * i + 64] = ids[i];
    }
#define RECOVER(plan, messages, signatures, ids, count, verdicts, keys, len)                       \
    chaincard_recover_many(device, plan, messages, signatures, ids, count, verdicts, 4, keys, len)
    for (int round = 0; round < 2; round++) {
        memset(keys, 0xEE, sizeof keys);
        CHECK_STATUS(CHAINCARD_STATUS_OK,
                     RECOVER(&plan, &messages, round ? &numbers : &joined, round ? ids : NULL, 4,
                             verdicts, keys, sizeof keys));
        CHECK(verdicts[0] == CHAINCARD_VERDICT_VALID && memcmp(keys, key, 64) == 0);
        CHECK(verdicts[1] == CHAINCARD_VERDICT_VALID && memcmp(keys + 64, key, 64) == 0);
        CHECK(verdicts[2] == CHAINCARD_VERDICT_INVALID && memcmp(keys + 128, zeros, 64) == 0);
        CHECK(verdicts[3] == CHAINCARD_VERDICT_RECOVERY_ID && memcmp(keys + 192, zeros, 64) == 0);
    }
    CHECK_STATUS(CHAINCARD_STATUS_OK, RECOVER(&plan, &messages, &numbers, NULL, 4, verdicts, keys,
                                              sizeof keys));
    CHECK(verdicts[0] == CHAINCARD_VERDICT_SIGNATURE_LENGTH);
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH,
                 RECOVER(&plan, &messages, &joined, NULL, 4, verdicts, keys, sizeof keys - 1));
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH,
                 RECOVER(&plan, &messages, &joined, NULL, 5, verdicts, keys, sizeof keys));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 RECOVER(&plan, &messages, &joined, NULL, 4, verdicts, NULL, sizeof keys));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 RECOVER(NULL, &messages, &joined, NULL, 4, verdicts, keys, sizeof keys));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 RECOVER(&plan, &messages, NULL, NULL, 4, verdicts, keys, sizeof keys));
    plan.profile = CHAINCARD_PROFILE_FIPS186;
    CHECK_STATUS(CHAINCARD_STATUS_PLAN,
                 RECOVER(&plan, &messages, &joined, NULL, 4, verdicts, keys, sizeof keys));
}

void signatures(const ChaincardAccelerator *accelerator) {
    device = accelerator;
    schemes();
    batches_and_refusals();
    recovery();
}
