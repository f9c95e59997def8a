//! The same generic code with arkworks' curve and with chaincard's.
//!
//! `cargo run --release -p chaincard --example arkworks`

use std::time::Instant;

use ark_ec::{CurveGroup, VariableBaseMSM};
use ark_ff::Field;

/// A commitment to `values`, whatever the curve: the values times multiples of the generator.
fn commit<G: CurveGroup + VariableBaseMSM>(bases: &[G::MulBase], values: &[G::ScalarField]) -> G {
    G::msm(bases, values).expect("as many values as bases")
}

fn timed<G: CurveGroup + VariableBaseMSM>(name: &str, count: u64) -> String {
    let sums: Vec<G> = (1..=count).map(|k| G::generator().mul_bigint([k])).collect();
    let bases = G::batch_convert_to_mul_base(&sums);
    let seventh = G::ScalarField::from(7u64).inverse().expect("7 is not 0");
    let values: Vec<G::ScalarField> =
        (1..=count).map(|k| seventh * G::ScalarField::from(k)).collect();
    let start = Instant::now();
    let commitment = commit::<G>(&bases, &values).into_affine();
    println!("{name}: {count} values in {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    commitment.to_string()
}

fn main() {
    let arkworks = timed::<ark_bn254::G1Projective>("arkworks ", 5000);
    let chaincard = timed::<chaincard::ark::bn254::G1Projective>("chaincard", 5000);
    assert_eq!(arkworks, chaincard);
    println!("both commit to {chaincard}");
}
