//! Verilog of a design.

use rust_hdl::prelude::*;

/// Verilog text of `design` with the top module `name`.
///
/// The design is connected and checked first; a RustHDL check that fails is a programming
/// error in the design and panics.
pub fn verilog<B: Block>(design: &mut B, name: &str) -> String {
    design.connect_all();
    check_all(design).expect("RustHDL checks");
    rename_top(&generate_verilog(design), name)
}

/// RustHDL calls the top module `top`.
fn rename_top(text: &str, name: &str) -> String {
    text.replacen("module top(", &format!("module {name}("), 1)
}
