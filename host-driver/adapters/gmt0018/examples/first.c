/*
 * Signs a message with internal key 1 and verifies the signature, as a node does.
 * The key needs no access code here.
 */
#include "sdf.h"

#include <stdio.h>
#include <string.h>

static int failed(const char *function, int status) {
    fprintf(stderr, "%s: %#x\n", function, status);
    return 1;
}

int main(void) {
    void *device, *session;
    int status = SDF_OpenDevice(&device);
    if (status != SDR_OK) {
        return failed("SDF_OpenDevice", status);
    }
    if ((status = SDF_OpenSession(device, &session)) != SDR_OK) {
        return failed("SDF_OpenSession", status);
    }
    ECCrefPublicKey key;
    if ((status = SDF_ExportSignPublicKey_ECC(session, 1, &key)) != SDR_OK) {
        return failed("SDF_ExportSignPublicKey_ECC", status);
    }

    /* e, the SM3 digest of ZA and the message. */
    unsigned char message[] = "a transaction", id[] = "1234567812345678", e[32];
    unsigned int length;
    if ((status = SDF_HashInit(session, SGD_SM3, &key, id, 16)) != SDR_OK ||
        (status = SDF_HashUpdate(session, message, strlen((char *)message))) != SDR_OK ||
        (status = SDF_HashFinal(session, e, &length)) != SDR_OK) {
        return failed("SM3", status);
    }

    ECCSignature signature;
    if ((status = SDF_InternalSign_ECC(session, 1, e, 32, &signature)) != SDR_OK) {
        return failed("SDF_InternalSign_ECC", status);
    }
    status = SDF_ExternalVerify_ECC(session, SGD_SM2_1, &key, e, 32, &signature);
    printf("signature of key 1: %s\n", status == SDR_OK ? "valid" : "NOT VALID");
    e[0] ^= 1;
    int other = SDF_ExternalVerify_ECC(session, SGD_SM2_1, &key, e, 32, &signature);
    printf("for another message: %s\n", other == SDR_VERIFYERR ? "not valid" : "VALID");

    SDF_CloseSession(session);
    SDF_CloseDevice(device);
    return status == SDR_OK && other == SDR_VERIFYERR ? 0 : 1;
}
