//! The link to a card: bytes out, bytes in, with deadlines.

use std::time::Instant;

/// A byte link to a card. Implementations: serial port, TCP, Unix socket, XDMA character
/// devices, and (in `chaincard-sim`) a simulated card.
pub trait Transport: Send {
    /// Sends all of `bytes`, or fails at `deadline`.
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
    /// the operating system says no
    #[error("link input or output failed")]
    Io(#[from] std::io::Error),
}
