//! Verilog of designs, in files.

use std::path::Path;

use chaincard_hdl::designs::Design;

use crate::error::{TaskError, write};

/// The design of a name.
pub(crate) fn design(name: &str) -> Result<Design, TaskError> {
    chaincard_hdl::design(name).ok_or_else(|| TaskError::Unknown {
        what: "design",
        name: name.to_owned(),
        known: chaincard_hdl::designs().iter().map(|d| d.name).collect::<Vec<_>>().join(", "),
    })
}

/// Writes the Verilog of one design.
pub(crate) fn one(name: &str, file: &Path) -> Result<(), TaskError> {
    write(file, (design(name)?.verilog)())
}

/// Writes the Verilog of every primitive to `NAME.v` in `folder`.
pub(crate) fn primitives(folder: &Path) -> Result<(), TaskError> {
    for primitive in chaincard_hdl::prim::designs::primitives() {
        write(&folder.join(format!("{}.v", primitive.name)), (primitive.verilog)())?;
    }
    Ok(())
}
