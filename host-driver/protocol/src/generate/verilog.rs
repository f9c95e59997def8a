//! Verilog macros.

use core::fmt::Write;
use std::string::String;

use super::{ORIGIN, groups, prefixed};

/// Header for Verilog: a macro for each constant, sized.
pub fn verilog_header() -> String {
    let mut text = std::format!(
        "// Wire format and register map of a chaincard card.\n// {ORIGIN}\n\
         `ifndef CHAINCARD_PROTOCOL_VH\n`define CHAINCARD_PROTOCOL_VH\n"
    );
    for group in groups() {
        let _ = write!(text, "\n// {}\n", group.description);
        for constant in &group.constants {
            let name = prefixed(&group, constant);
            let (bits, digits) = (group.bits, group.bits as usize / 4);
            let value = constant.value;
            let _ = writeln!(text, "`define {name} {bits}'h{value:0digits$x}");
        }
    }
    text + "\n`endif\n"
}
