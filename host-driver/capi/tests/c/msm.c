/* Multi-scalar multiplication, rightly and wrongly. */
#include "check.h"

#include <string.h>

/* 2*G of BN254, from go-ethereum's tests of EIP-196. */
static const uint8_t twice[64] = {
    0x03, 0x06, 0x44, 0xe7, 0x2e, 0x13, 0x1a, 0x02, 0x9b, 0x85, 0x04, 0x5b, 0x68, 0x18, 0x15, 0x85,
    0xd9, 0x78, 0x16, 0xa9, 0x16, 0x87, 0x1c, 0xa8, 0xd3, 0xc2, 0x08, 0xc1, 0x6d, 0x87, 0xcf, 0xd3,
    0x15, 0xed, 0x73, 0x8c, 0x0e, 0x0a, 0x7c, 0x92, 0xe7, 0x84, 0x5f, 0x96, 0xb2, 0xae, 0x9c, 0x0a,
    0x68, 0xa6, 0xa4, 0x49, 0xe3, 0x53, 0x8f, 0xc7, 0xff, 0x3e, 0xbf, 0x7a, 0x5a, 0x18, 0xa2, 0xc4};

void msm(void) {
    uint8_t bases[128] = {0}, scalars[64] = {0}, sum[96] = {1};
    const uint8_t infinity[96] = {0};
    ChaincardMsmError error = {7, 7};
    /* The generator, (1, 2), twice: 1*G + 1*G. */
    bases[31] = 1, bases[63] = 2, bases[95] = 1, bases[127] = 2;
    scalars[31] = 1, scalars[63] = 1;
#define MSM(bases_len, scalars_len, refuse)                                                      \
    chaincard_msm(CHAINCARD_CURVE_BN254, bases, bases_len, scalars, scalars_len, true, refuse,     \
                  sum, 64, &error)
    CHECK_STATUS(CHAINCARD_STATUS_OK, MSM(128, 64, true));
    CHECK(memcmp(sum, twice, 64) == 0 && error.code == 0 && error.index == 0);
    CHECK_STATUS(CHAINCARD_STATUS_OK, MSM(0, 0, true));
    CHECK(memcmp(sum, infinity, 64) == 0);
    CHECK_STATUS(CHAINCARD_STATUS_OK,
                 chaincard_msm(CHAINCARD_CURVE_BLS12_381, NULL, 0, NULL, 0, true, true, sum, 96,
                               NULL));
    CHECK_STATUS(CHAINCARD_STATUS_OK,
                 chaincard_msm(CHAINCARD_CURVE_BLS12_377, infinity, 96, scalars, 32, true, true,
                               sum, 96, &error));
    CHECK(memcmp(sum, infinity, 96) == 0);

    CHECK_STATUS(CHAINCARD_STATUS_LENGTH, MSM(127, 63, true));
    CHECK(error.code == 1);
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH, MSM(128, 63, true));
    CHECK(error.code == 2);
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH, MSM(128, 32, true));
    CHECK(error.code == 3 && strstr(chaincard_last_error(), "differ in number") != NULL);
    memset(scalars + 32, 0xFF, 32);
    CHECK_STATUS(CHAINCARD_STATUS_OK, MSM(128, 64, false));
    CHECK_STATUS(CHAINCARD_STATUS_TERM, MSM(128, 64, true));
    CHECK(error.code == 16 && error.index == 1);
    bases[127] = 3;
    CHECK_STATUS(CHAINCARD_STATUS_TERM, MSM(128, 64, true));
    CHECK(error.code == 9 && error.index == 1);
    bases[64] = 0xFF;
    CHECK_STATUS(CHAINCARD_STATUS_TERM, MSM(128, 64, true));
    CHECK(error.code == 8 && error.index == 1);
#undef MSM

    CHECK_STATUS(CHAINCARD_STATUS_ALGORITHM,
                 chaincard_msm(3, NULL, 0, NULL, 0, true, true, sum, 64, &error));
    CHECK(error.code == 0);
    CHECK_STATUS(CHAINCARD_STATUS_LENGTH,
                 chaincard_msm(CHAINCARD_CURVE_BN254, NULL, 0, NULL, 0, true, true, sum, 96,
                               &error));
    CHECK(error.code == 0);
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 chaincard_msm(CHAINCARD_CURVE_BN254, NULL, 64, scalars, 32, true, true, sum, 64,
                               &error));
    CHECK_STATUS(CHAINCARD_STATUS_NULL_POINTER,
                 chaincard_msm(CHAINCARD_CURVE_BN254, NULL, 0, NULL, 0, true, true, NULL, 64,
                               &error));
}
