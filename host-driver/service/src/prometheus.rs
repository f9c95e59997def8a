//! Counters of an accelerator as Prometheus metrics.
//!
//! | metric | labels | |
//! | --- | --- | --- |
//! | `chaincard_jobs_total` | device, operation | jobs answered |
//! | `chaincard_items_total` | device, operation | messages, signatures and terms answered |
//! | `chaincard_bytes_total` | device, operation | message bytes answered |
//! | `chaincard_device_call_errors_total` | device, operation | device calls that failed |
//! | `chaincard_link_retries_total` | device, operation | frames sent again |
//! | `chaincard_fallbacks_total` | device, operation | jobs answered because another device failed |
//! | `chaincard_checks_total` | device, operation | answers checked on the CPU |
//! | `chaincard_batch_items` | device, operation | histogram of items in a device call |
//! | `chaincard_call_seconds` | device, operation | histogram of times of device calls |
//! | `chaincard_in_service` | device | 1 while the device gets work |
//! | `chaincard_self_test_passed` | device | whether the last known-answer test passed |
//! | `chaincard_outages_total` | device | times taken out of service |
//! | `chaincard_link_errors_total` | device | failures of its link |
//! | `chaincard_disagreements_total` | device | answers that the CPU contradicted |
//! | `chaincard_queue_jobs` | operation | jobs that wait |
//! | `chaincard_queue_bytes` | | bytes that they hold |
//! | `chaincard_running_jobs` | | jobs that devices have taken and not answered |
//! | `chaincard_busy_refusals_total` | | jobs refused because the queue was full |
//! | `chaincard_failed_jobs_total` | | jobs that ended with an error |
//!
//! Operations are named with their kind: `hash-sm3`, `verify-sm2`, `recover-secp256k1`,
//! `msm-bn254`. Those that a device has never been asked for are left out.

use std::fmt;
use std::sync::Arc;

use chaincard::metrics::{BATCH_BOUNDS, LATENCY_BOUNDS_NS};
use chaincard::{
    Accelerator, DeviceMetrics, Histogram, Metrics, Operation, OperationMetrics, SelfTest,
};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, NoLabelSet, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Registry;

/// Name of an operation in metrics, with its kind.
pub fn operation_name(operation: Operation) -> String {
    match operation {
        Operation::Hash(algorithm) => format!("hash-{}", algorithm.name()),
        Operation::Verify(scheme) => format!("verify-{}", scheme.name()),
        Operation::Recover => "recover-secp256k1".to_owned(),
        Operation::Msm(curve) => format!("msm-{}", curve.name()),
    }
}

/// A registry with the metrics of `accelerator`, to which a service may add its own.
pub fn registry(accelerator: &Arc<Accelerator>) -> Registry {
    let mut registry = Registry::with_prefix("chaincard");
    registry.register_collector(Box::new(Source(Arc::clone(accelerator))));
    registry
}

/// The text that Prometheus reads (OpenMetrics 1.0).
pub fn text(registry: &Registry) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = text::encode(&mut text, registry);
    text
}

/// Reads the counters whenever somebody asks.
#[derive(Debug)]
struct Source(Arc<Accelerator>);

impl Collector for Source {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        Encoder(encoder).all(&self.0.metrics())
    }
}

struct Encoder<'a>(DescriptorEncoder<'a>);

