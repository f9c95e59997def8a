//! A register in front of every input and behind every output of a core.
//!
//! Place and route reports the paths between registers only. With the core's ports on pins,
//! the logic between a port and the first register would not count; behind the harness it
//! does. The harness adds registers and no logic, and the figures leave its registers out.

use crate::error::TaskError;

/// Name of the harness's module.
pub(crate) const TOP: &str = "harness";

/// A core in its harness.
#[derive(Debug)]
pub(crate) struct Harness {
    /// Verilog of both.
    pub verilog: String,
    /// Flip-flops of the harness.
    pub registers: u64,
}

#[derive(Debug, PartialEq, Eq)]
struct Port<'a> {
    name: &'a str,
    input: bool,
    width: u64,
}

/// Puts the module `top`, whose clock is the port `clock`, into a harness.
///
/// # Errors
/// [`TaskError::Unreadable`] when the ports are not written as RustHDL does.
pub(crate) fn around(verilog: &str, top: &str) -> Result<Harness, TaskError> {
    let ports = ports(verilog, top)
        .ok_or_else(|| unreadable(top, "its ports are not as RustHDL writes them"))?;
    if !ports.iter().any(|port| port.name == "clock" && port.input) {
        return Err(unreadable(top, "no port clock"));
    }
    let (mut declarations, mut moves, mut connections) = (Vec::new(), String::new(), Vec::new());
    let mut registers = 0;
    for Port { name, input, width } in &ports {
        let range = format!("[{}:0]", width - 1);
        if *name == "clock" {
            declarations.push("input wire clock".to_owned());
            connections.push(".clock(clock)".to_owned());
            continue;
        }
        registers += width;
        connections.push(format!(".{name}(core_{name})"));
        if *input {
            declarations.push(format!("input wire {range} {name}"));
            moves += &format!("  reg {range} core_{name};\n");
            moves += &format!("  always @(posedge clock) core_{name} <= {name};\n");
        } else {
            declarations.push(format!("output reg {range} {name}"));
            moves += &format!("  wire {range} core_{name};\n");
            moves += &format!("  always @(posedge clock) {name} <= core_{name};\n");
        }
    }
    let verilog = format!(
        "{verilog}\nmodule {TOP}({});\n{moves}  {top} core({});\nendmodule\n",
        declarations.join(", "),
        connections.join(", ")
    );
    Ok(Harness { verilog, registers })
}

fn unreadable(top: &str, reason: &str) -> TaskError {
    TaskError::Unreadable { what: format!("Verilog of {top}"), reason: reason.to_owned() }
}

/// The ports of a module: a list of names, then a declaration of each on a line of its own.
fn ports<'a>(verilog: &'a str, top: &str) -> Option<Vec<Port<'a>>> {
    let (_, module) = verilog.split_once(&format!("module {top}("))?;
    let (names, body) = module.split_once(");")?;
    let (body, _) = body.split_once("endmodule")?;
    let mut ports = Vec::new();
    for line in body.lines() {
        let mut words = line.trim().trim_end_matches(';').split_whitespace();
        let input = match words.next() {
            Some("input") => true,
            Some("output") => false,
            _ => continue,
        };
        let words: Vec<&str> = words.filter(|word| !matches!(*word, "wire" | "reg")).collect();
        let (range, name) = match words.as_slice() {
            [name] => ("[0:0]", *name),
            [range, name] => (*range, *name),
            _ => return None,
        };
        let high = range.strip_prefix('[')?.strip_suffix(":0]")?;
        ports.push(Port { name, input, width: high.parse::<u64>().ok()? + 1 });
    }
    (ports.len() == names.split(',').count()).then_some(ports)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORE: &str = "module core(clock,in_data,out_valid);\n\
        \n  // Module arguments\n  input wire clock;\n  input wire [31:0] in_data;\n\
        \n  output reg out_valid;\n  always @(*) out_valid = in_data[0];\nendmodule\n";

    #[test]
    fn every_port_but_the_clock_gets_a_register() {
        let harness = around(CORE, "core").expect("harness");
        assert_eq!(harness.registers, 33);
        assert!(harness.verilog.contains("core core(.clock(clock), .in_data(core_in_data)"));
        assert!(harness.verilog.contains("output reg [0:0] out_valid"));
    }

    #[test]
    fn other_text_is_refused() {
        assert!(around("module core(a);\nendmodule", "core").is_err());
        assert!(around(CORE, "other").is_err());
        assert!(around(&CORE.replace("clock", "clk"), "core").is_err());
    }
}
