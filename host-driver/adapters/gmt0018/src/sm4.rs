//! SM4 on this processor, by RustCrypto's `sm4` and `cbc`.

use cbc::cipher::array::Array;
use cbc::cipher::{
    Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit,
    KeyIvInit,
};
use sm4::Sm4;

use crate::code::{SGD_SM4_CBC, SGD_SM4_ECB};
use crate::error::Failure;

/// Bytes in a block.
pub(crate) const BLOCK: usize = 16;

/// A mode in one direction, between blocks.
pub(crate) enum Cipher {
    EcbEncrypt(Sm4),
    EcbDecrypt(Sm4),
    CbcEncrypt(cbc::Encryptor<Sm4>),
    CbcDecrypt(cbc::Decryptor<Sm4>),
}

/// Modes that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Ecb,
    Cbc,
}

impl Mode {
    /// The mode of an algorithm's number.
    pub(crate) fn of(algorithm: u32) -> Result<Self, Failure> {
        match algorithm {
            SGD_SM4_ECB => Ok(Self::Ecb),
            SGD_SM4_CBC => Ok(Self::Cbc),
            // The second byte says the cipher.
            mode if mode & 0xFFFF_FF00 == 0x400 => Err(Failure::Mode(mode)),
            other => Err(Failure::Algorithm(other)),
        }
    }
}

impl Cipher {
    /// `iv` is not looked at by ECB.
    pub(crate) fn new(mode: Mode, encrypts: bool, key: &[u8; 16], iv: &[u8; BLOCK]) -> Self {
        let (key, iv) = (&Array(*key), &Array(*iv));
        match (mode, encrypts) {
            (Mode::Ecb, true) => Self::EcbEncrypt(Sm4::new(key)),
            (Mode::Ecb, false) => Self::EcbDecrypt(Sm4::new(key)),
            (Mode::Cbc, true) => Self::CbcEncrypt(cbc::Encryptor::new(key, iv)),
            (Mode::Cbc, false) => Self::CbcDecrypt(cbc::Decryptor::new(key, iv)),
        }
    }

    /// Encrypts or decrypts whole blocks; bytes behind the last one stay as they are.
    pub(crate) fn run(&mut self, data: &mut [u8]) {
        let (blocks, _) = Block::<Sm4>::slice_as_chunks_mut(data);
        match self {
            Self::EcbEncrypt(cipher) => cipher.encrypt_blocks(blocks),
            Self::EcbDecrypt(cipher) => cipher.decrypt_blocks(blocks),
            Self::CbcEncrypt(cipher) => cipher.encrypt_blocks(blocks),
            Self::CbcDecrypt(cipher) => cipher.decrypt_blocks(blocks),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// GB/T 32907-2016, annex A.1.
    #[test]
    fn the_standards_example() {
        let key = [
            0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54,
            0x32, 0x10,
        ];
        let mut data = key;
        Cipher::new(Mode::Ecb, true, &key, &[0; 16]).run(&mut data);
        let encrypted = [
            0x68, 0x1E, 0xDF, 0x34, 0xD2, 0x06, 0x96, 0x5E, 0x86, 0xB3, 0xE9, 0x4F, 0x53, 0x6E,
            0x42, 0x46,
        ];
        assert_eq!(data, encrypted);
        Cipher::new(Mode::Ecb, false, &key, &[0; 16]).run(&mut data);
        assert_eq!(data, key);
    }

    #[test]
    fn other_modes_and_ciphers_have_a_reason_each() {
        assert!(matches!(Mode::of(0x404), Err(Failure::Mode(_))));
        assert!(matches!(Mode::of(0x102), Err(Failure::Algorithm(_))));
        assert!(matches!(Mode::of(0), Err(Failure::Algorithm(_))));
    }
}
