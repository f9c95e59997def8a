//! The real library: where it is, and whether its structures are those of this one.

use std::ffi::{CStr, OsStr, c_char, c_int, c_uchar, c_uint, c_void};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

use crate::types::{Context, PublicKey, Signature};
use crate::{data, keys, log, signatures};

/// The environment variable that names the file of the real library.
pub const LIBRARY_VARIABLE: &str = "CHAINCARD_SECP256K1_LIBRARY";

/// Greatest number behind `libsecp256k1.so.` that is tried; that of libsecp256k1 0.8 is 7.
const MAX_ABI: u32 = 15;

/// The real library, loaded.
#[derive(Debug)]
pub(crate) struct Real {
    library: Library,
    path: String,
}

static REAL: OnceLock<Option<Real>> = OnceLock::new();

/// The real library. It is looked for once: the file that [`LIBRARY_VARIABLE`] names and no other; else
/// one that the process has loaded behind this library; else one by name, as the loader finds it, and
/// then in the folders of the system.
pub(crate) fn library() -> Option<&'static Real> {
    REAL.get_or_init(|| {
        let real = match named() {
            Some(path) => Real::open(&path).inspect_err(|reason| log::warn(reason)).ok(),
            None => loaded_behind().or_else(by_name),
        };
        if let Some(real) = &real {
            log::info(&format!("real library: {}", real.path));
        }
        real
    })
    .as_ref()
}

/// Looks for the real library if the process has loaded it already: then it may use data of this one,
/// which must be filled in before.
pub(crate) fn find_loaded() {
    if named().is_none() && behind().is_some() {
        library();
    }
}

fn named() -> Option<PathBuf> {
    std::env::var_os(LIBRARY_VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from)
}

impl Real {
    /// Loads a file, by path or by name.
    fn open(path: &Path) -> Result<Self, String> {
        let path_text = path.display().to_string();
        // SAFETY: files of this name are libsecp256k1, which does nothing when it is loaded.
        let library =
            unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.map_err(|error| {
                format!("cannot load the real library {path_text}: {}", log::chain(&error))
            })?;
        let real = Self { library, path: path_text };
        real.check().map_err(|reason| format!("{} {reason}", real.path))?;
        Ok(real)
    }

    /// The file.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The address of a name.
    pub(crate) fn symbol(&self, name: &CStr) -> Option<*mut c_void> {
        // SAFETY: only the address is taken.
        let symbol = unsafe { self.library.get::<*mut c_void>(name.to_bytes_with_nul()) };
        symbol.ok().map(|symbol| symbol.into_raw()).filter(|address| !address.is_null())
    }

    /// Whether it is libsecp256k1 with the structures of this library; then the static context becomes
    /// a copy of its own.
    fn check(&self) -> Result<(), &'static str> {
        if self.symbol(c"chaincard_secp256k1_abi").is_some() {
            return Err("is libchaincard_secp256k1 itself");
        }
        let (Some(parse_key), Some(parse_signature), Some(size), Some(fixed)) = (
            self.symbol(c"secp256k1_ec_pubkey_parse"),
            self.symbol(c"secp256k1_ecdsa_signature_parse_compact"),
            self.symbol(c"secp256k1_context_preallocated_size"),
            self.symbol(c"secp256k1_context_static")
                .or_else(|| self.symbol(c"secp256k1_context_no_precomp")),
        ) else {
            return Err("is no libsecp256k1");
        };
        // SAFETY: the header declares the functions of these names so, and the constant.
        let (parse_key, parse_signature, size, fixed) = unsafe {
            (
                std::mem::transmute::<*mut c_void, ParseKey>(parse_key),
                std::mem::transmute::<*mut c_void, ParseSignature>(parse_signature),
                std::mem::transmute::<*mut c_void, Size>(size),
                fixed.cast::<*const Context>().read(),
            )
        };
        let mut made = ([PublicKey([0; 64]); 2], [Signature([0; 64]); 2]);
        // SAFETY: a context, space for the structures, and as many bytes as said.
        let parsed = unsafe {
            let key = (GENERATOR.as_ptr(), GENERATOR.len());
            let numbers = GENERATOR.as_ptr().wrapping_add(1);
            let ([key_here, key_there], [signature_here, signature_there]) =
                (&mut made.0, &mut made.1);
            [
                parse_key(fixed, key_there, key.0, key.1),
                keys::secp256k1_ec_pubkey_parse(fixed, key_here, key.0, key.1),
                parse_signature(fixed, signature_there, numbers),
                signatures::secp256k1_ecdsa_signature_parse_compact(fixed, signature_here, numbers),
            ]
        };
        if parsed != [1; 4] || made.0[0] != made.0[1] || made.1[0] != made.1[1] {
            return Err("has other structures than libsecp256k1 0.1 ... 0.8");
        }
        // SAFETY: the flags are those of a context.
        let size = unsafe { size(data::CONTEXT_NONE) };
        // SAFETY: the constant is a context of that size.
        if !unsafe { data::set_static_context(fixed, size) } {
            return Err("has larger contexts than libsecp256k1 0.8");
        }
        Ok(())
    }
}

