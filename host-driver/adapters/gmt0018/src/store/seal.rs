//! Encryption of a store: ChaCha20-Poly1305 (RFC 8439) under a key that Argon2id (RFC 9106) makes of
//! the password. The file is TOML; what is not encrypted in it is authenticated.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::SdfError;

const VERSION: u32 = 1;
const KDF: &str = "argon2id";
const CIPHER: &str = "chacha20-poly1305";

/// What it costs to try a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Memory in KiB, 8 ... 1,048,576 and at least 8 for each lane.
    pub memory_kib: u32,
    /// Passes over it, 1 ... 64.
    pub iterations: u32,
    /// Lanes, 1 ... 16.
    pub lanes: u32,
}

impl Default for Cost {
    /// RFC 9106, section 4, the second recommended option, with one lane.
    fn default() -> Self {
        Self { memory_kib: 64 << 10, iterations: 3, lanes: 1 }
    }
}

impl Cost {
    /// A file does not get to ask for more than this: it would be a way to stop a node.
    fn params(self) -> Result<Params, String> {
        let Self { memory_kib, iterations, lanes } = self;
        if memory_kib > 1 << 20 || iterations > 64 || lanes > 16 {
            return Err("its cost is beyond all bounds".to_owned());
        }
        Params::new(memory_kib, iterations, lanes, Some(32)).map_err(|error| error.to_string())
    }
}

/// The file of a store.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sealed {
    version: u32,
    kdf: String,
    cipher: String,
    memory_kib: u32,
    iterations: u32,
    lanes: u32,
    #[serde(with = "hex::serde")]
    salt: [u8; 16],
    #[serde(with = "hex::serde")]
    nonce: [u8; 12],
    #[serde(with = "hex::serde")]
    sealed: Vec<u8>,
}

/// Encrypts `contents` and gives the text of the file.
pub(super) fn seal(
    mut contents: Zeroizing<Vec<u8>>,
    password: &[u8],
    cost: Cost,
) -> Result<String, SdfError> {
    let refused = |reason| SdfError::Seal { reason };
    let mut file = Sealed {
        version: VERSION,
        kdf: KDF.to_owned(),
        cipher: CIPHER.to_owned(),
        memory_kib: cost.memory_kib,
        iterations: cost.iterations,
        lanes: cost.lanes,
        salt: [0; 16],
        nonce: [0; 12],
        sealed: Vec::new(),
    };
    getrandom::fill(&mut file.salt).map_err(SdfError::Random)?;
    getrandom::fill(&mut file.nonce).map_err(SdfError::Random)?;
    let cipher = file.cipher(password).map_err(refused)?;
    let sealed = cipher.encrypt_in_place(&file.nonce.into(), &file.header(), &mut *contents);
    sealed.map_err(|error| refused(error.to_string()))?;
    file.sealed = std::mem::take(&mut *contents);
    let text = toml::to_string(&file).map_err(|error| refused(error.to_string()))?;
    Ok(format!("# Keys of chaincard's GM/T 0018 library, encrypted under a password.\n{text}"))
}

impl Sealed {
    /// Reads a file; what is wrong with it otherwise.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let file: Self = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        if file.version != VERSION {
            return Err(format!("its version is {}, this library has {VERSION}", file.version));
        }
        if file.kdf != KDF || file.cipher != CIPHER {
            return Err(format!("it is not encrypted by {KDF} and {CIPHER}"));
        }
        Ok(file)
    }

    /// The contents; `None` when the password is wrong or anything was changed.
    pub(super) fn open(&self, password: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, String> {
        let mut contents = Zeroizing::new(self.sealed.clone());
        let cipher = self.cipher(password)?;
        let opened = cipher.decrypt_in_place(&self.nonce.into(), &self.header(), &mut *contents);
        Ok(opened.is_ok().then_some(contents))
    }

    fn cipher(&self, password: &[u8]) -> Result<ChaCha20Poly1305, String> {
        let Self { memory_kib, iterations, lanes, .. } = *self;
        let params = Cost { memory_kib, iterations, lanes }.params()?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut key = Zeroizing::new([0; 32]);
        let made = argon2.hash_password_into(password, &self.salt, &mut *key);
        made.map_err(|error| error.to_string())?;
        Ok(ChaCha20Poly1305::new((&*key).into()))
    }

    /// What is authenticated with the contents.
    fn header(&self) -> Vec<u8> {
        let Self { version, memory_kib, iterations, lanes, .. } = *self;
        format!("{version} {KDF} {memory_kib} {iterations} {lanes} {CIPHER}").into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory_kib: 64, iterations: 1, lanes: 1 };

    fn sealed() -> String {
        seal(Zeroizing::new(b"contents".to_vec()), b"password", CHEAP).expect("sealed")
    }

    #[test]
    fn contents_come_back_with_the_password_only() {
        let file = Sealed::parse(&sealed()).expect("a file");
        let contents = file.open(b"password").expect("tried").expect("opened");
        assert_eq!(**contents, *b"contents");
        assert!(file.open(b"passwort").expect("tried").is_none());
    }

    #[test]
    fn changes_are_noticed() {
        let text = sealed();
        for (line, change) in
            [("iterations = 1", "iterations = 2"), ("memory_kib = 64", "memory_kib = 72")]
        {
            let file = Sealed::parse(&text.replace(line, change)).expect("a file");
            assert!(file.open(b"password").expect("tried").is_none(), "{change}");
        }
        for place in 0..(8 + 16) {
            let mut file = Sealed::parse(&text).expect("a file");
            file.sealed[place] ^= 1;
            assert!(file.open(b"password").expect("tried").is_none(), "{place}");
        }
    }

    #[test]
    fn files_of_another_kind_are_refused() {
        let text = sealed();
        for (line, change) in [
            ("version = 1", "version = 2"),
            ("argon2id", "argon2i"),
            ("chacha20-poly1305", "none"),
            ("salt", "pepper"),
        ] {
            assert!(Sealed::parse(&text.replace(line, change)).is_err(), "{change}");
        }
        for change in ["iterations = 65", "iterations = 0"] {
            let file = Sealed::parse(&text.replace("iterations = 1", change)).expect("a file");
            assert!(file.open(b"password").is_err(), "{change}");
        }
        let huge = text.replace("memory_kib = 64", "memory_kib = 4294967295");
        assert!(Sealed::parse(&huge).expect("a file").open(b"password").is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_file_or_none(text in ".*", place in 0..400_usize, line in "[a-z]* = .*") {
            let _ = Sealed::parse(&text);
            let mut changed = sealed();
            // The file is ASCII.
            let place = place.min(changed.len());
            changed.insert_str(place, &line);
            if let Ok(file) = Sealed::parse(&changed) {
                // Costs beyond all bounds are refused before anything is computed.
                let _ = Cost { memory_kib: file.memory_kib, ..CHEAP }.params();
            }
        }
    }
}
