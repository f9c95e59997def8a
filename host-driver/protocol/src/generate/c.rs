//! C header.

use core::fmt::Write;
use std::string::String;

use super::{ORIGIN, groups, prefixed};

/// Header for C99 and C++: a macro for each constant, of the type that it has on the wire.
pub fn c_header() -> String {
    let mut text = std::format!(
        "/* Wire format and register map of a chaincard card.\n * {ORIGIN}\n */\n\
         #ifndef CHAINCARD_PROTOCOL_H\n#define CHAINCARD_PROTOCOL_H\n\n#include <stdint.h>\n"
    );
    for group in groups() {
        let _ = write!(text, "\n/* {} */\n", group.description);
        for constant in &group.constants {
            let name = prefixed(&group, constant);
            let (bits, digits) = (group.bits, group.bits as usize / 4);
            let value = constant.value;
            let _ = write!(text, "/* {} */\n#define {name} ", constant.description);
            let _ = writeln!(text, "UINT{bits}_C(0x{value:0digits$X})");
        }
    }
    text + "\n#endif\n"
}