impl Encoder<'_> {
    fn all(&mut self, metrics: &Metrics) -> fmt::Result {
        self.queue(metrics)?;
        self.devices(&metrics.devices)?;
        type Count = fn(&OperationMetrics) -> u64;
        let counts: [(&str, &str, Count); 7] = [
            ("jobs", "Jobs answered", |m| m.jobs),
            ("items", "Messages, signatures and terms answered", |m| m.items),
            ("bytes", "Message bytes answered", |m| m.bytes),
            ("device_call_errors", "Device calls that failed", |m| m.errors),
            ("link_retries", "Frames sent again", |m| m.retries),
            ("fallbacks", "Jobs answered because another device failed or could not", |m| {
                m.fallbacks
            }),
            ("checks", "Answers checked on the CPU", |m| m.checks),
        ];
        for (name, help, count) in counts {
            let mut family = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
            for (labels, operation) in asked_for(&metrics.devices) {
                family
                    .encode_family(&labels)?
                    .encode_counter::<NoLabelSet, _, u64>(&count(operation), None)?;
            }
        }
        let batches = BATCH_BOUNDS.map(|bound| bound as f64);
        let help = "Items in a device call";
        self.histogram("batch_items", help, &batches, &metrics.devices, |operation| {
            (operation.items as f64, operation.batch_items)
        })?;
        let seconds = LATENCY_BOUNDS_NS.map(|bound| bound as f64 / 1e9);
        let help = "Times of device calls in seconds";
        self.histogram("call_seconds", help, &seconds, &metrics.devices, |operation| {
            (operation.busy.as_secs_f64(), operation.latency)
        })
    }

    fn histogram(
        &mut self,
        name: &str,
        help: &str,
        bounds: &[f64],
        devices: &[DeviceMetrics],
        read: impl Fn(&OperationMetrics) -> (f64, Histogram),
    ) -> fmt::Result {
        let mut family = self.0.encode_descriptor(name, help, None, MetricType::Histogram)?;
        for (labels, operation) in asked_for(devices) {
            let (sum, histogram) = read(operation);
            let bounds = bounds.iter().copied().chain([f64::INFINITY]);
            let buckets: Vec<(f64, u64)> =
                bounds.zip(histogram.buckets().iter().copied()).collect();
            let count = histogram.count();
            family
                .encode_family(&labels)?
                .encode_histogram::<NoLabelSet>(sum, count, &buckets, None)?;
        }
        Ok(())
    }

    fn queue(&mut self, metrics: &Metrics) -> fmt::Result {
        let help = "Jobs that wait";
        let mut family = self.0.encode_descriptor("queue_jobs", help, None, MetricType::Gauge)?;
        for &(operation, jobs) in &metrics.queued_by_operation {
            let labels = [("operation", operation_name(operation))];
            family.encode_family(&labels)?.encode_gauge(&jobs)?;
        }
        for (name, help, value) in [
            ("queue_bytes", "Bytes that waiting jobs hold", metrics.queued_bytes),
            ("running_jobs", "Jobs that devices have taken and not answered", metrics.running),
        ] {
            self.0.encode_descriptor(name, help, None, MetricType::Gauge)?.encode_gauge(&value)?;
        }
        for (name, help, value) in [
            ("busy_refusals", "Jobs refused because the queue was full", metrics.busy_refusals),
            ("failed_jobs", "Jobs that ended with an error", metrics.failed_jobs),
        ] {
            let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
            metric.encode_counter::<NoLabelSet, _, u64>(&value, None)?;
        }
        Ok(())
    }

    fn devices(&mut self, devices: &[DeviceMetrics]) -> fmt::Result {
        type Read = fn(&DeviceMetrics) -> u64;
        let values: [(&str, &str, MetricType, Read); 5] = [
            ("in_service", "1 while the device gets work", MetricType::Gauge, |device| {
                device.in_service.into()
            }),
            (
                "self_test_passed",
                "Whether the last known-answer test passed",
                MetricType::Gauge,
                |device| (device.self_test == SelfTest::Passed).into(),
            ),
            ("outages", "Times taken out of service", MetricType::Counter, |d| d.outages),
            ("link_errors", "Failures of its link", MetricType::Counter, |d| d.link_errors),
            ("disagreements", "Answers that the CPU contradicted", MetricType::Counter, |device| {
                device.disagreements
            }),
        ];
        for (name, help, kind, read) in values {
            let mut family = self.0.encode_descriptor(name, help, None, kind)?;
            for device in devices {
                let labels = [("device", device.name.as_str())];
                let mut metric = family.encode_family(&labels)?;
                match kind {
                    MetricType::Counter => {
                        metric.encode_counter::<NoLabelSet, _, u64>(&read(device), None)?;
                    }
                    _ => metric.encode_gauge(&read(device))?,
                }
            }
        }
        Ok(())
    }
}

type Labels<'a> = [(&'static str, std::borrow::Cow<'a, str>); 2];

/// The operations that each device was asked for.
fn asked_for(devices: &[DeviceMetrics]) -> impl Iterator<Item = (Labels<'_>, &OperationMetrics)> {
    devices.iter().flat_map(|device| {
        let used = device.operations.iter().filter(|(_, m)| m.batches + m.errors > 0);
        used.map(|(operation, metrics)| {
            let labels = [
                ("device", device.name.as_str().into()),
                ("operation", operation_name(*operation).into()),
            ];
            (labels, metrics)
        })
    })
}
