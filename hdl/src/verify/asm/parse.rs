//! Lines to instructions.

use std::collections::HashMap;

use chaincard_protocol::verify::Verdict;

use super::{AsmError, Line};
use crate::field::{Func, Kind};
use crate::verify::isa::{
    Add, Destination, FLAGS, INPUTS, Instruction, NAF_MODES, Op, REGISTERS, Source,
};
use crate::verify::tables;

/// Calls inside calls, and files inside files.
const MAX_DEPTH: usize = 16;

struct Macro {
    parameters: Vec<String>,
    lines: Vec<(String, String)>,
}

pub(super) struct Parser<'a> {
    files: &'a [(&'a str, &'a str)],
    lines: Vec<Line>,
    labels: HashMap<String, u16>,
    macros: HashMap<String, Macro>,
    defining: Option<(String, Macro)>,
    scope: String,
    /// First register and how many.
    registers: HashMap<String, (u8, u8)>,
    next_register: usize,
    curve: usize,
    part: String,
    calls: usize,
    depth: usize,
}

/// An operand of an ADD.
struct Operand {
    source: Source,
    x: u8,
    /// Coordinate of a table.
    y: Option<u8>,
    shift: u8,
    indexed: (u8, u8),
}

impl<'a> Parser<'a> {
    pub(super) fn new(files: &'a [(&'a str, &'a str)]) -> Self {
        Self {
            files,
            lines: Vec::new(),
            labels: HashMap::new(),
            macros: HashMap::new(),
            defining: None,
            scope: String::new(),
            registers: HashMap::new(),
            next_register: 0,
            curve: 0,
            part: "entry".into(),
            calls: 0,
            depth: 0,
        }
    }

    pub(super) fn finish(self) -> (Vec<Line>, HashMap<String, u16>) {
        (self.lines, self.labels)
    }

    pub(super) fn file(&mut self, name: &str, place: &str) -> Result<(), AsmError> {
        let Some((_, text)) = self.files.iter().find(|(known, _)| *known == name) else {
            return Err(AsmError { place: place.into(), what: format!("no file {name}") });
        };
        self.deeper(place)?;
        for (number, line) in text.lines().enumerate() {
            self.line(line, &format!("{name}:{}", number + 1))?;
        }
        self.depth -= 1;
        Ok(())
    }

