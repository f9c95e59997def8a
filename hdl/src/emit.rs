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

/// Verilog text of the default of `B` with the top module `name`.
pub fn verilog_of<B: Block + Default>(name: &str) -> String {
    with_large_stack(|| verilog(&mut B::default(), name))
}

/// What `make` gives, from a thread with stack enough for the largest design: RustHDL makes
/// designs by value, and one of eight engines takes more than threads usually have.
pub fn with_large_stack<T: Send>(make: impl FnOnce() -> T + Send) -> T {
    const STACK_BYTES: usize = 256 << 20;
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, make);
        match thread.expect("the system gives a thread").join() {
            Ok(made) => made,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// RustHDL calls the top module `top`.
fn rename_top(text: &str, name: &str) -> String {
    text.replacen("module top(", &format!("module {name}("), 1)
}
