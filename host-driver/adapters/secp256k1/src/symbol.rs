//! Functions and data of the real library, found by name when they are needed first.

use std::ffi::{CStr, c_int, c_void};
use std::sync::OnceLock;

use crate::{log, real};

/// One name.
pub(crate) struct Symbol {
    name: &'static CStr,
    address: OnceLock<Option<usize>>,
}

impl Symbol {
    pub(crate) const fn new(name: &'static CStr) -> Self {
        Self { name, address: OnceLock::new() }
    }

    /// Where it is; that it is nowhere is told once.
    pub(crate) fn address(&self) -> Option<*mut c_void> {
        let address = self.address.get_or_init(|| {
            let name = self.name.to_string_lossy();
            let Some(real) = real::library() else {
                log::warn(&format!(
                    "{name} is the real library's, and there is none: install libsecp256k1, or let \
                     {} name its file",
                    real::LIBRARY_VARIABLE
                ));
                return None;
            };
            let address = real.symbol(self.name).map(|address| address.expose_provenance());
            if address.is_none() {
                log::warn(&format!("{} has no {name}: install a newer one", real.path()));
            }
            address
        });
        address.map(std::ptr::with_exposed_provenance_mut)
    }
}

/// What a function returns when it cannot be done.
pub(crate) trait Failed {
    const FAILED: Self;
}

impl Failed for () {
    const FAILED: Self = ();
}

impl Failed for c_int {
    const FAILED: Self = 0;
}

impl Failed for usize {
    const FAILED: Self = 0;
}

impl<T> Failed for *mut T {
    const FAILED: Self = std::ptr::null_mut();
}

/// Calls a function of the real library: name, then arguments with their types, then the type of the
/// result. Without the library, the result is that of a failure.
macro_rules! call {
    ($name:ident($($argument:ident: $type:ty),*) -> $result:ty) => {{
        static SYMBOL: $crate::symbol::Symbol =
            $crate::symbol::Symbol::new($crate::symbol::c_name!($name));
        match SYMBOL.address() {
            Some(address) => {
                // SAFETY: the header declares the function of this name so; pointers to objects and to
                // functions are passed alike.
                unsafe {
                    let function: unsafe extern "C-unwind" fn($($type),*) -> $result =
                        std::mem::transmute(address);
                    function($($argument),*)
                }
            }
            None => <$result as $crate::symbol::Failed>::FAILED,
        }
    }};
}

/// An identifier as a C string.
macro_rules! c_name {
    ($name:ident) => {
        const {
            match std::ffi::CStr::from_bytes_with_nul(concat!(stringify!($name), "\0").as_bytes()) {
                Ok(name) => name,
                Err(_) => panic!("identifiers have no zero byte"),
            }
        }
    };
}

pub(crate) use {c_name, call};
