//! A card host: an accelerator with metrics, health, logs and served cards.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chaincard::Accelerator;
use prometheus_client::registry::Registry;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::card::{self, Listener};
use crate::config::Listen;
use crate::{ServiceError, http, prometheus, watch};

/// How long clients have to take their last replies.
const GRACE: Duration = Duration::from_secs(10);

/// A running service. Dropping it stops it as [`stop`](Self::stop) does.
#[derive(Debug)]
pub struct Host {
    accelerator: Arc<Accelerator>,
    runtime: Option<Runtime>,
    tasks: TaskTracker,
    stop: CancellationToken,
    http: Option<SocketAddr>,
    cards: Vec<String>,
}

impl Host {
    /// Listens on every address of `listen` and serves.
    ///
    /// # Errors
    /// [`ServiceError`]; nothing is left running or listening then.
    pub fn start(accelerator: Accelerator, listen: &Listen) -> Result<Self, ServiceError> {
        let accelerator = Arc::new(accelerator);
        let registry = prometheus::registry(&accelerator);
        Self::with_registry(accelerator, registry, listen)
    }

    /// As [`start`](Self::start), with a registry to which the caller has added metrics.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn with_registry(
        accelerator: Arc<Accelerator>,
        registry: Registry,
        listen: &Listen,
    ) -> Result<Self, ServiceError> {
        let http = match listen.http.as_str() {
            "" => None,
            address => Some(listen_tcp("listen.http", address)?),
        };
        let cards = listen.cards.iter().map(|address| Listener::bind(address));
        let cards = cards.collect::<Result<Vec<_>, _>>()?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("chaincard-serve")
            .enable_all()
            .build()
            .map_err(ServiceError::Runtime)?;
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let mut host = Self {
            accelerator: Arc::clone(&accelerator),
            tasks: tasks.clone(),
            stop: stop.clone(),
            http: None,
            cards: cards.iter().map(|card| card.device().to_owned()).collect(),
            runtime: None,
        };
        let entered = runtime.enter();
        if let Some((listener, address)) = http {
            let listener =
                tokio::net::TcpListener::from_std(listener).map_err(ServiceError::Runtime)?;
            host.http = Some(address);
            tasks.spawn(http::serve(listener, Arc::clone(&accelerator), registry, stop.clone()));
            tracing::info!(%address, "metrics, health and status are served");
        }
        for listener in cards {
            let (accelerator, stop) = (Arc::clone(&accelerator), stop.clone());
            tracing::info!(device = listener.device(), "card is served");
            tasks.spawn(card::serve(
                listener,
                accelerator,
                listen.connections.max(1),
                tasks.clone(),
                stop,
            ));
        }
        tasks.spawn(watch::log(accelerator, stop));
        drop(entered);
        host.runtime = Some(runtime);
        Ok(host)
    }

    /// The accelerator.
    pub fn accelerator(&self) -> &Arc<Accelerator> {
        &self.accelerator
    }

    /// Where metrics, health and status are.
    pub fn http(&self) -> Option<SocketAddr> {
        self.http
    }

    /// Names by which other processes open this host as a card.
    pub fn cards(&self) -> &[String] {
        &self.cards
    }

    /// Runs `service` on this host's threads; it has to end soon after the token is cancelled.
    pub fn spawn<F>(&self, service: impl FnOnce(CancellationToken) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        if let Some(runtime) = &self.runtime {
            let _entered = runtime.enter();
            self.tasks.spawn(service(self.stop.clone()));
        }
    }

    /// Waits for SIGTERM or SIGINT; `ready` runs as soon as they no longer end the process.
    ///
    /// # Errors
    /// [`ServiceError::Runtime`] when the system gives no signals.
    pub fn wait_for_signal(&self, ready: impl FnOnce()) -> Result<(), ServiceError> {
        use tokio::signal::unix::{SignalKind, signal};
        let Some(runtime) = &self.runtime else { return Ok(()) };
        let name = runtime.block_on(async {
            let mut terminate = signal(SignalKind::terminate())?;
            let mut interrupt = signal(SignalKind::interrupt())?;
            ready();
            tokio::select! {
                _ = terminate.recv() => Ok("SIGTERM"),
                _ = interrupt.recv() => Ok("SIGINT"),
            }
        });
        let signal = name.map_err(ServiceError::Runtime)?;
        tracing::info!(signal, "stopping");
        Ok(())
    }

    /// Takes no more work, answers what was asked for, and ends: no thread and no socket is left.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        self.stop.cancel();
        self.tasks.close();
        let ended =
            runtime.block_on(async { tokio::time::timeout(GRACE, self.tasks.wait()).await });
        if ended.is_err() {
            tracing::warn!(tasks = self.tasks.len(), "clients did not take their last replies");
        }
        runtime.shutdown_timeout(Duration::from_secs(1));
        tracing::info!("stopped");
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.end();
    }
}

/// Listens on `address` (`HOST:PORT`, port 0: any free one), which stands under `key` in the
/// configuration; gives the address that it became.
///
/// # Errors
/// [`ServiceError::Address`] and [`ServiceError::Listen`].
pub fn listen_tcp(
    key: &'static str,
    address: &str,
) -> Result<(std::net::TcpListener, SocketAddr), ServiceError> {
    if !address.contains(':') {
        let expected = "HOST:PORT";
        return Err(ServiceError::Address { key, address: address.to_owned(), expected });
    }
    let failed = |source| ServiceError::Listen { key, address: address.to_owned(), source };
    let listener = std::net::TcpListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}
