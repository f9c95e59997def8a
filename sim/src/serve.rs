//! Serving a card to other processes: over TCP, a Unix socket, or a pseudo-terminal.
//!
//! The bytes of the connection are the bytes of the card's link; on a UART top they go through
//! the UART's bits. Connections come one after the other.

use crate::SimError;
use chaincard::{Transport, TransportError};
use serialport::{SerialPort, TTYPort};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Wait for the client while the card stands still. The simulation then advances slowly, so
/// that a client that pauses within a frame does not run into the card's link timeout.
const PAUSE: Duration = Duration::from_millis(5);

/// Pauses after which the card is not simulated any more until bytes come.
const PAUSES: u32 = 200;

/// Wait for a client, and for bytes when the card is at rest: how soon a stop is seen.
const REST: Duration = Duration::from_millis(20);

/// Bytes that may wait for a client that does not read.
const MAX_WAITING: usize = 1 << 20;

/// What [`Server::start`] understands.
pub const SYNTAX: &str = "tcp:HOST:PORT, unix:PATH or pty";

/// A card being served by a thread.
#[derive(Debug)]
pub struct Server {
    device: String,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<Result<(), SimError>>>,
}

impl Server {
    /// Serves `card` on `address`: `tcp:HOST:PORT` (port 0: any free one), `unix:PATH` or
    /// `pty`.
    ///
    /// # Errors
    /// [`SimError::Serve`] when the address is none or cannot be had.
    pub fn start(card: Box<dyn Transport>, address: &str) -> Result<Self, SimError> {
        let error = |source| SimError::Serve { address: address.to_owned(), source };
        let listener = Listener::bind(address).map_err(error)?;
        let device = listener.device().map_err(error)?;
        let stop = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stop);
        let name = device.clone();
        let thread = std::thread::Builder::new()
            .name("card-server".into())
            .spawn(move || {
                listener
                    .serve(card, &seen)
                    .map_err(|source| SimError::Serve { address: name, source })
            })
            .map_err(error)?;
        Ok(Self { device, stop, thread: Some(thread) })
    }

    /// Name by which the host library opens the card: `tcp:HOST:PORT`, `unix:PATH` or
    /// `serial:PATH` with the path of the pseudo-terminal.
    pub fn device(&self) -> &str {
        &self.device
    }

    /// Something to stop the server with from elsewhere, such as a signal handler.
    pub fn stopper(&self) -> Stopper {
        Stopper(Arc::clone(&self.stop))
    }

    /// Stops serving, closes the connection and removes the socket.
    ///
    /// # Errors
    /// What ended the server before.
    pub fn stop(mut self) -> Result<(), SimError> {
        self.stop.store(true, Ordering::Relaxed);
        self.join()
    }

    /// Waits until the server was stopped or the card was lost.
    ///
    /// # Errors
    /// [`SimError::Serve`] when the card or the address was lost.
    pub fn wait(mut self) -> Result<(), SimError> {
        self.join()
    }

    fn join(&mut self) -> Result<(), SimError> {
        match self.thread.take().map(JoinHandle::join) {
            None => Ok(()),
            Some(Ok(result)) => result,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // Nobody is left to hear what ended it.
            let _ = thread.join();
        }
    }
}

/// Stops a [`Server`].
#[derive(Clone, Debug)]
pub struct Stopper(Arc<AtomicBool>);

impl Stopper {
    /// Asks the server to end; [`Server::wait`] then returns.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener, PathBuf),
    /// The slave is kept open, so that the terminal outlives a client.
    Pty {
        master: TTYPort,
        slave: TTYPort,
    },
}

impl Listener {
    fn bind(address: &str) -> io::Result<Self> {
        let listener = match address.split_once(':') {
            Some(("tcp", address)) => Self::Tcp(TcpListener::bind(address)?),
            Some(("unix", path)) if !path.is_empty() => {
                let path = PathBuf::from(path);
                remove_stale(&path);
                Self::Unix(UnixListener::bind(&path)?, path)
            }
            None if address == "pty" => {
                let (master, slave) = TTYPort::pair()?;
                Self::Pty { master, slave }
            }
            _ => {
                let message = format!("an address is {SYNTAX}");
                return Err(io::Error::new(ErrorKind::InvalidInput, message));
            }
        };
        match &listener {
            Self::Tcp(listener) => listener.set_nonblocking(true)?,
            Self::Unix(listener, _) => listener.set_nonblocking(true)?,
            Self::Pty { .. } => {}
        }
        Ok(listener)
    }

    fn device(&self) -> io::Result<String> {
        Ok(match self {
            Self::Tcp(listener) => format!("tcp:{}", listener.local_addr()?),
            Self::Unix(_, path) => format!("unix:{}", path.display()),
            Self::Pty { slave, .. } => {
                format!("serial:{}", slave.name().ok_or(ErrorKind::NotFound)?)
            }
        })
    }

