//! Ports of a module of the emitted Verilog.

use crate::SimError;

/// Most bits in a port that the bridge carries.
pub const MAX_WIDTH: u32 = 64;

/// Which way a port goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Driven from outside.
    Input,
    /// Driven by the design.
    Output,
}

/// A port of a top module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// Name in the Verilog text.
    pub name: String,
    /// Direction.
    pub direction: Direction,
    /// Bits, 1 ... [`MAX_WIDTH`].
    pub width: u32,
}

impl Port {
    /// Name of the member that Verilator gives the port: it spells `$` as `__024`.
    pub(super) fn member(&self) -> String {
        self.name.replace('$', "__024")
    }
}

/// The ports of `module` in `verilog`, in the order of its header.
///
/// Reads what RustHDL writes: `module NAME(a,b);` and below it one declaration
/// `input wire [31:0] a;` for each.
///
/// # Errors
/// [`SimError::Ports`] when the module is not there, a declaration is missing or of another
/// form, or a port is wider than [`MAX_WIDTH`].
pub fn parse(verilog: &str, module: &str) -> Result<Vec<Port>, SimError> {
    let error = |reason: String| SimError::Ports { module: module.to_owned(), reason };
    let header = format!("module {module}(");
    let start = verilog.find(&header).ok_or_else(|| error("no such module".into()))?;
    let rest = &verilog[start + header.len()..];
    let close = rest.find(");").ok_or_else(|| error("header is not closed".into()))?;
    let body = &rest[close + 2..];
    let body = &body[..body.find("endmodule").ok_or_else(|| error("no endmodule".into()))?];

    let mut declared = Vec::new();
    for line in body.lines() {
        if let Some(port) = declaration(line.trim()).map_err(error)? {
            declared.push(port);
        }
    }
    rest[..close]
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| {
            declared
                .iter()
                .find(|port| port.name == name)
                .cloned()
                .ok_or_else(|| error(format!("port {name} is not declared")))
        })
        .collect()
}

/// The port that a line declares, if it declares one.
fn declaration(line: &str) -> Result<Option<Port>, String> {
    let (direction, rest) = if let Some(rest) = line.strip_prefix("input ") {
        (Direction::Input, rest)
    } else if let Some(rest) = line.strip_prefix("output ") {
        (Direction::Output, rest)
    } else if line.starts_with("inout ") {
        return Err(format!("bidirectional port: {line}"));
    } else {
        return Ok(None);
    };
    let unreadable = || format!("unreadable declaration: {line}");
    let rest = rest.trim_end().strip_suffix(';').ok_or_else(unreadable)?;
    let mut rest = rest.trim();
    for keyword in ["wire ", "reg ", "signed "] {
        rest = rest.strip_prefix(keyword).unwrap_or(rest).trim_start();
    }
    let (width, name) = match rest.strip_prefix('[') {
        None => (1, rest),
        Some(range) => {
            let (range, name) = range.split_once(']').ok_or_else(unreadable)?;
            let high = range.strip_suffix(":0").ok_or_else(unreadable)?;
            let high: u32 = high.trim().parse().map_err(|_| unreadable())?;
            (high.saturating_add(1), name.trim())
        }
    };
    let identifier = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    if name.is_empty() || !name.chars().all(identifier) {
        return Err(unreadable());
    }
    if width > MAX_WIDTH {
        return Err(format!("port {name} has {width} bits, at most {MAX_WIDTH} are carried"));
    }
    Ok(Some(Port { name: name.to_owned(), direction, width }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "

module card(clock,data,last$next,q);

    // Module arguments
    input wire  clock;
    input wire  [31:0] data;
    input wire  last$next;
    output reg signed [7:0] q;
    reg  [63:0] inner;
endmodule

module card$sub(x);
    output wire  x;
endmodule
";

    #[test]
    fn reads_names_directions_and_widths() {
        let ports = parse(TEXT, "card").unwrap();
        let found: Vec<_> = ports.iter().map(|p| (p.name.as_str(), p.direction, p.width)).collect();
        let (input, output) = (Direction::Input, Direction::Output);
        let wanted =
            [("clock", input, 1), ("data", input, 32), ("last$next", input, 1), ("q", output, 8)];
        assert_eq!(found, wanted);
        assert_eq!(parse(TEXT, "card$sub").unwrap().len(), 1);
    }

    #[test]
    fn refuses_what_it_cannot_carry() {
        for (old, new) in [
            ("[31:0] data", "[64:0] data"),
            ("[31:0] data", "[0:31] data"),
            ("input wire  [31:0] data;", ""),
            ("input wire  [31:0] data;", "inout wire data;"),
            ("module card(", "module board("),
            (");", ""),
        ] {
            assert!(parse(&TEXT.replacen(old, new, 1), "card").is_err(), "{old} -> {new}");
        }
    }
}
