//! The committed header is what cbindgen makes of the source. `cargo xtask generate` writes it.

use std::path::Path;

#[test]
fn header_is_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(folder.join("cbindgen.toml")).unwrap();
    let bindings =
        cbindgen::Builder::new().with_crate(folder).with_config(config).generate().unwrap();
    let mut made = Vec::new();
    bindings.write(&mut made);
    let committed = std::fs::read_to_string(folder.join("include/chaincard.h")).unwrap();
    assert_eq!(committed, String::from_utf8(made).unwrap(), "run `cargo xtask generate`");
}