    fn deeper(&mut self, place: &str) -> Result<(), AsmError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(AsmError { place: place.into(), what: "endless nesting".into() });
        }
        Ok(())
    }

    pub(super) fn line(&mut self, line: &str, place: &str) -> Result<(), AsmError> {
        let line = line.split(';').next().unwrap_or("").trim();
        if let Some((name, mut definition)) = self.defining.take() {
            if line == ".end" {
                self.macros.insert(name, definition);
            } else {
                definition.lines.push((line.into(), place.into()));
                self.defining = Some((name, definition));
            }
            return Ok(());
        }
        if line.is_empty() {
            return Ok(());
        }
        if let Some(label) = line.strip_suffix(':') {
            let label = self.label(label);
            let address = self.lines.len() as u16;
            if self.labels.insert(label.clone(), address).is_some() {
                return Err(AsmError { place: place.into(), what: format!("second {label}") });
            }
            return Ok(());
        }
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let operands: Vec<&str> =
            rest.split([',', ' ']).map(str::trim).filter(|operand| !operand.is_empty()).collect();
        if self.macros.contains_key(word) {
            return self.call(word, &operands, place);
        }
        let result = if word.starts_with('.') {
            self.directive(word, &operands, place)
        } else {
            self.instruction(word, &operands, place)
        };
        result
            .map_err(|what| AsmError { place: place.into(), what })
            .and_then(|file| file.map_or(Ok(()), |file| self.file(&file, place)))
    }

    /// Labels of entry points stand as they are, others belong to their scope.
    fn label(&self, label: &str) -> String {
        if crate::verify::isa::ENTRIES.contains(&label) || label.contains('.') {
            label.into()
        } else {
            format!("{}.{label}", self.scope)
        }
    }

    fn call(&mut self, name: &str, arguments: &[&str], place: &str) -> Result<(), AsmError> {
        self.deeper(place)?;
        self.calls += 1;
        let definition = &self.macros[name];
        if definition.parameters.len() != arguments.len() {
            let what = format!("{name} takes {} arguments", definition.parameters.len());
            return Err(AsmError { place: place.into(), what });
        }
        // Longer names first, so that none is taken for the beginning of another.
        let mut values: Vec<_> = definition.parameters.iter().zip(arguments).collect();
        values.sort_by_key(|(name, _)| usize::MAX - name.len());
        let unique = format!("{name}{}_", self.calls);
        let lines: Vec<_> = definition
            .lines
            .iter()
            .map(|(line, at)| {
                let mut line = line.replace('%', &unique);
                for (name, value) in &values {
                    line = line.replace(&format!("${name}"), value);
                }
                (line, format!("{place}, {at}"))
            })
            .collect();
        for (line, place) in lines {
            self.line(&line, &place)?;
        }
        self.depth -= 1;
        Ok(())
    }

    /// A file to include, if that is what the directive says.
    fn directive(
        &mut self,
        word: &str,
        operands: &[&str],
        _: &str,
    ) -> Result<Option<String>, String> {
        match (word, operands) {
            (".include", [file]) => return Ok(Some((*file).into())),
            (".scope", [name]) => {
                self.scope = (*name).into();
                self.registers.clear();
                self.next_register = 0;
            }
            (".curve", [name]) => self.curve = curve(name)?,
            (".part", [name]) => self.part = (*name).into(),
            (".regs", names) => {
                for name in names {
                    self.allocate(name, 1)?;
                }
            }
            (".alias", [name, of]) => {
                let register = self.register(of)?;
                if self.registers.insert((*name).into(), (register, 1)).is_some() {
                    return Err(format!("second {name}"));
                }
            }
            (".array", [name, size]) => {
                let size: u8 = size.parse().map_err(|_| format!("no size: {size}"))?;
                self.allocate(name, size)?;
            }
            (".macro", [name, parameters @ ..]) => {
                let parameters = parameters.iter().map(|p| (*p).to_string()).collect();
                self.defining = Some(((*name).into(), Macro { parameters, lines: Vec::new() }));
            }
            _ => return Err(format!("unknown directive {word}")),
        }
        Ok(None)
    }

    fn allocate(&mut self, name: &str, size: u8) -> Result<(), String> {
        let first = self.next_register;
        self.next_register += usize::from(size);
        if self.next_register > REGISTERS {
            return Err(format!("no register left for {name}"));
        }
        if self.registers.insert(name.into(), (first as u8, size)).is_some() {
            return Err(format!("second {name}"));
        }
        Ok(())
    }

    fn register(&self, name: &str) -> Result<u8, String> {
        if let Some(&(first, _)) = self.registers.get(name) {
            return Ok(first);
        }
        name.split_once('.')
            .and_then(|(array, index)| {
                let &(first, size) = self.registers.get(array)?;
                let index: u8 = index.parse().ok()?;
                (index < size).then_some(first + index)
            })
            .ok_or_else(|| format!("no register {name}"))
    }

    fn operand(&self, text: &str) -> Result<Operand, String> {
        let (text, shift) = match text.split_once("<<") {
            None => (text, 0),
            Some((text, shift)) => (text, shift.parse().map_err(|_| format!("no shift: {shift}"))?),
        };
        if shift > 3 {
            return Err(format!("shift {shift} is above 3"));
        }
        let mut operand =
            Operand { source: Source::Register, x: 0, y: None, shift, indexed: (0, 0) };
        if let Some(array) = text.strip_suffix("[idx]") {
            operand.indexed =
                *self.registers.get(array).ok_or_else(|| format!("no array {array}"))?;
            (operand.source, operand.x) = (Source::Indexed, operand.indexed.0);
        } else if let Some(name) = text.strip_prefix('#') {
            let index = tables::constant_index(self.curve, name)
                .ok_or_else(|| format!("no constant {name}"))?;
            (operand.source, operand.x) = (Source::Constant, index);
        } else if let Some(name) = text.strip_prefix("in.") {
            (operand.source, operand.x) = (Source::Input, position(&INPUTS, name)?);
        } else if text == "inv" {
            operand.source = Source::Inverse;
        } else if text == "0" {
            operand.source = Source::Zero;
        } else if let Some((table, coordinate)) =
            text.split_once('.').filter(|(table, _)| tables::TABLES.contains(table))
        {
            (operand.source, operand.x) = (Source::Table, position(&tables::TABLES, table)?);
            operand.y =
                Some(coordinate.parse().map_err(|_| format!("no coordinate {coordinate}"))?);
        } else {
            operand.x = self.register(text)?;
        }
        Ok(operand)
    }

    fn destination(&self, text: &str) -> Result<Destination, String> {
        Ok(match text {
            "out.x" => Destination::Output(0),
            "out.y" => Destination::Output(1),
            "flags" => Destination::Flags,
            name => Destination::Register(self.register(name)?),
        })
    }

    fn push(&mut self, instruction: Instruction, indexed: (u8, u8)) {
        self.lines.push(Line { instruction, target: None, part: self.part.clone(), indexed });
    }

    fn combination(
        &mut self,
        destination: Destination,
        func: Func,
        fold: bool,
        x: &str,
        y: Option<&str>,
    ) -> Result<(), String> {
        let x = self.operand(x)?;
        let (mut y_field, mut sy) = (x.y.unwrap_or(0), 0);
        if let Some(y) = y {
            let y = self.operand(y)?;
            if y.source != Source::Register || x.y.is_some() {
                return Err("y must be a register, and x no table".into());
            }
            (y_field, sy) = (y.x, y.shift);
        }
        let add =
            Add { destination, source: x.source, x: x.x, y: y_field, sx: x.shift, sy, func, fold };
        self.push(Instruction::Add(add), x.indexed);
        Ok(())
    }

    fn instruction(
        &mut self,
        word: &str,
        operands: &[&str],
        place: &str,
    ) -> Result<Option<String>, String> {
        let (name, fold) = match word.strip_suffix(".raw") {
            Some(name) => (name, false),
            None => (word, true),
        };
        let product = |kind| {
            let [d, a, b] = operands else { return Err("three registers are wanted".to_string()) };
            let (d, a, b) = (self.register(d)?, self.register(a)?, self.register(b)?);
            Ok(Instruction::Mul { d, a, b, kind })
        };
        match (name, operands) {
            ("mul" | "mullo" | "mulhi", _) => {
                let instruction = product(match name {
                    "mul" => Kind::Field,
                    "mullo" => Kind::Low,
                    _ => Kind::High,
                })?;
                self.push(instruction, (0, 0));
            }
            ("add" | "sub", [d, x, y]) => {
                let func = if name == "add" { Func::Sum } else { Func::Difference };
                self.combination(self.destination(d)?, func, fold, x, Some(y))?;
            }
            ("mov" | "neg" | "signed", [d, x]) => {
                let func = match name {
                    "mov" => Func::Copy,
                    "neg" => Func::Negative,
                    _ => Func::Signed,
                };
                self.combination(self.destination(d)?, func, fold, x, None)?;
            }
            ("test", [x]) => self.combination(Destination::Flags, Func::Copy, false, x, None)?,
            ("cmp", [x, y]) => {
                self.combination(Destination::Flags, Func::Difference, false, x, Some(y))?;
            }
            ("naf", [list, mode, x]) => {
                let list = list.parse().ok().filter(|&list| list < 4).ok_or("no such list")?;
                let y = position(&NAF_MODES, mode)?;
                let x = self.operand(x)?;
                self.special(Destination::Naf(list), x, y);
            }
            ("invert", [x, m]) => {
                let (x, m) = (self.operand(x)?, self.register(m)?);
                self.special(Destination::Inverse, x, m);
            }
            _ => self.control(word, operands, place)?,
        }
        Ok(None)
    }

    fn special(&mut self, destination: Destination, x: Operand, y: u8) {
        let (source, sx) = (x.source, x.shift);
        // Folding writes no flags; the units take x itself.
        let add = Add { destination, source, x: x.x, y, sx, sy: 0, func: Func::Copy, fold: true };
        self.push(Instruction::Add(add), x.indexed);
    }

    fn control(&mut self, word: &str, operands: &[&str], place: &str) -> Result<(), String> {
        let op = Op::ALL
            .into_iter()
            .find(|op| op.mnemonic() == word)
            .ok_or_else(|| format!("unknown instruction {word} with these operands"))?;
        let number = |text: &str, below: u16| {
            let (n, less) = text.split_once('-').unwrap_or((text, "0"));
            let n: Option<u16> = n.parse().ok();
            n.zip(less.parse().ok())
                .and_then(|(n, less)| n.checked_sub(less))
                .filter(|&n| n < below)
                .ok_or(format!("no such number: {text}"))
        };
        let (mut target, mut argument, mut label) = (0, 0, None);
        match (op, operands) {
            (Op::JumpFlag | Op::JumpNotFlag, [flag, to]) => {
                argument = position(&FLAGS, flag)?;
                label = Some(*to);
            }
            (Op::Digit, [list, to]) => {
                argument = number(list, 4)? as u8;
                label = Some(*to);
            }
            (Op::SetPosition, [n]) => target = number(n, 512)?,
            (Op::Curve, [name]) => argument = curve(name)? as u8,
            (Op::Verdict, [name]) => target = verdict(name)?.into(),
            (Op::WaitInverse | Op::ResetLists, []) => {}
            (op, [to]) if op.jumps() => label = Some(*to),
            _ => return Err(format!("unknown operands of {word}")),
        }
        let target_label = label.map(|label| (self.label(label), place.to_string()));
        self.push(Instruction::Control { op, target, argument }, (0, 0));
        if let Some(line) = self.lines.last_mut() {
            line.target = target_label;
        }
        Ok(())
    }
}

fn position(names: &[&str], name: &str) -> Result<u8, String> {
    names.iter().position(|known| *known == name).map(|i| i as u8).ok_or(format!("unknown {name}"))
}

fn curve(name: &str) -> Result<usize, String> {
    position(&tables::CURVES, name).map(usize::from)
}

fn verdict(name: &str) -> Result<u8, String> {
    Ok(match name {
        "valid" => Verdict::Valid,
        "invalid" => Verdict::Invalid,
        "high_s" => Verdict::HighS,
        "small_order" => Verdict::SmallOrder,
        "range_r" => Verdict::RangeR,
        "range_s" => Verdict::RangeS,
        "range_t" => Verdict::RangeT,
        "key_range" => Verdict::KeyRange,
        "key_not_on_curve" => Verdict::KeyNotOnCurve,
        _ => return Err(format!("unknown verdict {name}")),
    } as u8)
}