    fn serve(mut self, mut card: Box<dyn Transport>, stop: &AtomicBool) -> io::Result<()> {
        while !stop.load(Ordering::Relaxed) {
            let ended = match &mut self {
                Self::Tcp(listener) => match pending(listener.accept())? {
                    Some((stream, _)) => {
                        stream.set_nodelay(true)?;
                        connection(&mut Socket::new(stream)?, &mut *card, stop)
                    }
                    None => continue,
                },
                Self::Unix(listener, _) => match pending(listener.accept())? {
                    Some((stream, _)) => connection(&mut Socket::new(stream)?, &mut *card, stop),
                    None => continue,
                },
                Self::Pty { master, .. } => connection(master, &mut *card, stop),
            };
            match ended {
                Ended::Client => card.reset().map_err(io::Error::other)?,
                Ended::Card(error) => return Err(io::Error::other(error)),
                Ended::Stopped => break,
            }
        }
        Ok(())
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Self::Unix(_, path) = self {
            // Somebody else may have removed it.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Removes a socket on which nobody listens any more.
fn remove_stale(path: &Path) {
    let refused = |error: io::Error| error.kind() == ErrorKind::ConnectionRefused;
    if UnixStream::connect(path).is_err_and(refused) {
        // Should this fail, binding says why.
        let _ = std::fs::remove_file(path);
    }
}

/// A new connection, or none after a short wait.
fn pending<T>(accepted: io::Result<T>) -> io::Result<Option<T>> {
    match accepted {
        Ok(connection) => Ok(Some(connection)),
        Err(error) if error.kind() == ErrorKind::WouldBlock => {
            std::thread::sleep(REST);
            Ok(None)
        }
        // A client that left before it was served.
        Err(error) if error.kind() == ErrorKind::ConnectionAborted => Ok(None),
        Err(error) => Err(error),
    }
}

enum Ended {
    Client,
    Card(TransportError),
    Stopped,
}

/// The client's end of a connection.
trait Client {
    /// Bytes that came within `wait`; 0 at the end of the connection.
    fn receive(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize>;
    /// Sends as much as goes out within [`PAUSE`].
    fn send(&mut self, bytes: &[u8]) -> io::Result<usize>;
}

/// Moves bytes between client and card until one of them is gone.
fn connection(client: &mut dyn Client, card: &mut dyn Transport, stop: &AtomicBool) -> Ended {
    let mut to_client: Vec<u8> = Vec::new();
    let mut buffer = vec![0; 1 << 16];
    let mut pauses = 0;
    while !stop.load(Ordering::Relaxed) {
        if to_client.len() < MAX_WAITING {
            let wait = match pauses {
                0 => Duration::ZERO,
                1..PAUSES => PAUSE,
                _ => REST,
            };
            match client.receive(&mut buffer, wait) {
                Ok(0) => return Ended::Client,
                Ok(count) => {
                    pauses = 0;
                    let deadline = Instant::now() + Duration::from_secs(60);
                    if let Err(error) = card.send(&buffer[..count], deadline) {
                        return Ended::Card(error);
                    }
                }
                Err(error) if is_transient(&error) => {}
                Err(_) => return Ended::Client,
            }
        }
        if pauses < PAUSES {
            match card.receive(&mut buffer, Instant::now()) {
                Ok(count) => {
                    pauses = 0;
                    to_client.extend_from_slice(&buffer[..count]);
                }
                Err(TransportError::Timeout) => pauses += 1,
                Err(error) => {
                    // What the card said before it was lost still goes out.
                    let _ = client.send(&to_client);
                    return Ended::Card(error);
                }
            }
        }
        if !to_client.is_empty() {
            match client.send(&to_client) {
                Ok(count) => drop(to_client.drain(..count)),
                Err(error) if is_transient(&error) => {}
                Err(_) => return Ended::Client,
            }
        }
    }
    Ended::Stopped
}

fn is_transient(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}

/// Sockets have separate time limits for reading and writing.
trait Stream: Read + Write {
    fn blocking(&self) -> io::Result<()>;
    fn read_limit(&self, wait: Duration) -> io::Result<()>;
}

macro_rules! stream {
    ($($kind:ty),+) => {$(
        impl Stream for $kind {
            fn blocking(&self) -> io::Result<()> {
                self.set_nonblocking(false)?;
                self.set_write_timeout(Some(PAUSE))
            }

            fn read_limit(&self, wait: Duration) -> io::Result<()> {
                self.set_read_timeout(Some(wait.max(Duration::from_micros(1))))
            }
        }
    )+};
}

stream!(TcpStream, UnixStream);

struct Socket<S>(S);

impl<S: Stream> Socket<S> {
    fn new(stream: S) -> io::Result<Self> {
        stream.blocking()?;
        Ok(Self(stream))
    }
}

impl<S: Stream> Client for Socket<S> {
    fn receive(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        self.0.read_limit(wait)?;
        self.0.read(buffer)
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }
}

impl Client for TTYPort {
    fn receive(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        self.set_timeout(wait)?;
        self.read(buffer)
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.set_timeout(PAUSE)?;
        // The terminal takes a part; waiting for all of it would keep us from reading.
        self.write(&bytes[..bytes.len().min(256)])
    }
}
