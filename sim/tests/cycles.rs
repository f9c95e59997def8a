//! The cycles that the cores state are those that are measured.

use chaincard_sim::cycles;

#[test]
fn stated_cycles_are_measured() {
    for core in cycles::measure().unwrap() {
        println!("{core:?}");
        assert!((core.cycles_per_block - core.stated_cycles_per_block).abs() < 0.01, "{core:?}");
        assert_eq!(core.latency, u64::from(core.stated_latency), "{core:?}");
    }
}
