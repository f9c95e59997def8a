//! Files that are generated from declarations elsewhere, and the tables in documents.

use std::fmt::Write;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{TaskError, read, write};
use crate::{bitstream, engine, figures, msm, project};

/// A generated file.
pub(crate) struct Generated {
    /// Path relative to the root.
    pub path: String,
    /// What it must hold.
    pub contents: String,
}

/// Around a generated table in a document; the name of the table follows.
const BEGIN: &str = "<!-- begin generated: ";
const END: &str = "<!-- end generated -->";

/// Digests of the Verilog, which is not committed itself.
const RTL_DIGESTS: &str = "hdl/rtl.sha256";

/// Every generated file with what it must hold.
pub(crate) fn files() -> Result<Vec<Generated>, TaskError> {
    let mut files = Vec::new();
    for (path, contents) in chaincard_protocol::generate::files() {
        files.push(Generated { path: path.to_owned(), contents });
    }
    files.push(c_header("host-driver/capi", "chaincard.h")?);
    files.push(c_header("host-driver/adapters/gmt0018", "sdf.h")?);
    files.push(rtl_digests());
    files.extend(documents()?);
    Ok(files)
}

/// Fails unless all of `files` are up to date; names those that are not.
pub(crate) fn check(files: &[Generated]) -> Result<(), TaskError> {
    let root = project::root();
    let outdated = files.iter().filter(|file| {
        let current = std::fs::read_to_string(root.join(&file.path)).ok();
        let differs = current.as_deref() != Some(&file.contents);
        if differs {
            println!("{}: {}", file.path, first_difference(current.as_deref(), &file.contents));
        }
        differs
    });
    match outdated.count() {
        0 => Ok(()),
        count => Err(TaskError::Outdated { count, command: "cargo xtask generate" }),
    }
}

/// Writes those that are not up to date.
pub(crate) fn write_all(files: &[Generated]) -> Result<(), TaskError> {
    for file in files {
        let path = project::root().join(&file.path);
        if std::fs::read_to_string(&path).ok().as_deref() != Some(&file.contents) {
            write(&path, &file.contents)?;
            println!("wrote {}", file.path);
        }
    }
    Ok(())
}

fn first_difference(current: Option<&str>, wanted: &str) -> String {
    let Some(current) = current else { return "is missing".to_owned() };
    let same = current.lines().zip(wanted.lines()).take_while(|(a, b)| a == b).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(end of file)").to_owned();
    format!("line {} is\n  {}\nand must be\n  {}", same + 1, line(current), line(wanted))
}

/// The C header of a crate, by cbindgen.
fn c_header(folder: &str, header: &str) -> Result<Generated, TaskError> {
    let path = project::root().join(folder);
    let config = cbindgen::Config::from_file(path.join("cbindgen.toml"))
        .map_err(TaskError::unreadable(&format!("{folder}/cbindgen.toml")))?;
    let bindings = cbindgen::Builder::new()
        .with_crate(&path)
        .with_config(config)
        .generate()
        .map_err(TaskError::unreadable(folder))?;
    let mut text = Vec::new();
    bindings.write(&mut text);
    let contents = String::from_utf8(text).map_err(TaskError::unreadable("the C header"))?;
    Ok(Generated { path: format!("{folder}/include/{header}"), contents })
}

/// SHA-256 of each design's Verilog, in the format of `sha256sum`.
fn rtl_digests() -> Generated {
    let mut contents = String::new();
    let designs = chaincard_hdl::designs().iter().map(|design| (design.name, design.verilog));
    let primitives = chaincard_hdl::prim::designs::primitives();
    let primitives = primitives.iter().map(|primitive| (primitive.name, primitive.verilog));
    for (name, verilog) in designs.chain(primitives) {
        let digest = hex(&Sha256::digest(verilog().as_bytes()));
        let _ = writeln!(contents, "{digest}  {name}.v");
    }
    Generated { path: RTL_DIGESTS.to_owned(), contents }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Documents with generated tables: any Markdown file at the root, in `docs` or in `bitstreams`
/// that has the marks.
fn documents() -> Result<Vec<Generated>, TaskError> {
    let root = project::root();
    let mut paths = Vec::new();
    for folder in [root.clone(), root.join("bitstreams"), root.join("docs")] {
        let entries = std::fs::read_dir(&folder).map_err(TaskError::at(&folder))?;
        paths.extend(entries.flatten().map(|entry| entry.path()));
    }
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    paths.sort();
    let mut documents = Vec::new();
    for path in paths {
        let text = read(&path)?;
        if text.contains(BEGIN) {
            let relative = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
            documents.push(Generated { contents: fill(&text, &path)?, path: relative });
        }
    }
    Ok(documents)
}

/// `text` with the tables between its marks written anew.
fn fill(text: &str, path: &Path) -> Result<String, TaskError> {
    let unreadable = |reason: &str| TaskError::Unreadable {
        what: path.display().to_string(),
        reason: reason.to_owned(),
    };
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (name, after) =
            after.split_once(" -->").ok_or_else(|| unreadable("mark without an end"))?;
        let (_, after) = after.split_once(END).ok_or_else(|| unreadable("table without an end"))?;
        let table = match name {
            "figures" => figures::markdown(&figures::recorded()?),
            "engine" => engine::recorded()?.map_or(String::new(), |it| engine::markdown(&it)),
            "msm" => msm::markdown(&msm::recorded()?),
            "images" => bitstream::markdown(engine::recorded()?.and_then(|it| it.secp256k1()))?,
            _ => return Err(unreadable(&format!("no table {name:?}"))),
        };
        let _ = write!(filled, "{before}{BEGIN}{name} -->\n{table}{END}");
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_written_between_their_marks_only() {
        let path = Path::new("x.md");
        let text = format!("a\n{BEGIN}figures -->\nold\n{END}\nb\n");
        let filled = fill(&text, path).expect("fills");
        assert!(filled.starts_with("a\n") && filled.ends_with(&format!("{END}\nb\n")));
        assert!(!filled.contains("old"));
        assert_eq!(fill(&filled, path).expect("fills"), filled);
        assert!(fill(&format!("{BEGIN}figures -->\n"), path).is_err());
        assert!(fill(&format!("{BEGIN}no-such -->\n{END}"), path).is_err());
    }

    #[test]
    fn the_first_difference_is_named() {
        assert_eq!(first_difference(None, "a"), "is missing");
        assert!(first_difference(Some("a\nb"), "a\nc").contains("line 2"));
    }
}
