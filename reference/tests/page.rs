//! docs/verification.md says what the models do.

use chaincard_reference::verify::{Hashing, Profile, Verdict};

fn page() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/verification.md");
    std::fs::read_to_string(path).expect("the page")
}

/// Cells of the table rows under a heading.
fn rows(heading: &str) -> Vec<Vec<String>> {
    let page = page();
    let (_, section) = page.split_once(&format!("## {heading}\n")).expect("heading");
    let section = section.split("\n## ").next().expect("section");
    section
        .lines()
        .filter(|line| line.starts_with('|') && !line.starts_with("| ---"))
        .map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().into()).collect())
        .collect()
}

#[test]
fn verdicts_have_their_codes() {
    let rows = rows("Verdicts");
    let listed: Vec<(String, String)> =
        rows[1..].iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    let found: Vec<(String, String)> = Verdict::ALL
        .into_iter()
        .map(|verdict| ((verdict as u8).to_string(), format!("`{verdict:?}`")))
        .collect();
    assert_eq!(listed, found);
}

/// `BitcoinLowS` as users type it.
fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for (i, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && i > 0 {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}

#[test]
fn profiles_and_hashings_are_listed() {
    let rows = rows("Schemes, profiles, hashings");
    let names: Vec<&str> = rows.iter().map(|row| row[0].trim_matches('`')).collect();
    let mut expected = vec!["profile".to_owned()];
    expected.extend(Profile::ALL.map(|profile| kebab(&format!("{profile:?}"))));
    expected.push("hashing".to_owned());
    let hashings = [
        Hashing::Digest,
        Hashing::Sha256,
        Hashing::DoubleSha256,
        Hashing::Keccak256,
        Hashing::Sm3,
        Hashing::Message,
    ];
    expected.extend(hashings.map(|hashing| kebab(&format!("{hashing:?}"))));
    assert_eq!(names, expected);
}
