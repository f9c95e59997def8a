//! Builds the program in `tests/c` with the system's C compiler against the shared and the static
//! library, and runs it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Where cargo put the libraries: beside this test.
fn libraries() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().to_owned()
}

fn build_and_run(name: &str, link: &[String]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = tempfile::tempdir().unwrap();
    let program = out.path().join(name);
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let compiled = Command::new(&compiler)
        .args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-pthread", "-I"])
        .arg(folder.join("include"))
        .arg(folder.join("tests/c/test.c"))
        .arg(folder.join("tests/c/signatures.c"))
        .arg(folder.join("tests/c/msm.c"))
        .arg("-o")
        .arg(&program)
        .args(link)
        .output()
        .unwrap_or_else(|error| panic!("no C compiler {compiler}: {error}"));
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let run = Command::new(&program).output().unwrap();
    let text = String::from_utf8_lossy(&run.stdout);
    println!("{text}{}", String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success());
    assert!(text.ends_with("0 failed\n"), "{text}");
}

#[test]
fn with_the_shared_library() {
    let libraries = libraries();
    let folder = libraries.display();
    let library = libraries.join("libchaincard_c.so");
    build_and_run("shared", &[library.display().to_string(), format!("-Wl,-rpath,{folder}")]);
}

#[test]
fn with_the_static_library() {
    let library = libraries().join("libchaincard_c.a").display().to_string();
    build_and_run("static", &[library, "-ldl".to_owned(), "-lm".to_owned()]);
}