type ParseKey =
    unsafe extern "C-unwind" fn(*const Context, *mut PublicKey, *const c_uchar, usize) -> c_int;
type ParseSignature =
    unsafe extern "C-unwind" fn(*const Context, *mut Signature, *const c_uchar) -> c_int;
type Size = unsafe extern "C-unwind" fn(c_uint) -> usize;

/// G, uncompressed (SEC 2, section 2.4.1).
const GENERATOR: [u8; 65] = *b"\x04\
    \x79\xbe\x66\x7e\xf9\xdc\xbb\xac\x55\xa0\x62\x95\xce\x87\x0b\x07\
    \x02\x9b\xfc\xdb\x2d\xce\x28\xd9\x59\xf2\x81\x5b\x16\xf8\x17\x98\
    \x48\x3a\xda\x77\x26\xa3\xc4\x65\x5d\xa4\xfb\xfc\x0e\x11\x08\xa8\
    \xfd\x17\xb4\x48\xa6\x85\x54\x19\x9c\x47\xd0\x8f\xfb\x10\xd4\xb8";

/// The file that has an address.
fn file_of(address: *const c_void) -> Option<PathBuf> {
    // SAFETY: the structure is one of pointers and numbers.
    let mut info: libc::Dl_info = unsafe { std::mem::zeroed() };
    // SAFETY: any address may be asked for.
    if unsafe { libc::dladdr(address, &mut info) } == 0 || info.dli_fname.is_null() {
        return None;
    }
    // SAFETY: the loader's text, of a library that stays loaded.
    let name = unsafe { CStr::from_ptr(info.dli_fname) };
    Some(PathBuf::from(OsStr::from_bytes(name.to_bytes())))
}

/// The file of a library that the process has loaded behind this one.
fn behind() -> Option<PathBuf> {
    let name: *const c_char = c"secp256k1_context_create".as_ptr();
    // SAFETY: a name.
    let address = unsafe { libc::dlsym(libc::RTLD_NEXT, name) };
    if address.is_null() { None } else { file_of(address) }
}

fn loaded_behind() -> Option<Real> {
    Real::open(&behind()?).inspect_err(|reason| log::info(reason)).ok()
}

/// By name, newest first, but ahead of all by the one under which this library itself was loaded, if that is one of
/// libsecp256k1's, as its program wants that version.
fn by_name() -> Option<Real> {
    let own = file_of((&raw const crate::chaincard_secp256k1_abi).cast());
    let own = own.and_then(|path| Some(path.file_name()?.to_str()?.to_owned()));
    let own = own.filter(|name| name.starts_with("libsecp256k1.so"));
    let numbered = (0..=MAX_ABI).rev().map(|abi| format!("libsecp256k1.so.{abi}"));
    let names = own.into_iter().chain(numbered).chain(["libsecp256k1.so".to_owned()]);
    let folders = [
        String::new(),
        format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH),
        "/usr/local/lib".to_owned(),
        "/usr/lib64".to_owned(),
        "/usr/lib".to_owned(),
    ];
    let paths =
        names.flat_map(|name| folders.each_ref().map(|folder| Path::new(folder).join(&name)));
    // Most are not there, which nobody needs to be told.
    let mut opened = paths.filter_map(|path| Real::open(&path).ok());
    opened.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_addresses() {
        let name = c"malloc";
        // SAFETY: a name.
        let address = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) };
        let file = file_of(address).expect("libc is loaded");
        assert!(file.display().to_string().contains("libc"), "{}", file.display());
        assert_eq!(file_of(std::ptr::null()), None);
    }

    #[test]
    fn what_is_no_library_is_refused() {
        for (path, reason) in [
            ("/no/such.so", "cannot load the real library /no/such.so"),
            ("libc.so.6", "is no libsecp256k1"),
        ] {
            let error = Real::open(Path::new(path)).expect_err("no libsecp256k1");
            assert!(error.contains(reason), "{error}");
        }
    }
}
