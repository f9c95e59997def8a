//! The link to a card: bytes out, bytes in, with deadlines.

mod serial;
mod socket;
mod xdma;

use std::time::{Duration, Instant};

pub use serial::{DEFAULT_BAUD, SerialTransport};
pub use socket::SocketTransport;
pub use xdma::XdmaTransport;

/// A byte link to a card. Implementations: serial port, TCP, Unix socket, XDMA character
/// devices, and (in `chaincard-sim`) a simulated card.
pub trait Transport: Send {
    /// Sends all of `bytes`, or fails at `deadline`. Bytes that arrive meanwhile are kept for
    /// [`receive`](Self::receive) also when the other side sends before it reads on.
    ///
    /// # Errors
    /// [`TransportError::Timeout`] at the deadline, otherwise what the link says. After an
    /// error it is not known how many bytes went out.
    fn send(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), TransportError>;

    /// Receives at least one byte into `buffer` and returns how many.
    ///
    /// # Errors
    /// [`TransportError::Timeout`] when nothing came by `deadline`,
    /// [`TransportError::Closed`] when the other side is gone.
    fn receive(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, TransportError>;

    /// Drops what was received and not read, and reopens the link where that is possible.
    ///
    /// # Errors
    /// What reopening says.
    fn reset(&mut self) -> Result<(), TransportError>;

    /// One line for people: port, address, speed.
    fn description(&self) -> String;

    /// Clock cycles since the start, on a simulated card.
    fn simulated_cycles(&self) -> Option<u64> {
        None
    }
}

/// Why a link failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// nothing moved until the deadline
    #[error("link timed out")]
    Timeout,
    /// the other side is gone
    #[error("link closed by the other side")]
    Closed,
    /// link could not be opened
    #[error("cannot open {link}")]
    Open {
        /// Path or address.
        link: String,
        /// What the operating system says.
        #[source]
        source: std::io::Error,
    },
    /// the operating system says no
    #[error("link input or output failed")]
    Io(#[from] std::io::Error),
}

/// Time left until `deadline`.
///
/// # Errors
/// [`TransportError::Timeout`] when there is none.
fn remaining(deadline: Instant) -> Result<Duration, TransportError> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(TransportError::Timeout) } else { Ok(left) }
}

/// Whether an operation only ran into its time limit or was interrupted.
fn is_transient(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}
