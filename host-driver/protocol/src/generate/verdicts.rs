//! Verdicts and rules for the Python package.

use core::fmt::Write;
use std::string::String;
use std::vec::Vec;

use super::{ORIGIN, upper_case};
use crate::verify::{Hashing, Profile, Scheme, Status, Verdict};

/// Module for Python 3: names of schemes, profiles and hashings, and the verdicts.
pub fn python_verdicts() -> String {
    let mut text = std::format!(
        "\"\"\"Verdicts on signatures, and the names of what they are judged by.\n\n{ORIGIN}\n\"\"\"\n\n\
         from enum import IntEnum\n"
    );
    let schemes: Vec<_> = Scheme::ALL.iter().map(|scheme| quoted(scheme.name())).collect();
    let hashings: Vec<_> = Hashing::ALL.iter().map(|hashing| quoted(hashing.name())).collect();
    let _ = write!(text, "\n#: Signature schemes.\nSCHEMES = ({})\n", schemes.join(", "));
    text.push_str("\n#: Profiles of each scheme.\n");
    text.push_str("PROFILES = {\n");
    for scheme in Scheme::ALL {
        let of_scheme = Profile::ALL.into_iter().filter(|profile| profile.scheme() == scheme);
        let _ = writeln!(text, "    {}: (", quoted(scheme.name()));
        for profile in of_scheme {
            let _ = writeln!(text, "        {},", quoted(profile.name()));
        }
        text.push_str("    ),\n");
    }
    text.push_str("}\n\n#: What stands before the signed number.\n");
    let _ = writeln!(text, "HASHINGS = ({})", hashings.join(", "));
    text.push_str(
        "\n\nclass Verdict(IntEnum):\n    \"\"\"Verdict on one signature: 1 is valid, nothing else is.\"\"\"\n\n",
    );
    for verdict in Verdict::ALL {
        let _ = writeln!(text, "    #: {}", verdict.description());
        let _ = writeln!(text, "    {} = {}", upper_case(verdict.symbol()), verdict.code());
    }
    let malformed: Vec<_> = Verdict::ALL
        .into_iter()
        .filter(|verdict| verdict.status() == Status::Malformed)
        .map(|verdict| std::format!("            Verdict.{},\n", upper_case(verdict.symbol())))
        .collect();
    let _ = write!(
        text,
        "\n    @property\n    def is_malformed(self) -> bool:\n        \
         \"\"\"Whether there was no signature, key or digest of the scheme at all.\"\"\"\n        \
         return self in (\n{}        )\n",
        malformed.concat()
    );
    text
}

fn quoted(name: &str) -> String {
    std::format!("\"{name}\"")
}
