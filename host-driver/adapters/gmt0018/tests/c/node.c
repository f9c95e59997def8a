/*
 * What a FISCO BCOS node does with the library, call by call, with structures that are not cleared
 * before they are used. Arguments: the library, the access code of pair 1. What the library made is
 * printed for others to judge.
 */
#include "api.h"

#include <dirent.h>
#include <unistd.h>

enum { SESSIONS = 10 };

static void signatures(const struct api *api, void *session) {
    ECCrefPublicKey key;
    ECCSignature signature;
    u8 e[32], known[32];
    example(&key, &signature);
    hash(api, session, &key, EXAMPLE_MESSAGE, strlen(EXAMPLE_MESSAGE), e);
    from_hex(EXAMPLE_E, known, 32);
    CHECK(memcmp(e, known, 32) == 0);
    EXPECT(SDR_OK, api->ExternalVerify_ECC(session, SGD_SM2_1, &key, e, 32, &signature));
    e[31] ^= 1;
    EXPECT(SDR_VERIFYERR, api->ExternalVerify_ECC(session, SGD_SM2_1, &key, e, 32, &signature));
    e[31] ^= 1;
    signature.s[63] ^= 1;
    EXPECT(SDR_VERIFYERR, api->ExternalVerify_ECC(session, SGD_SM2_1, &key, e, 32, &signature));
    memset(signature.r + 32, 0, 32);
    EXPECT(SDR_VERIFYERR, api->ExternalVerify_ECC(session, SGD_SM2_1, &key, e, 32, &signature));
    example(&key, &signature);
    key.y[63] ^= 1;
    EXPECT(SDR_KEYERR, api->ExternalVerify_ECC(session, SGD_SM2_1, &key, e, 32, &signature));
    key.y[63] ^= 1;

    /* Pair 2 of the store has the example's key, and no access code. */
    ECCrefPublicKey exported;
    POISON(exported);
    EXPECT(SDR_OK, api->ExportSignPublicKey_ECC(session, 2, &exported));
    CHECK(exported.bits == 256 && is_zero(exported.x, 32) && is_zero(exported.y, 32));
    CHECK(memcmp(exported.x + 32, key.x + 32, 32) == 0);
    CHECK(memcmp(exported.y + 32, key.y + 32, 32) == 0);
    POISON(signature);
    EXPECT(SDR_OK, api->InternalSign_ECC(session, 2, e, 32, &signature));
    EXPECT(SDR_OK, api->ExternalVerify_ECC(session, SGD_SM2_1, &key, e, 32, &signature));

    /* The same key, from the caller. */
    ECCrefPrivateKey secret;
    POISON(secret);
    secret.bits = 256;
    from_hex(EXAMPLE_D, secret.K + 32, 32);
    POISON(signature);
    EXPECT(SDR_OK, api->ExternalSign_ECC(session, SGD_SM2_1, &secret, e, 32, &signature));
    CHECK(is_zero(signature.r, 32) && is_zero(signature.s, 32));
    EXPECT(SDR_OK, api->InternalVerify_ECC(session, 2, e, 32, &signature));
    print_hex("external_r", signature.r + 32, 32);
    print_hex("external_s", signature.s + 32, 32);
}

static void internal_key(const struct api *api, void *session, const char *code) {
    ECCrefPublicKey key, other;
    ECCSignature signature;
    u8 e[32];
    u32 length = (u32)strlen(code);
    POISON(key);
    EXPECT(SDR_OK, api->ExportSignPublicKey_ECC(session, 1, &key));
    EXPECT(SDR_OK, api->ExportEncPublicKey_ECC(session, 1, &other));
    CHECK(memcmp(&key, &other, sizeof key) != 0);
    hash(api, session, &key, "a block", 7, e);
    EXPECT(SDR_PARDENY, api->InternalSign_ECC(session, 1, e, 32, &signature));
    EXPECT(SDR_PRKRERR, api->GetPrivateKeyAccessRight(session, 1, (u8 *)code, length - 1));
    EXPECT(SDR_PARDENY, api->InternalSign_ECC(session, 1, e, 32, &signature));
    EXPECT(SDR_OK, api->GetPrivateKeyAccessRight(session, 1, (u8 *)code, length));
    POISON(signature);
    EXPECT(SDR_OK, api->InternalSign_ECC(session, 1, e, 32, &signature));
    CHECK(is_zero(signature.r, 32) && is_zero(signature.s, 32));
    EXPECT(SDR_OK, api->ReleasePrivateKeyAccessRight(session, 1));
    EXPECT(SDR_OK, api->ReleasePrivateKeyAccessRight(session, 1));
    ECCSignature refused;
    EXPECT(SDR_PARDENY, api->InternalSign_ECC(session, 1, e, 32, &refused));
    EXPECT(SDR_OK, api->InternalVerify_ECC(session, 1, e, 32, &signature));
    EXPECT(SDR_OK, api->ExternalVerify_ECC(session, SGD_SM2_1, &key, e, 32, &signature));
    print_hex("internal_x", key.x + 32, 32);
    print_hex("internal_y", key.y + 32, 32);
    print_hex("internal_r", signature.r + 32, 32);
    print_hex("internal_s", signature.s + 32, 32);
    EXPECT(SDR_KEYNOTEXIST, api->ExportSignPublicKey_ECC(session, 3, &key));
    EXPECT(SDR_KEYNOTEXIST, api->InternalSign_ECC(session, 3, e, 32, &signature));
    EXPECT(SDR_KEYNOTEXIST, api->InternalVerify_ECC(session, 0, e, 32, &signature));
    EXPECT(SDR_KEYNOTEXIST, api->GetPrivateKeyAccessRight(session, 3, (u8 *)code, length));
}

