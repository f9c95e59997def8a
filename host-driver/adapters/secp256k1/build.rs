//! How the shared library is linked.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // Threads of the library, and what it does at exit, outlive the last handle of a program that
    // loads and unloads it.
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libchaincard_secp256k1.so");
    // What dependencies export stays inside.
    println!("cargo:rustc-cdylib-link-arg=-Wl,--exclude-libs,ALL");
}
