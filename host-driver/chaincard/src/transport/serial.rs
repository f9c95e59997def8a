//! Cards on a serial port.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use serialport::{ClearBuffer, DataBits, FlowControl, Parity, SerialPort, StopBits};

use super::{Transport, TransportError, is_transient, remaining};

/// Bits per second unless the name says otherwise.
pub const DEFAULT_BAUD: u32 = 3_000_000;

/// Bytes written between two looks at what has arrived.
const WRITE_CHUNK: usize = 1024;

/// Longest wait in one write.
const WRITE_SLICE: Duration = Duration::from_millis(20);

/// A serial port, or a pseudo-terminal: 8 data bits, no parity, 1 stop bit, no flow control.
pub struct SerialTransport {
    path: String,
    baud: u32,
    /// `None` once it was lost and could not be opened again.
    port: Option<Box<dyn SerialPort>>,
    inbox: Vec<u8>,
}

impl SerialTransport {
    /// Opens the port at `path`, for this process alone.
    ///
    /// # Errors
    /// [`TransportError::Open`].
    pub fn open(path: &str, baud: u32) -> Result<Self, TransportError> {
        let port = serialport::new(path, baud)
            .data_bits(DataBits::Eight)
            .parity(Parity::None)
            .stop_bits(StopBits::One)
            .flow_control(FlowControl::None)
            .timeout(WRITE_SLICE)
            .open()
            .map_err(|error| TransportError::Open {
                link: path.to_owned(),
                source: error.into(),
            })?;
        // What came before anybody asked is not meant for us.
        let _ = port.clear(ClearBuffer::All);
        Ok(Self { path: path.to_owned(), baud, port: Some(port), inbox: Vec::new() })
    }

    fn port(&mut self) -> Result<&mut Box<dyn SerialPort>, TransportError> {
        self.port.as_mut().ok_or(TransportError::Closed)
    }

    fn set_timeout(&mut self, wait: Duration) -> Result<(), TransportError> {
        // The port counts in milliseconds.
        self.port()?.set_timeout(wait.max(Duration::from_millis(1))).map_err(io)
    }

    /// Reads into `buffer` within the port's time limit; 0 bytes for nothing.
    fn read_some(&mut self, buffer: &mut [u8]) -> Result<usize, TransportError> {
        match self.port()?.read(buffer) {
            Ok(0) => Err(TransportError::Closed),
            Ok(count) => Ok(count),
            Err(error) if is_transient(&error) => Ok(0),
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                Err(TransportError::Closed)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps what has arrived.
    fn drain(&mut self) -> Result<(), TransportError> {
        while self.port()?.bytes_to_read().map_err(io)? > 0 {
            let mut buffer = [0; 4096];
            let count = self.read_some(&mut buffer)?;
            if count == 0 {
                break;
            }
            self.inbox.extend_from_slice(&buffer[..count]);
        }
        Ok(())
    }
}

impl Transport for SerialTransport {
    fn send(&mut self, mut bytes: &[u8], deadline: Instant) -> Result<(), TransportError> {
        self.set_timeout(WRITE_SLICE)?;
        while !bytes.is_empty() {
            remaining(deadline)?;
            match self.port()?.write(&bytes[..bytes.len().min(WRITE_CHUNK)]) {
                Ok(count) => bytes = &bytes[count..],
                Err(error) if is_transient(&error) => {}
                Err(error) => return Err(error.into()),
            }
            self.drain()?;
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
            self.set_timeout(wait)?;
            let count = self.read_some(buffer)?;
            if count > 0 {
                return Ok(count);
            }
        }
    }

    fn reset(&mut self) -> Result<(), TransportError> {
        self.inbox.clear();
        if self.port.as_ref().is_some_and(|port| port.clear(ClearBuffer::All).is_ok()) {
            return Ok(());
        }
        // The cable was pulled and put back, perhaps: the old handle is dead. It holds the port
        // for itself as long as it lives, so it goes first.
        self.port = None;
        *self = Self::open(&self.path, self.baud)?;
        Ok(())
    }

    fn description(&self) -> String {
        format!("serial port {} at {} baud", self.path, self.baud)
    }
}

fn io(error: serialport::Error) -> TransportError {
    TransportError::Io(error.into())
}
