//! SHA-256 and SHA-512: FIPS 180-4, sections 4 and 5.

/// H(0) of SHA-256 (section 5.3.3): the first 32 bits of the fractional parts of the square
/// roots of the first 8 primes.
#[rustfmt::skip]
pub const SHA256_IV: [u32; 8] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
    0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
];

/// K of SHA-256 (section 4.2.2): the first 32 bits of the fractional parts of the cube roots
/// of the first 64 primes.
#[rustfmt::skip]
pub const SHA256_K: [u32; 64] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5,
    0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3,
    0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc,
    0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13,
    0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3,
    0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5,
    0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208,
    0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
];

/// H(0) of SHA-512 (section 5.3.5): the first 64 bits of the fractional parts of the square
/// roots of the first 8 primes.
#[rustfmt::skip]
pub const SHA512_IV: [u64; 8] = [
    0x6a09e667_f3bcc908, 0xbb67ae85_84caa73b, 0x3c6ef372_fe94f82b, 0xa54ff53a_5f1d36f1,
    0x510e527f_ade682d1, 0x9b05688c_2b3e6c1f, 0x1f83d9ab_fb41bd6b, 0x5be0cd19_137e2179,
];

/// K of SHA-512 (section 4.2.3): the first 64 bits of the fractional parts of the cube roots
/// of the first 80 primes.
#[rustfmt::skip]
pub const SHA512_K: [u64; 80] = [
    0x428a2f98_d728ae22, 0x71374491_23ef65cd, 0xb5c0fbcf_ec4d3b2f, 0xe9b5dba5_8189dbbc,
    0x3956c25b_f348b538, 0x59f111f1_b605d019, 0x923f82a4_af194f9b, 0xab1c5ed5_da6d8118,
    0xd807aa98_a3030242, 0x12835b01_45706fbe, 0x243185be_4ee4b28c, 0x550c7dc3_d5ffb4e2,
    0x72be5d74_f27b896f, 0x80deb1fe_3b1696b1, 0x9bdc06a7_25c71235, 0xc19bf174_cf692694,
    0xe49b69c1_9ef14ad2, 0xefbe4786_384f25e3, 0x0fc19dc6_8b8cd5b5, 0x240ca1cc_77ac9c65,
    0x2de92c6f_592b0275, 0x4a7484aa_6ea6e483, 0x5cb0a9dc_bd41fbd4, 0x76f988da_831153b5,
    0x983e5152_ee66dfab, 0xa831c66d_2db43210, 0xb00327c8_98fb213f, 0xbf597fc7_beef0ee4,
    0xc6e00bf3_3da88fc2, 0xd5a79147_930aa725, 0x06ca6351_e003826f, 0x14292967_0a0e6e70,
    0x27b70a85_46d22ffc, 0x2e1b2138_5c26c926, 0x4d2c6dfc_5ac42aed, 0x53380d13_9d95b3df,
    0x650a7354_8baf63de, 0x766a0abb_3c77b2a8, 0x81c2c92e_47edaee6, 0x92722c85_1482353b,
    0xa2bfe8a1_4cf10364, 0xa81a664b_bc423001, 0xc24b8b70_d0f89791, 0xc76c51a3_0654be30,
    0xd192e819_d6ef5218, 0xd6990624_5565a910, 0xf40e3585_5771202a, 0x106aa070_32bbd1b8,
    0x19a4c116_b8d2d0c8, 0x1e376c08_5141ab53, 0x2748774c_df8eeb99, 0x34b0bcb5_e19b48a8,
    0x391c0cb3_c5c95a63, 0x4ed8aa4a_e3418acb, 0x5b9cca4f_7763e373, 0x682e6ff3_d6b2b8a3,
    0x748f82ee_5defb2fc, 0x78a5636f_43172f60, 0x84c87814_a1f0ab72, 0x8cc70208_1a6439ec,
    0x90befffa_23631e28, 0xa4506ceb_de82bde9, 0xbef9a3f7_b2c67915, 0xc67178f2_e372532b,
    0xca273ece_ea26619c, 0xd186b8c7_21c0c207, 0xeada7dd6_cde0eb1e, 0xf57d4f7f_ee6ed178,
    0x06f067aa_72176fba, 0x0a637dc5_a2c898a6, 0x113f9804_bef90dae, 0x1b710b35_131c471b,
    0x28db77f5_23047d84, 0x32caab7b_40c72493, 0x3c9ebe0a_15c9bebc, 0x431d67c4_9c100d4c,
    0x4cc5d4be_cb3e42b6, 0x597f299c_fc657e2a, 0x5fcb6fab_3ad6faec, 0x6c44198c_4a475817,
];

/// Rotations in Σ0 of SHA-256 (equation 4.4).
pub const SHA256_BIG_SIGMA_0: [u32; 3] = [2, 13, 22];
/// Rotations in Σ1 of SHA-256 (equation 4.5).
pub const SHA256_BIG_SIGMA_1: [u32; 3] = [6, 11, 25];
/// Two rotations and the shift in σ0 of SHA-256 (equation 4.6).
pub const SHA256_SMALL_SIGMA_0: [u32; 3] = [7, 18, 3];
/// Two rotations and the shift in σ1 of SHA-256 (equation 4.7).
pub const SHA256_SMALL_SIGMA_1: [u32; 3] = [17, 19, 10];
/// Rotations in Σ0 of SHA-512 (equation 4.10).
pub const SHA512_BIG_SIGMA_0: [u32; 3] = [28, 34, 39];
/// Rotations in Σ1 of SHA-512 (equation 4.11).
pub const SHA512_BIG_SIGMA_1: [u32; 3] = [14, 18, 41];
/// Two rotations and the shift in σ0 of SHA-512 (equation 4.12).
pub const SHA512_SMALL_SIGMA_0: [u32; 3] = [1, 8, 7];
/// Two rotations and the shift in σ1 of SHA-512 (equation 4.13).
pub const SHA512_SMALL_SIGMA_1: [u32; 3] = [19, 61, 6];

/// Bytes in a block of SHA-256.
pub const SHA256_BLOCK_LEN: usize = 64;
/// Bytes in a block of SHA-512.
pub const SHA512_BLOCK_LEN: usize = 128;
/// Bytes of the length, big-endian and in bits, that end the padding of SHA-256 (section 5.1.1).
pub const SHA256_LENGTH_LEN: usize = 8;
/// Bytes of the length, big-endian and in bits, that end the padding of SHA-512 (section 5.1.2).
pub const SHA512_LENGTH_LEN: usize = 16;
/// First byte of the padding (section 5.1): a one bit and seven zero bits.
pub const PADDING: u8 = 0x80;