static void new_key(const struct api *api, void *session) {
    ECCrefPublicKey key;
    ECCrefPrivateKey secret;
    ECCSignature signature;
    u8 e[32];
    POISON(key);
    POISON(secret);
    EXPECT(SDR_OK, api->GenerateKeyPair_ECC(session, SGD_SM2, 256, &key, &secret));
    CHECK(key.bits == 256 && is_zero(key.x, 32) && is_zero(key.y, 32));
    CHECK(secret.bits == 256 && is_zero(secret.K, 32) && !is_zero(secret.K + 32, 32));
    hash(api, session, &key, "a transaction", 13, e);
    POISON(signature);
    EXPECT(SDR_OK, api->ExternalSign_ECC(session, SGD_SM2_1, &secret, e, 32, &signature));
    EXPECT(SDR_OK, api->ExternalVerify_ECC(session, SGD_SM2_1, &key, e, 32, &signature));
    print_hex("new_d", secret.K + 32, 32);
    print_hex("new_x", key.x + 32, 32);
    print_hex("new_y", key.y + 32, 32);
    print_hex("new_r", signature.r + 32, 32);
    print_hex("new_s", signature.s + 32, 32);
    ECCrefPrivateKey none;
    POISON(none);
    none.bits = 256;
    memset(none.K + 32, 0, 32);
    EXPECT(SDR_KEYERR, api->ExternalSign_ECC(session, SGD_SM2_1, &none, e, 32, &signature));
    EXPECT(SDR_ALGNOTSUPPORT, api->GenerateKeyPair_ECC(session, 0x10000, 256, &key, &secret));
    EXPECT(SDR_INARGERR, api->GenerateKeyPair_ECC(session, SGD_SM2, 512, &key, &secret));
}

static void hashes(const struct api *api, void *session) {
    static u8 long_message[200000];
    u8 digest[32];
    u32 length;
    hash(api, session, NULL, "abc", 3, digest);
    print_hex("sm3_abc", digest, 32);
    for (size_t i = 0; i < sizeof long_message; i++) {
        long_message[i] = (u8)(i * 7);
    }
    EXPECT(SDR_OK, api->HashInit(session, SGD_SM3, NULL, NULL, 0));
    for (size_t at = 0; at < sizeof long_message; at += 40000) {
        EXPECT(SDR_OK, api->HashUpdate(session, long_message + at, 40000));
    }
    EXPECT(SDR_OK, api->HashFinal(session, digest, &length));
    print_hex("sm3_long", digest, 32);
    EXPECT(SDR_STEPERR, api->HashFinal(session, digest, &length));
    EXPECT(SDR_STEPERR, api->HashUpdate(session, digest, 32));
    EXPECT(SDR_ALGNOTSUPPORT, api->HashInit(session, 2, NULL, NULL, 0));
    EXPECT(SDR_INARGERR, api->HashInit(session, SGD_SM3, NULL, (u8 *)USER_ID, 16));
}

