//! Assembler of the verification engine's programs.
//!
//! A line is a label (`name:`), a directive, a macro call or an instruction; `;` begins a
//! comment.
//!
//! | directive | meaning |
//! | --- | --- |
//! | `.include file` | the lines of another file |
//! | `.scope name` | registers are allocated anew; labels below are `name.label` |
//! | `.curve name` | whose constants `#NAME` are |
//! | `.regs A B …` | one register each |
//! | `.array A n` | n neighbouring ones: `A.0`, `A.1`, …; `A[idx]` as a source |
//! | `.alias A B` | another name for register B |
//! | `.part name` | what the instructions below belong to, for counts of operations |
//! | `.macro name p q …`, `.end` | parameters are written `$p`; `%label` is another one in each call |
//!
//! | instruction | meaning |
//! | --- | --- |
//! | `mul d, a, b`; `mullo`, `mulhi` | product modulo p; its low and high half as an integer |
//! | `add d, x, y`; `sub` | x ± y modulo p; operands may be shifted: `x<<1` … `x<<3` |
//! | `mov d, x`; `neg`; `signed` | x; −x; x with the sign of the digit |
//! | `add.raw d, x, y`, … | the same without reduction, writes the flags |
//! | `test x`; `cmp x, y` | flags of x; of x − y |
//! | `naf list, mode, x` | digits of x |
//! | `invert x, m` | starts x⁻¹ modulo register m |
//! | `jmp l`, `jz`, `jnz`, `jn`, `jnn`, `jodd`, `jeven`, `jflag f, l`, `jnflag f, l` | jumps |
//! | `setpos n` (or `n-m`), `loop l`, `digit list, l`, `verdict name`, `waitinv`, `resetlists`, `curve name` | see [`super::isa::Op`] |
//!
//! Sources of x: a register, `A[idx]`, `#NAME`, `table.c` (coordinate c of a table), `in.field`,
//! `inv`, `0`. Destinations of ADD: a register, `out.x`, `out.y`.
//!
//! Waits are computed: see [`waits`].

mod parse;
mod waits;

use std::collections::HashMap;
use std::fmt;

use super::isa::{ENTRIES, Instruction, PROGRAM_WORDS, Waits};

/// What is wrong with a program, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsmError {
    /// File and line.
    pub place: String,
    /// What.
    pub what: String,
}

impl fmt::Display for AsmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

impl std::error::Error for AsmError {}

/// A program.
#[derive(Clone, Debug)]
pub struct Program {
    /// Program words, from address 0.
    pub words: Vec<u64>,
    /// Addresses of the labels.
    pub labels: HashMap<String, u16>,
    /// What each instruction belongs to.
    pub parts: Vec<String>,
}

/// An instruction with what the waits depend on.
struct Line {
    instruction: Instruction,
    /// Label that it jumps to, and where that is said.
    target: Option<(String, String)>,
    part: String,
    /// Registers of the array from which an indexed source takes one.
    indexed: (u8, u8),
}

/// Program that begins with jumps to the labels [`ENTRIES`] and then has the lines of `main`, one
/// of the named `files`.
///
/// # Errors
///
/// [`AsmError`].
pub fn assemble(files: &[(&str, &str)], main: &str) -> Result<Program, AsmError> {
    let mut parser = parse::Parser::new(files);
    for entry in ENTRIES {
        parser.line(&format!("jmp {entry}"), "entry")?;
    }
    parser.file(main, main)?;
    let (mut lines, labels) = parser.finish();
    for line in &mut lines {
        let Some((label, place)) = &line.target else { continue };
        let Some(&address) = labels.get(label) else {
            return Err(AsmError { place: place.clone(), what: format!("no label {label}") });
        };
        if let Instruction::Control { target, .. } = &mut line.instruction {
            *target = address;
        }
    }
    if lines.len() > PROGRAM_WORDS {
        let what = format!("{} instructions, more than {PROGRAM_WORDS}", lines.len());
        return Err(AsmError { place: main.into(), what });
    }
    let waits = waits::waits(&lines);
    Ok(Program {
        words: lines.iter().zip(waits).map(|(line, w)| line.instruction.encode(w)).collect(),
        labels,
        parts: lines.into_iter().map(|line| line.part).collect(),
    })
}

impl Program {
    /// Listing of the word at `address`: labels, waits, mnemonic.
    pub fn listing(&self, address: u16) -> String {
        let Some(&word) = self.words.get(usize::from(address)) else {
            return format!("{address:4}  (none)");
        };
        let Some((instruction, waits)) = Instruction::decode(word) else {
            return format!("{address:4}  {word:09x}");
        };
        let mut names: Vec<_> = self
            .labels
            .iter()
            .filter(|&(_, &a)| a == address)
            .map(|(name, _)| name.as_str())
            .collect();
        names.sort_unstable();
        let label = names.first().map_or(String::new(), |name| format!("{name}: "));
        let Waits { mul, add } = waits;
        format!("{address:4}  [{mul}{add}] {label}{instruction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(text: &str) -> Result<Program, AsmError> {
        let entries = ENTRIES.map(|entry| format!("{entry}:\n")).concat();
        assemble(&[("main", &(entries + text))], "main")
    }

    fn listing(text: &str) -> Vec<String> {
        let program = program(text).expect("a program");
        (5..program.words.len())
            .map(|address| program.listing(address as u16)[6..].to_string())
            .collect()
    }

    #[test]
    fn waits_follow_dependences() {
        let lines = listing(
            ".regs A B C D\nmul A, B, B\nmul C, B, B\nmul D, A, C\nadd B, A<<1, C\n mov C, B\nverdict valid",
        );
        let waits: Vec<_> = lines.iter().map(|l| &l[..4]).collect();
        // D needs C, made by the product just before it; A is complete then; B = 2A + C as well.
        // C is overwritten with B, once D has read it.
        assert_eq!(waits, ["[33]", "[33]", "[03]", "[33]", "[00]", "[00]"], "{lines:?}");
    }

    #[test]
    fn a_loop_waits_for_what_its_end_leaves() {
        let lines = listing(
            ".regs A B\nsetpos 3\nback:\nmul B, A, A\nmul A, A, A\nloop back\nverdict valid",
        );
        assert!(lines[1].starts_with("[03]"), "{lines:?}");
        // B is written again while its product may be outstanding: products keep their order.
        assert!(lines[2].starts_with("[33]"), "{lines:?}");
    }

    #[test]
    fn macros_have_their_own_labels() {
        let lines = listing(
            ".regs A B\n.macro twice x\ntest $x\njz %skip\nadd $x, $x, $x\n%skip:\n.end\ntwice A\ntwice B\nverdict valid",
        );
        assert!(lines[1].contains("jz 8"), "{lines:?}");
        assert!(lines[4].contains("jz 11"), "{lines:?}");
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        for (text, what) in [
            ("mul A, B, C", "no register A"),
            ("jmp nowhere", "no label .nowhere"),
            ("frobnicate", "unknown"),
            (".regs A\nadd A, A<<4, A", "shift"),
            (".regs A\nmov A, #NONE", "no constant"),
            (".include none", "no file"),
        ] {
            let error = program(text).expect_err(text);
            assert!(error.what.contains(what), "{error}");
            assert!(error.place.starts_with("main:"), "{error}");
        }
    }
}
