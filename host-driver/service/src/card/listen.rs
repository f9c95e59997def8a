//! Sockets that cards are served on.

use std::io::{self, ErrorKind};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::serve::{Listener as AxumListener, ListenerExt};
use chaincard::Accelerator;
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection;
use super::registers::Facts;
use crate::ServiceError;

const KEY: &str = "listen.cards";

/// A socket that is listened on.
pub(crate) struct Listener {
    socket: Socket,
    device: String,
}

enum Socket {
    Tcp(std::net::TcpListener),
    Unix(std::os::unix::net::UnixListener, SocketFile),
}

/// Takes the socket's file away at the end.
struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        // Somebody else may have removed it.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Listener {
    /// Listens on `unix:PATH` or `tcp:HOST:PORT` (port 0: any free one).
    pub(crate) fn bind(address: &str) -> Result<Self, ServiceError> {
        let failed =
            |source| ServiceError::Listen { key: KEY, address: address.to_owned(), source };
        let (socket, device) = match address.split_once(':') {
            Some(("tcp", host)) if host.contains(':') => {
                let listener = std::net::TcpListener::bind(host).map_err(failed)?;
                listener.set_nonblocking(true).map_err(failed)?;
                let device = format!("tcp:{}", listener.local_addr().map_err(failed)?);
                (Socket::Tcp(listener), device)
            }
            Some(("unix", path)) if !path.is_empty() => {
                let path = PathBuf::from(path);
                remove_stale(&path);
                let listener = std::os::unix::net::UnixListener::bind(&path).map_err(failed)?;
                let path = SocketFile(path);
                listener.set_nonblocking(true).map_err(failed)?;
                (Socket::Unix(listener, path), address.to_owned())
            }
            _ => {
                return Err(ServiceError::Address {
                    key: KEY,
                    address: address.to_owned(),
                    expected: "unix:PATH or tcp:HOST:PORT",
                });
            }
        };
        Ok(Self { socket, device })
    }

    /// Name by which the host library opens the card.
    pub(crate) fn device(&self) -> &str {
        &self.device
    }
}

/// Removes a socket on which nobody listens any more.
fn remove_stale(path: &Path) {
    let is_socket = std::fs::metadata(path).is_ok_and(|data| data.file_type().is_socket());
    let refused = |error: io::Error| error.kind() == ErrorKind::ConnectionRefused;
    if is_socket && UnixStream::connect(path).is_err_and(refused) {
        // Should this fail, binding says why.
        let _ = std::fs::remove_file(path);
    }
}

/// Serves connections until `stop`.
pub(crate) async fn serve(
    listener: Listener,
    accelerator: Arc<Accelerator>,
    connections: usize,
    tasks: TaskTracker,
    stop: CancellationToken,
) {
    let Listener { socket, device } = listener;
    let door = Door {
        facts: Facts::of(&accelerator.devices()),
        accelerator,
        places: Arc::new(Semaphore::new(connections.min(Semaphore::MAX_PERMITS))),
        tasks,
        stop,
    };
    if let Err(error) = door.open(socket).await {
        tracing::error!(device, %error, "card is not served");
    }
}

struct Door {
    facts: Facts,
    accelerator: Arc<Accelerator>,
    places: Arc<Semaphore>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Door {
    async fn open(&self, socket: Socket) -> io::Result<()> {
        match socket {
            Socket::Tcp(listener) => {
                // Frames are whole: waiting for more only delays them. That a client is gone
                // already shows when it is read from.
                let listener = TcpListener::from_std(listener)?;
                self.serve(listener.tap_io(|stream| drop(stream.set_nodelay(true)))).await;
            }
            Socket::Unix(listener, _file) => {
                self.serve(UnixListener::from_std(listener)?).await;
            }
        }
        Ok(())
    }

    async fn serve(&self, mut listener: impl AxumListener) {
        loop {
            // Clients beyond the last place wait in the socket's own queue.
            let place = Arc::clone(&self.places).acquire_owned();
            let Some(Ok(place)) = self.stop.run_until_cancelled(place).await else { return };
            let accepted = self.stop.run_until_cancelled(listener.accept()).await;
            let Some((stream, _)) = accepted else { return };
            let (accelerator, stop) = (Arc::clone(&self.accelerator), self.stop.clone());
            let facts = self.facts;
            self.tasks.spawn(async move {
                connection::serve(stream, accelerator, facts, stop).await;
                drop(place);
            });
        }
    }
}
