//! Cards served over TCP or a Unix socket.

use std::io::{self, Read, Write};
use std::net::TcpStream;
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use super::{Transport, TransportError, is_transient, remaining};

/// Longest wait in a write before what has arrived is read: a peer that waits for us to read
/// would otherwise wait for ever.
const WRITE_SLICE: Duration = Duration::from_millis(5);

/// Longest time to connect.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A connected stream socket.
#[derive(Debug)]
enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

/// A card behind a socket; [`reset`](Transport::reset) connects anew.
#[derive(Debug)]
pub struct SocketTransport {
    address: Address,
    stream: Stream,
    inbox: Vec<u8>,
}

#[derive(Clone, Debug)]
enum Address {
    Tcp(String),
    #[cfg(unix)]
    Unix(std::path::PathBuf),
}

impl SocketTransport {
    /// Connects to `host:port`.
    ///
    /// # Errors
    /// [`TransportError::Open`].
    pub fn tcp(address: &str) -> Result<Self, TransportError> {
        Self::connect(Address::Tcp(address.to_owned()))
    }

    /// Connects to the Unix socket at `path`.
    ///
    /// # Errors
    /// [`TransportError::Open`].
    #[cfg(unix)]
    pub fn unix(path: impl Into<std::path::PathBuf>) -> Result<Self, TransportError> {
        Self::connect(Address::Unix(path.into()))
    }

    fn connect(address: Address) -> Result<Self, TransportError> {
        let stream = address
            .connect()
            .map_err(|source| TransportError::Open { link: address.to_string(), source })?;
        Ok(Self { address, stream, inbox: Vec::new() })
    }

    /// Moves what has arrived to the inbox, as far as it fills whole reads.
    fn keep_what_came(&mut self) -> Result<(), TransportError> {
        let mut buffer = vec![0; 1 << 16];
        loop {
            let count = self.read_some(&mut buffer, Duration::ZERO)?;
            self.inbox.extend_from_slice(&buffer[..count]);
            if count < buffer.len() {
                return Ok(());
            }
        }
    }

    /// Reads what is there within `wait`; 0 bytes for nothing.
    fn read_some(&mut self, buffer: &mut [u8], wait: Duration) -> Result<usize, TransportError> {
        self.stream.set_read_timeout(wait.max(Duration::from_micros(1)))?;
        match self.stream.read(buffer) {
            Ok(0) => Err(TransportError::Closed),
            Ok(count) => Ok(count),
            Err(error) if is_transient(&error) => Ok(0),
            Err(error) => Err(closed_or_io(error)),
        }
    }
}

impl Transport for SocketTransport {
    fn send(&mut self, mut bytes: &[u8], deadline: Instant) -> Result<(), TransportError> {
        while !bytes.is_empty() {
            let wait = remaining(deadline)?.min(WRITE_SLICE);
            self.stream.set_write_timeout(wait)?;
            match self.stream.write(bytes) {
                Ok(0) => return Err(TransportError::Closed),
                Ok(count) => bytes = &bytes[count..],
                Err(error) if is_transient(&error) => {
                    self.keep_what_came()?;
                }
                Err(error) => return Err(closed_or_io(error)),
            }
        }
        Ok(())
    }

    fn receive(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, TransportError> {
        if !self.inbox.is_empty() {
            let count = self.inbox.len().min(buffer.len());
            buffer[..count].copy_from_slice(&self.inbox[..count]);
            self.inbox.drain(..count);
            return Ok(count);
        }
        loop {
            let wait = remaining(deadline)?;
            let count = self.read_some(buffer, wait)?;
            if count > 0 {
                return Ok(count);
            }
        }
    }

    fn reset(&mut self) -> Result<(), TransportError> {
        self.inbox.clear();
        self.stream.shutdown();
        *self = Self::connect(self.address.clone())?;
        Ok(())
    }

    fn description(&self) -> String {
        self.address.to_string()
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "TCP {address}"),
            #[cfg(unix)]
            Self::Unix(path) => write!(f, "Unix socket {}", path.display()),
        }
    }
}

impl Address {
    fn connect(&self) -> io::Result<Stream> {
        match self {
            Self::Tcp(address) => {
                use std::net::ToSocketAddrs;
                let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
                for address in address.to_socket_addrs()? {
                    match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
                        Ok(stream) => {
                            // Frames are whole: waiting for more only delays them.
                            stream.set_nodelay(true)?;
                            return Ok(Stream::Tcp(stream));
                        }
                        Err(error) => last = error,
                    }
                }
                Err(last)
            }
            #[cfg(unix)]
            Self::Unix(path) => Ok(Stream::Unix(UnixStream::connect(path)?)),
        }
    }
}

impl Stream {
    fn set_read_timeout(&self, wait: Duration) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.set_read_timeout(Some(wait)),
            #[cfg(unix)]
            Self::Unix(stream) => stream.set_read_timeout(Some(wait)),
        }
    }

    fn set_write_timeout(&self, wait: Duration) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.set_write_timeout(Some(wait)),
            #[cfg(unix)]
            Self::Unix(stream) => stream.set_write_timeout(Some(wait)),
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.read(buffer),
            #[cfg(unix)]
            Self::Unix(stream) => stream.read(buffer),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.write(bytes),
            #[cfg(unix)]
            Self::Unix(stream) => stream.write(bytes),
        }
    }

    /// Tells the other side; that it is gone already is no failure.
    fn shutdown(&self) {
        let _ = match self {
            Self::Tcp(stream) => stream.shutdown(std::net::Shutdown::Both),
            #[cfg(unix)]
            Self::Unix(stream) => stream.shutdown(std::net::Shutdown::Both),
        };
    }
}

fn closed_or_io(error: io::Error) -> TransportError {
    use io::ErrorKind;
    match error.kind() {
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => {
            TransportError::Closed
        }
        _ => TransportError::Io(error),
    }
}