static void encryption(const struct api *api, void *session) {
    u8 key[16], iv[16], first_iv[16], data[48], encrypted[48], decrypted[48];
    void *handle = NULL;
    u32 length = 0xA5A5A5A5;
    from_hex("0123456789ABCDEFFEDCBA9876543210", key, 16);
    from_hex("000102030405060708090A0B0C0D0E0F", first_iv, 16);
    /* FISCO pads: 37 bytes and 11 times 11. */
    memset(data, 'x', 37);
    memset(data + 37, 11, 11);
    EXPECT(SDR_OK, api->ImportKey(session, key, 16, &handle));
    memcpy(iv, first_iv, 16);
    EXPECT(SDR_OK, api->Encrypt(session, handle, SGD_SM4_CBC, iv, data, 48, encrypted, &length));
    CHECK(length == 48 && memcmp(iv, encrypted + 32, 16) == 0);
    print_hex("sm4_cbc", encrypted, 48);
    memcpy(iv, first_iv, 16);
    length = 0;
    EXPECT(SDR_OK, api->Decrypt(session, handle, SGD_SM4_CBC, iv, encrypted, 48, decrypted, &length));
    CHECK(length == 48 && memcmp(decrypted, data, 48) == 0);
    CHECK(memcmp(iv, encrypted + 32, 16) == 0);

    /* In parts, in place, with the IV that comes back; by the internal key, which is the same. */
    EXPECT(SDR_OK, api->DestroyKey(session, handle));
    EXPECT(SDR_INARGERR, api->DestroyKey(session, handle));
    EXPECT(SDR_OK, api->GetSymmKeyHandle(session, 1, &handle));
    memcpy(iv, first_iv, 16);
    memcpy(decrypted, data, 48);
    EXPECT(SDR_OK, api->Encrypt(session, handle, SGD_SM4_CBC, iv, decrypted, 16, decrypted, &length));
    EXPECT(SDR_OK, api->Encrypt(session, handle, SGD_SM4_CBC, iv, decrypted + 16, 32, decrypted + 16,
                                &length));
    CHECK(memcmp(decrypted, encrypted, 48) == 0);

    /* ECB needs no IV. */
    EXPECT(SDR_OK, api->Encrypt(session, handle, SGD_SM4_ECB, NULL, key, 16, encrypted, &length));
    print_hex("sm4_ecb", encrypted, 16);
    EXPECT(SDR_OK, api->Decrypt(session, handle, SGD_SM4_ECB, NULL, encrypted, 16, decrypted, &length));
    CHECK(memcmp(decrypted, key, 16) == 0);

    EXPECT(SDR_INARGERR, api->Encrypt(session, handle, SGD_SM4_CBC, iv, data, 47, encrypted, &length));
    EXPECT(SDR_INARGERR, api->Encrypt(session, handle, SGD_SM4_CBC, NULL, data, 48, encrypted, &length));
    EXPECT(SDR_INARGERR, api->Encrypt(session, NULL, SGD_SM4_CBC, iv, data, 48, encrypted, &length));
    EXPECT(SDR_ALGMODNOTSUPPORT, api->Encrypt(session, handle, 0x404, iv, data, 48, encrypted, &length));
    EXPECT(SDR_ALGNOTSUPPORT, api->Encrypt(session, handle, 0x102, iv, data, 48, encrypted, &length));
    EXPECT(SDR_OUTARGERR, api->Encrypt(session, handle, SGD_SM4_CBC, iv, data, 48, encrypted, NULL));
    EXPECT(SDR_KEYNOTEXIST, api->GetSymmKeyHandle(session, 2, &handle));
    CHECK(handle == NULL);
    EXPECT(SDR_INARGERR, api->ImportKey(session, key, 15, &handle));
}

