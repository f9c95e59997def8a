//! Writes the Verilog of every primitive: `cargo run -p chaincard-hdl --example primitives -- DIR`.

use chaincard_hdl::prim::designs::primitives;

fn main() -> std::io::Result<()> {
    let directory = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    std::fs::create_dir_all(&directory)?;
    for primitive in primitives() {
        let path = std::path::Path::new(&directory).join(format!("{}.v", primitive.name));
        std::fs::write(path, (primitive.verilog)())?;
    }
    Ok(())
}
