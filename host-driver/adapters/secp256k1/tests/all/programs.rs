//! A C program that uses libsecp256k1 gets the same from this library.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::common::{compiler, library, logged, real, run, succeeded};

/// Calls every function that is done here, and many that are not.
const NODE: &str = "tests/c/node.c";

/// Ways to link a program: data of a library are used in place, or copied into the program.
pub(crate) const CODE: [&[&str]; 2] = [&["-fPIE", "-pie"], &["-fno-pie", "-no-pie"]];

/// Illegal arguments that end the program, by its own names.
const ENDS: [&str; 5] = ["parse", "static", "flags", "set", "destroy"];

/// A program, built twice.
pub(crate) struct Programs {
    folder: tempfile::TempDir,
    /// Linked with the real library.
    real: PathBuf,
    /// Linked with this one.
    pub(crate) ours: PathBuf,
}

impl Programs {
    pub(crate) fn build(source: &str, code: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let link = |name: &str, library: &Path| {
            let program = folder.path().join(name);
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(source);
            let rpath = format!("-Wl,-rpath,{}", library.parent().unwrap().display());
            run(Command::new(compiler())
                .args(["-std=c11", "-g", "-O1", "-Wall", "-Wextra", "-Werror", "-pthread"])
                .args(["-Wno-deprecated-declarations"])
                .args(code)
                .arg(source)
                .arg("-o")
                .arg(&program)
                .arg(library)
                .arg(rpath));
            program
        };
        let (real, ours) = (link("real", &real()), link("ours", &library()));
        Self { folder, real, ours }
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// The program as it is, with this library loaded ahead of the real one, and linked with this one.
    fn run(&self, arguments: &[&str]) -> [Output; 3] {
        let run = |program: &Path, preload: Option<PathBuf>| {
            let mut command = Command::new(program);
            command.args(arguments).env_remove("CHAINCARD_DEVICES");
            command.env("CHAINCARD_SECP256K1_LOG", self.log());
            if let Some(library) = preload {
                command.env("LD_PRELOAD", library);
            }
            command.output().unwrap()
        };
        [run(&self.real, None), run(&self.real, Some(library())), run(&self.ours, None)]
    }
}

#[test]
fn a_program_gets_the_same() {
    for code in CODE {
        let programs = Programs::build(NODE, code);
        let [real, preloaded, linked] = programs.run(&[]).map(|output| succeeded(&output));
        assert!(real.ends_with("done\n"), "{real}");
        assert!(real.contains("secp256k1_ecdsa_verify(ctx, &copied, msg, &copy): 1"), "{real}");
        for found in [preloaded, linked] {
            for (found, expected) in found.lines().zip(real.lines()) {
                assert_eq!(found, expected);
            }
            assert_eq!(found.len(), real.len());
        }
        let log = std::fs::read_to_string(programs.log()).unwrap();
        assert_eq!(log.matches("device: cpu").count(), 2, "{log}");
        assert_eq!(log.matches("real library: ").count(), 2, "{log}");
        let counts = logged(&programs.log());
        assert!(counts[0] > 10 && counts[1] > 1 && counts[2] > 20, "{log}");
    }
}

#[test]
fn illegal_arguments_end_a_program_in_the_same_way() {
    let programs = Programs::build(NODE, CODE[0]);
    for how in ENDS {
        let [real, preloaded, linked] = programs.run(&[how]);
        assert!(!real.status.success() && !real.stderr.is_empty(), "{how}");
        for found in [preloaded, linked] {
            assert_eq!(found, real, "{how}");
        }
    }
}

/// Without the real library signatures are verified all the same, and what is not done fails with a
/// message.
#[test]
fn a_program_without_the_real_library_verifies() {
    let programs = Programs::build(NODE, CODE[0]);
    let run = |program: &Path, library: &str| {
        let variable = "CHAINCARD_SECP256K1_LIBRARY";
        Command::new(program).arg("alone").env(variable, library).output().unwrap()
    };
    let (real, own) = (run(&programs.real, ""), library().display().to_string());
    let missing = "cannot load the real library /no/such.so";
    for (name, reason) in
        [("/no/such.so", missing), (own.as_str(), "libchaincard_secp256k1 itself")]
    {
        let found = run(&programs.ours, name);
        let stderr = String::from_utf8_lossy(&found.stderr).into_owned();
        let expected = succeeded(&real)
            .replace("seckey_verify(ctx, bytes): 1", "seckey_verify(ctx, bytes): 0");
        assert_eq!(succeeded(&found), expected);
        assert!(stderr.contains(reason), "{stderr}");
        assert!(stderr.contains("secp256k1_ec_seckey_verify is the real library's"), "{stderr}");
        assert_eq!(stderr.lines().count(), 2, "{stderr}");
    }
}

/// The README's example, whose threads share a context.
#[test]
fn threads_verify() {
    let programs = Programs::build("examples/verify.c", CODE[0]);
    for output in programs.run(&["8", "50"]) {
        let text = succeeded(&output);
        assert!(
            text.starts_with("8 threads, 50 signatures each") && text.ends_with("\n0 wrong\n"),
            "{text}"
        );
    }
    // Those of the threads, and each one once before.
    assert_eq!(logged(&programs.log()), [8 * 25 + 64, 8 * 25, 0, 0]);
}
