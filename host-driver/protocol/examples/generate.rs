//! Writes the generated files: `cargo run -p chaincard-protocol --features generate --example generate -- ROOT`.

fn main() -> std::io::Result<()> {
    let root = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    for (path, text) in chaincard_protocol::generate::files() {
        let path = std::path::Path::new(&root).join(path);
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(())
}
