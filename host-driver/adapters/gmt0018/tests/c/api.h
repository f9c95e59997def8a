/* The library as FISCO BCOS has it: by dlopen, with the functions that it binds. */
#ifndef API_H
#define API_H

#include "sdf.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned char u8;
typedef unsigned int u32;

struct api {
    void *library;
    int (*OpenDevice)(void *);
    int (*CloseDevice)(void *);
    int (*OpenSession)(void *, void *);
    int (*CloseSession)(void *);
    int (*GetDeviceInfo)(void *, DEVICEINFO *);
    int (*GenerateRandom)(void *, u32, u8 *);
    int (*GetPrivateKeyAccessRight)(void *, u32, u8 *, u32);
    int (*ReleasePrivateKeyAccessRight)(void *, u32);
    int (*GenerateKeyPair_ECC)(void *, u32, u32, ECCrefPublicKey *, ECCrefPrivateKey *);
    int (*ExportSignPublicKey_ECC)(void *, u32, ECCrefPublicKey *);
    int (*ExportEncPublicKey_ECC)(void *, u32, ECCrefPublicKey *);
    int (*InternalSign_ECC)(void *, u32, u8 *, u32, ECCSignature *);
    int (*ExternalSign_ECC)(void *, u32, ECCrefPrivateKey *, u8 *, u32, ECCSignature *);
    int (*InternalVerify_ECC)(void *, u32, u8 *, u32, ECCSignature *);
    int (*ExternalVerify_ECC)(void *, u32, ECCrefPublicKey *, u8 *, u32, ECCSignature *);
    int (*HashInit)(void *, u32, ECCrefPublicKey *, u8 *, u32);
    int (*HashUpdate)(void *, u8 *, u32);
    int (*HashFinal)(void *, u8 *, u32 *);
    int (*ImportKey)(void *, u8 *, u32, void **);
    int (*GetSymmKeyHandle)(void *, u32, void **);
    int (*DestroyKey)(void *, void *);
    int (*Encrypt)(void *, void *, u32, u8 *, u8 *, u32, u8 *, u32 *);
    int (*Decrypt)(void *, void *, u32, u8 *, u8 *, u32, u8 *, u32 *);
};

static inline void *bind(void *library, const char *name) {
    void *function = dlsym(library, name);
    if (function == NULL) {
        fprintf(stderr, "no %s: %s\n", name, dlerror());
        exit(2);
    }
    return function;
}

static inline struct api load(const char *path) {
    struct api api;
    api.library = dlopen(path, RTLD_LAZY);
    if (api.library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(2);
    }
#define BIND(name) *(void **)&api.name = bind(api.library, "SDF_" #name)
    BIND(OpenDevice);
    BIND(CloseDevice);
    BIND(OpenSession);
    BIND(CloseSession);
    BIND(GetDeviceInfo);
    BIND(GenerateRandom);
    BIND(GetPrivateKeyAccessRight);
    BIND(ReleasePrivateKeyAccessRight);
    BIND(GenerateKeyPair_ECC);
    BIND(ExportSignPublicKey_ECC);
    BIND(ExportEncPublicKey_ECC);
    BIND(InternalSign_ECC);
    BIND(ExternalSign_ECC);
    BIND(InternalVerify_ECC);
    BIND(ExternalVerify_ECC);
    BIND(HashInit);
    BIND(HashUpdate);
    BIND(HashFinal);
    BIND(ImportKey);
    BIND(GetSymmKeyHandle);
    BIND(DestroyKey);
    BIND(Encrypt);
    BIND(Decrypt);
#undef BIND
    return api;
}

/* Ends the program unless a call returns what it must. */
#define EXPECT(wanted, call)                                                                       \
    do {                                                                                           \
        int got = (call);                                                                          \
        if (got != (wanted)) {                                                                     \
            fprintf(stderr, "%s:%d: %s is %#x, not %s\n", __FILE__, __LINE__, #call, got, #wanted); \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

/* What a caller that does not clear its structures leaves in them. */
#define POISON(place) memset(&(place), 0xA5, sizeof(place))

static inline int is_zero(const u8 *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != 0) {
            return 0;
        }
    }
    return 1;
}

static inline void from_hex(const char *text, u8 *bytes, size_t length) {
    CHECK(strlen(text) == 2 * length);
    for (size_t i = 0; i < length; i++) {
        unsigned value;
        CHECK(sscanf(text + 2 * i, "%2x", &value) == 1);
        bytes[i] = (u8)value;
    }
}

static inline void print_hex(const char *name, const u8 *bytes, size_t length) {
    printf("%s ", name);
    for (size_t i = 0; i < length; i++) {
        printf("%02x", bytes[i]);
    }
    printf("\n");
}

/* GB/T 32918.5-2017, annex A: the example of a signature. */
#define EXAMPLE_D "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"
#define EXAMPLE_X "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
#define EXAMPLE_Y "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
#define EXAMPLE_E "F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640"
#define EXAMPLE_R "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
#define EXAMPLE_S "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
#define EXAMPLE_MESSAGE "message digest"
#define USER_ID "1234567812345678"

static inline void example(ECCrefPublicKey *key, ECCSignature *signature) {
    POISON(*key);
    key->bits = 256;
    from_hex(EXAMPLE_X, key->x + 32, 32);
    from_hex(EXAMPLE_Y, key->y + 32, 32);
    POISON(*signature);
    from_hex(EXAMPLE_R, signature->r + 32, 32);
    from_hex(EXAMPLE_S, signature->s + 32, 32);
}

/* e of a message, as FISCO computes it: by ZA of the key, or without ZA where there is none. */
static inline void hash(const struct api *api, void *session, ECCrefPublicKey *key,
                        const void *message, u32 length, u8 digest[32]) {
    u32 digest_length = 0xA5A5A5A5;
    if (key != NULL) {
        EXPECT(SDR_OK, api->HashInit(session, SGD_SM3, key, (u8 *)USER_ID, 16));
    } else {
        EXPECT(SDR_OK, api->HashInit(session, SGD_SM3, NULL, NULL, 0));
    }
    EXPECT(SDR_OK, api->HashUpdate(session, (u8 *)message, length));
    EXPECT(SDR_OK, api->HashFinal(session, digest, &digest_length));
    CHECK(digest_length == 32);
}

#endif
