//! Devices against peers, as ratios.

use std::fmt::Write;

use crate::Row;

/// A device's row beside the fastest peer on the same operation and size.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a> {
    /// The device.
    pub row: &'a Row,
    /// The fastest peer with as many threads, or with any number where the device does not
    /// work with this machine's threads.
    pub best_peer: Option<&'a Row>,
}

impl Comparison<'_> {
    /// Time of the fastest peer divided by the device's: above 1 the device is faster.
    pub fn ratio(&self) -> Option<f64> {
        self.best_peer.map(|peer| peer.ns_per_item / self.row.ns_per_item)
    }
}

/// Each device's row in `rows` with its best peer, in the order of `rows`.
pub fn comparisons(rows: &[Row]) -> Vec<Comparison<'_>> {
    rows.iter()
        .filter(|row| row.peer.is_none())
        .map(|row| {
            let peers = rows.iter().filter(|other| {
                other.peer.is_some()
                    && other.operation == row.operation
                    && other.size == row.size
                    && (row.device != "cpu" || other.threads == row.threads)
            });
            let best_peer = peers.min_by(|a, b| a.ns_per_item.total_cmp(&b.ns_per_item));
            Comparison { row, best_peer }
        })
        .collect()
}

/// A table for people: one line for each device and case, with the fastest peer and the
/// ratio (its time / the device's time).
pub fn summary_table(rows: &[Row]) -> String {
    let mut text = format!(
        "{:<15} {:>9} {:>6} {:>7}  {:<14} {:>12} {:>9}  {:<17} {:>12}  {:>6}\n",
        "operation",
        "size",
        "batch",
        "threads",
        "device",
        "ns/item",
        "MB/s",
        "best peer",
        "ns/item",
        "ratio"
    );
    for comparison in comparisons(rows) {
        let row = comparison.row;
        let _ = write!(
            text,
            "{:<15} {:>9} {:>6} {:>7}  {:<14} {:>12.1} {:>9}",
            row.operation,
            row.size,
            row.batch,
            row.threads,
            row.device,
            row.ns_per_item,
            throughput(row)
        );
        if let (Some(peer), Some(ratio)) = (comparison.best_peer, comparison.ratio()) {
            let _ =
                write!(text, "  {:<17} {:>12.1}  {ratio:>6.3}", peer.contender(), peer.ns_per_item);
        }
        text.push('\n');
    }
    text
}

/// Throughput in message bytes, which means nothing for signatures and multiplications.
fn throughput(row: &Row) -> String {
    if row.is_of_signatures() || row.is_of_msm() {
        "-".to_owned()
    } else {
        format!("{:.1}", row.megabytes_per_second())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(device: &str, peer: Option<&str>, threads: usize, ns_per_item: f64) -> Row {
        Row {
            device: device.to_owned(),
            operation: "sha256".to_owned(),
            size: 64,
            batch: 8,
            threads,
            ns_per_item,
            peer: peer.map(str::to_owned),
        }
    }

    #[test]
    fn the_fastest_peer_with_as_many_threads_counts() {
        let rows = [
            row("cpu", None, 1, 50.0),
            row("cpu", Some("slow"), 1, 100.0),
            row("cpu", Some("fast"), 1, 75.0),
            row("cpu", Some("fast"), 2, 40.0),
            row("opencl", None, 1, 20.0),
        ];
        let all = comparisons(&rows);
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].ratio(), Some(1.5));
        assert_eq!(all[1].ratio(), Some(2.0));
        assert_eq!(summary_table(&rows).lines().count(), 3);
    }
}
