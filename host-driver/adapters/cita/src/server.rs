//! The process: gRPC with its health service, metrics, and the end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chaincard::Accelerator;
use chaincard_service::{Host, ServiceError, Status, config, host, prometheus};
use tokio_util::sync::CancellationToken;
use tonic::transport::server::TcpIncoming;
use tonic_health::server::HealthReporter;

use crate::config::Config;
use crate::key::KeyError;
use crate::proto::crypto::crypto_service_server::CryptoServiceServer;
use crate::{Crypto, PrivateKey};

/// How often the health service is told how the devices are.
const PERIOD: Duration = Duration::from_millis(500);

/// Why the service cannot be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// devices, addresses or threads cannot be had
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// there is no private key
    #[error("service.private_key: {0}")]
    Key(#[from] KeyError),
}

/// The running service.
#[derive(Debug)]
pub struct Server {
    host: Host,
    grpc: SocketAddr,
}

impl Server {
    /// Starts what `config` says.
    ///
    /// # Errors
    /// [`ServerError`]; nothing is left running or listening then.
    pub fn start(config: &Config) -> Result<Self, ServerError> {
        Self::with_accelerator(config, || config.accelerator())
    }

    /// As [`start`](Self::start), on an accelerator that the caller opens; `devices` and `policy`
    /// of the configuration are not looked at.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn with_accelerator(
        config: &Config,
        open: impl FnOnce() -> Result<Accelerator, ServiceError>,
    ) -> Result<Self, ServerError> {
        let key = PrivateKey::load(&config.private_key())?;
        let (listener, grpc) = host::listen_tcp("listen.grpc", &config.listen.grpc)?;
        let accelerator = Arc::new(open()?);
        let mut registry = prometheus::registry(&accelerator);
        let crypto =
            Crypto::new(Arc::clone(&accelerator), key, config.service.calls, &mut registry);
        let listen = config::Listen { http: config.listen.http.clone(), ..Default::default() };
        let host = Host::with_registry(Arc::clone(&accelerator), registry, &listen)?;
        let service = CryptoServiceServer::new(crypto)
            .max_decoding_message_size(config.service.message_bytes);
        host.spawn(|stop| serve(listener, service, accelerator, stop));
        tracing::info!(address = %grpc, "crypto service is served");
        Ok(Self { host, grpc })
    }

    /// Where the crypto service is.
    pub fn grpc(&self) -> SocketAddr {
        self.grpc
    }

    /// What the service runs on.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Takes no more calls, answers those that it has, and ends.
    pub fn stop(self) {
        self.host.stop();
    }
}

async fn serve(
    listener: std::net::TcpListener,
    service: CryptoServiceServer<Crypto>,
    accelerator: Arc<Accelerator>,
    stop: CancellationToken,
) {
    let (reporter, health) = tonic_health::server::health_reporter();
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%error, "crypto service is not served");
            return;
        }
    };
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let server = tonic::transport::Server::builder()
        .add_service(health)
        .add_service(service)
        .serve_with_incoming_shutdown(incoming, stop.clone().cancelled_owned());
    let (served, ()) = tokio::join!(server, report(reporter, accelerator, stop));
    if let Err(error) = served {
        tracing::error!(%error, "crypto service is no longer served");
    }
}

/// Tells the health service whether any device is in service, and the end.
async fn report(reporter: HealthReporter, accelerator: Arc<Accelerator>, stop: CancellationToken) {
    loop {
        if Status::from(&accelerator.metrics()).is_able() && !stop.is_cancelled() {
            reporter.set_serving::<CryptoServiceServer<Crypto>>().await;
        } else {
            reporter.set_not_serving::<CryptoServiceServer<Crypto>>().await;
        }
        if stop.run_until_cancelled(tokio::time::sleep(PERIOD)).await.is_none() {
            reporter.set_not_serving::<CryptoServiceServer<Crypto>>().await;
            return;
        }
    }
}