static void handles(const struct api *api, void *device, void *session) {
    ECCrefPublicKey key;
    ECCSignature signature;
    u8 bytes[5000];
    void *other = &key;
    example(&key, &signature);
    void *wrong[] = {NULL, device, (void *)~0UL, &key};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        EXPECT(SDR_INARGERR, api->GenerateRandom(wrong[i], 16, bytes));
        EXPECT(SDR_INARGERR, api->HashInit(wrong[i], SGD_SM3, NULL, NULL, 0));
        EXPECT(SDR_INARGERR, api->HashUpdate(wrong[i], bytes, 1));
        EXPECT(SDR_INARGERR,
               api->ExternalVerify_ECC(wrong[i], SGD_SM2_1, &key, bytes, 32, &signature));
        EXPECT(SDR_INARGERR, api->CloseSession(wrong[i]));
        if (wrong[i] != device) {
            EXPECT(SDR_INARGERR, api->OpenSession(wrong[i], &other));
            CHECK(other == NULL);
            EXPECT(SDR_INARGERR, api->CloseDevice(wrong[i]));
        }
    }
    EXPECT(SDR_OUTARGERR, api->OpenDevice(NULL));
    EXPECT(SDR_OUTARGERR, api->OpenSession(device, NULL));
    EXPECT(SDR_OUTARGERR, api->GetDeviceInfo(session, NULL));
    EXPECT(SDR_OUTARGERR, api->GenerateRandom(session, 16, NULL));
    EXPECT(SDR_OUTARGERR, api->ExportSignPublicKey_ECC(session, 1, NULL));
    EXPECT(SDR_INARGERR, api->ExternalVerify_ECC(session, SGD_SM2_1, NULL, bytes, 32, &signature));
    EXPECT(SDR_INARGERR, api->ExternalVerify_ECC(session, SGD_SM2_1, &key, NULL, 32, &signature));
    EXPECT(SDR_INARGERR, api->ExternalVerify_ECC(session, SGD_SM2_1, &key, bytes, 32, NULL));
    EXPECT(SDR_INARGERR, api->ExternalVerify_ECC(session, SGD_SM2_1, &key, bytes, 31, &signature));
    EXPECT(SDR_ALGNOTSUPPORT, api->ExternalVerify_ECC(session, 1, &key, bytes, 32, &signature));
    key.bits = 512;
    EXPECT(SDR_KEYERR, api->ExternalVerify_ECC(session, SGD_SM2_1, &key, bytes, 32, &signature));

    memset(bytes, 0, sizeof bytes);
    EXPECT(SDR_OK, api->GenerateRandom(session, sizeof bytes, bytes));
    CHECK(!is_zero(bytes, 32) && !is_zero(bytes + 4968, 32) && memcmp(bytes, bytes + 32, 32) != 0);

    DEVICEINFO info;
    POISON(info);
    EXPECT(SDR_OK, api->GetDeviceInfo(session, &info));
    CHECK(strcmp((char *)info.IssuerName, "chaincard") == 0 && info.StandardVersion == 1);
    CHECK(info.AsymAlgAbility[0] == 0x20300 && info.AsymAlgAbility[1] == 256);
    CHECK(info.SymAlgAbility == 0x403 && info.HashAlgAbility == 1);
}

static void unsupported(const struct api *api, void *session) {
    int (*calculate_mac)(void *, void *, u32, u8 *, u8 *, u32, u8 *, u32 *);
    int (*generate_rsa)(void *, u32, RSArefPublicKey *, RSArefPrivateKey *);
    *(void **)&calculate_mac = bind(api->library, "SDF_CalculateMAC");
    *(void **)&generate_rsa = bind(api->library, "SDF_GenerateKeyPair_RSA");
    EXPECT(SDR_NOTSUPPORT, calculate_mac(session, NULL, 0, NULL, NULL, 0, NULL, NULL));
    EXPECT(SDR_NOTSUPPORT, generate_rsa(session, 2048, NULL, NULL));
}

/* Threads of this process, as soon as there are no more than `most`. */
static int threads(int most) {
    for (int patience = 20000; patience > 0; patience--) {
        int count = -2; /* "." and "..". */
        DIR *folder = opendir("/proc/self/task");
        CHECK(folder != NULL);
        while (readdir(folder) != NULL) {
            count++;
        }
        closedir(folder);
        if (count <= most) {
            return count;
        }
        usleep(1000);
    }
    return -1;
}

int main(int count, char **arguments) {
    CHECK(count == 3);
    for (int round = 0; round < 2; round++) {
        struct api api = load(arguments[1]);
        void *device, *sessions[SESSIONS];
        EXPECT(SDR_OK, api.OpenDevice(&device));
        for (int i = 0; i < SESSIONS; i++) {
            EXPECT(SDR_OK, api.OpenSession(device, &sessions[i]));
        }
        signatures(&api, sessions[0]);
        internal_key(&api, sessions[1], arguments[2]);
        new_key(&api, sessions[2]);
        hashes(&api, sessions[3]);
        encryption(&api, sessions[4]);
        handles(&api, device, sessions[5]);
        unsupported(&api, sessions[6]);
        EXPECT(SDR_OK, api.CloseSession(sessions[7]));
        EXPECT(SDR_INARGERR, api.CloseSession(sessions[7]));
        EXPECT(SDR_OK, api.CloseDevice(device));
        EXPECT(SDR_INARGERR, api.CloseDevice(device));
        EXPECT(SDR_INARGERR, api.OpenSession(device, &sessions[7]));
        EXPECT(SDR_INARGERR, api.HashInit(sessions[0], SGD_SM3, NULL, NULL, 0));
        CHECK(threads(1) == 1);
        CHECK(dlclose(api.library) == 0);
    }
    printf("done\n");
    return 0;
}
