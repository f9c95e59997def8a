/*
 * The prototypes of GM/T 0018-2012, and of five functions that vendors have besides, written down
 * apart from the header: where both differ, this does not compile.
 */
#include "sdf.h"

#define SESSION void *session
typedef unsigned char u8;
typedef unsigned int u32;

_Static_assert(sizeof(DEVICEINFO) == 100, "DEVICEINFO");
_Static_assert(sizeof(ECCrefPublicKey) == 132, "ECCrefPublicKey");
_Static_assert(sizeof(ECCrefPrivateKey) == 68, "ECCrefPrivateKey");
_Static_assert(sizeof(ECCSignature) == 128, "ECCSignature");
_Static_assert(sizeof(RSArefPublicKey) == 516, "RSArefPublicKey");
_Static_assert(sizeof(RSArefPrivateKey) == 1412, "RSArefPrivateKey");

/* Devices. */
int SDF_OpenDevice(void **device);
int SDF_CloseDevice(void *device);
int SDF_OpenSession(void *device, void **session);
int SDF_CloseSession(SESSION);
int SDF_GetDeviceInfo(SESSION, DEVICEINFO *info);
int SDF_GenerateRandom(SESSION, u32 length, u8 *bytes);
int SDF_GetPrivateKeyAccessRight(SESSION, u32 index, u8 *password, u32 length);
int SDF_ReleasePrivateKeyAccessRight(SESSION, u32 index);

/* Keys. */
int SDF_ExportSignPublicKey_RSA(SESSION, u32 index, RSArefPublicKey *key);
int SDF_ExportEncPublicKey_RSA(SESSION, u32 index, RSArefPublicKey *key);
int SDF_GenerateKeyPair_RSA(SESSION, u32 bits, RSArefPublicKey *key, RSArefPrivateKey *secret);
int SDF_GenerateKeyWithIPK_RSA(SESSION, u32 index, u32 bits, u8 *key, u32 *length, void **handle);
int SDF_GenerateKeyWithEPK_RSA(SESSION, u32 bits, RSArefPublicKey *with, u8 *key, u32 *length,
                               void **handle);
int SDF_ImportKeyWithISK_RSA(SESSION, u32 index, u8 *key, u32 length, void **handle);
int SDF_ExchangeDigitEnvelopeBaseOnRSA(SESSION, u32 index, RSArefPublicKey *key, u8 *in, u32 length,
                                       u8 *out, u32 *out_length);
int SDF_ExportSignPublicKey_ECC(SESSION, u32 index, ECCrefPublicKey *key);
int SDF_ExportEncPublicKey_ECC(SESSION, u32 index, ECCrefPublicKey *key);
int SDF_GenerateKeyPair_ECC(SESSION, u32 algorithm, u32 bits, ECCrefPublicKey *key,
                            ECCrefPrivateKey *secret);
int SDF_GenerateKeyWithIPK_ECC(SESSION, u32 index, u32 bits, ECCCipher *key, void **handle);
int SDF_GenerateKeyWithEPK_ECC(SESSION, u32 bits, u32 algorithm, ECCrefPublicKey *with,
                               ECCCipher *key, void **handle);
int SDF_ImportKeyWithISK_ECC(SESSION, u32 index, ECCCipher *key, void **handle);
int SDF_GenerateAgreementDataWithECC(SESSION, u32 index, u32 bits, u8 *id, u32 id_length,
                                     ECCrefPublicKey *key, ECCrefPublicKey *once, void **agreement);
int SDF_GenerateKeyWithECC(SESSION, u8 *id, u32 id_length, ECCrefPublicKey *key,
                           ECCrefPublicKey *once, void *agreement, void **handle);
int SDF_GenerateAgreementDataAndKeyWithECC(SESSION, u32 index, u32 bits, u8 *id, u32 id_length,
                                           u8 *sponsor, u32 sponsor_length,
                                           ECCrefPublicKey *sponsor_key,
                                           ECCrefPublicKey *sponsor_once, ECCrefPublicKey *key,
                                           ECCrefPublicKey *once, void **handle);
