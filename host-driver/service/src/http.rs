//! Metrics, health and status over HTTP.
//!
//! | path | answer |
//! | --- | --- |
//! | `/metrics` | Prometheus metrics ([`crate::prometheus`]) |
//! | `/healthz` | 200 and `ok`, or `degraded` when a device is out of service; 503 when all are, or at the end |
//! | `/status` | [`Status`] as JSON |

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chaincard::Accelerator;
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{Status, prometheus};

/// What the answers are made of.
struct Source {
    accelerator: Arc<Accelerator>,
    registry: Registry,
    stop: CancellationToken,
}

/// Answers on `listener` until `stop`, with the metrics of `registry`.
pub(crate) async fn serve(
    listener: TcpListener,
    accelerator: Arc<Accelerator>,
    registry: Registry,
    stop: CancellationToken,
) {
    let source = Arc::new(Source { accelerator, registry, stop: stop.clone() });
    let router = Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(health))
        .route("/status", get(status))
        .with_state(source);
    let served = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await;
    if let Err(error) = served {
        tracing::error!(%error, "metrics are no longer served");
    }
}

async fn metrics(State(source): State<Arc<Source>>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], prometheus::text(&source.registry)).into_response()
}

async fn health(State(source): State<Arc<Source>>) -> Response {
    let status = Status::from(&source.accelerator.metrics());
    match (status.is_able() && !source.stop.is_cancelled(), status.is_whole()) {
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "out of service\n").into_response(),
        (true, false) => "degraded\n".into_response(),
        (true, true) => "ok\n".into_response(),
    }
}

async fn status(State(source): State<Arc<Source>>) -> Response {
    let status = Status::from(&source.accelerator.metrics());
    match serde_json::to_string(&status) {
        Ok(text) => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