int SDF_ExchangeDigitEnvelopeBaseOnECC(SESSION, u32 index, u32 algorithm, ECCrefPublicKey *key,
                                       ECCCipher *in, ECCCipher *out);
int SDF_GenerateKeyWithKEK(SESSION, u32 bits, u32 algorithm, u32 index, u8 *key, u32 *length,
                           void **handle);
int SDF_ImportKeyWithKEK(SESSION, u32 algorithm, u32 index, u8 *key, u32 length, void **handle);
int SDF_ImportKey(SESSION, u8 *key, u32 length, void **handle);
int SDF_GetSymmKeyHandle(SESSION, u32 index, void **handle);
int SDF_DestroyKey(SESSION, void *handle);

/* Asymmetric algorithms. */
int SDF_ExternalPublicKeyOperation_RSA(SESSION, RSArefPublicKey *key, u8 *in, u32 length, u8 *out,
                                       u32 *out_length);
int SDF_ExternalPrivateKeyOperation_RSA(SESSION, RSArefPrivateKey *key, u8 *in, u32 length, u8 *out,
                                        u32 *out_length);
int SDF_InternalPublicKeyOperation_RSA(SESSION, u32 index, u8 *in, u32 length, u8 *out,
                                       u32 *out_length);
int SDF_InternalPrivateKeyOperation_RSA(SESSION, u32 index, u8 *in, u32 length, u8 *out,
                                        u32 *out_length);
int SDF_ExternalSign_ECC(SESSION, u32 algorithm, ECCrefPrivateKey *key, u8 *data, u32 length,
                         ECCSignature *signature);
int SDF_ExternalVerify_ECC(SESSION, u32 algorithm, ECCrefPublicKey *key, u8 *data, u32 length,
                           ECCSignature *signature);
int SDF_InternalSign_ECC(SESSION, u32 index, u8 *data, u32 length, ECCSignature *signature);
int SDF_InternalVerify_ECC(SESSION, u32 index, u8 *data, u32 length, ECCSignature *signature);
int SDF_ExternalEncrypt_ECC(SESSION, u32 algorithm, ECCrefPublicKey *key, u8 *data, u32 length,
                            ECCCipher *out);
int SDF_ExternalDecrypt_ECC(SESSION, u32 algorithm, ECCrefPrivateKey *key, ECCCipher *in, u8 *data,
                            u32 *length);
int SDF_InternalEncrypt_ECC(SESSION, u32 index, u32 algorithm, u8 *data, u32 length,
                            ECCCipher *out);
int SDF_InternalDecrypt_ECC(SESSION, u32 index, u32 algorithm, ECCCipher *in, u8 *data,
                            u32 *length);

/* Symmetric algorithms. */
int SDF_Encrypt(SESSION, void *key, u32 algorithm, u8 *iv, u8 *in, u32 length, u8 *out,
                u32 *out_length);
int SDF_Decrypt(SESSION, void *key, u32 algorithm, u8 *iv, u8 *in, u32 length, u8 *out,
                u32 *out_length);
int SDF_CalculateMAC(SESSION, void *key, u32 algorithm, u8 *iv, u8 *in, u32 length, u8 *mac,
                     u32 *mac_length);

/* Hash functions. */
int SDF_HashInit(SESSION, u32 algorithm, ECCrefPublicKey *key, u8 *id, u32 id_length);
int SDF_HashUpdate(SESSION, u8 *data, u32 length);
int SDF_HashFinal(SESSION, u8 *hash, u32 *length);

/* Files. */
int SDF_CreateFile(SESSION, u8 *name, u32 name_length, u32 size);
int SDF_ReadFile(SESSION, u8 *name, u32 name_length, u32 offset, u32 *length, u8 *buffer);
int SDF_WriteFile(SESSION, u8 *name, u32 name_length, u32 offset, u32 length, u8 *buffer);
int SDF_DeleteFile(SESSION, u8 *name, u32 name_length);
