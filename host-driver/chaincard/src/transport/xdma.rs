//! Cards behind the XDMA kernel driver: a character device for each direction.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::time::Instant;

use super::{Transport, TransportError, is_transient, remaining};

/// Bytes asked of the driver at once: one AXI4-Stream packet at most.
const READ_LEN: usize = 1 << 16;

/// Packets read ahead.
const READ_AHEAD: usize = 64;

/// The pair of devices `{prefix}_h2c_0` and `{prefix}_c2h_0`.
///
/// The driver's calls block without a time limit of ours, so each direction has a thread. A
/// call that never returns leaves its thread behind when the link is reset or dropped; it ends
/// with the driver's own time limit.
#[derive(Debug)]
pub struct XdmaTransport {
    prefix: PathBuf,
    requests: SyncSender<Vec<u8>>,
    sent: Receiver<io::Result<()>>,
    received: Receiver<io::Result<Vec<u8>>>,
    inbox: Vec<u8>,
    /// A thread has ended or is caught in a call.
    lost: bool,
}

impl XdmaTransport {
    /// Opens the devices of card `index`: prefix `/dev/xdma{index}`.
    ///
    /// # Errors
    /// [`TransportError::Open`].
    pub fn open(index: u32) -> Result<Self, TransportError> {
        Self::with_prefix(Path::new(&format!("/dev/xdma{index}")))
    }

    /// Opens `{prefix}_h2c_0` for writing and `{prefix}_c2h_0` for reading.
    ///
    /// # Errors
    /// [`TransportError::Open`].
    pub fn with_prefix(prefix: &Path) -> Result<Self, TransportError> {
        let path = |suffix| PathBuf::from(format!("{}{suffix}", prefix.display()));
        let down = open(&path("_h2c_0"), OpenOptions::new().write(true))?;
        let up = open(&path("_c2h_0"), OpenOptions::new().read(true))?;
        let (requests, jobs) = sync_channel(1);
        let (done, sent) = channel();
        let (packets, received) = sync_channel(READ_AHEAD);
        spawn("chaincard-h2c", move || write_all(down, &jobs, &done))?;
        spawn("chaincard-c2h", move || read_all(up, &packets))?;
        Ok(Self {
            prefix: prefix.to_owned(),
            requests,
            sent,
            received,
            inbox: Vec::new(),
            lost: false,
        })
    }
}

fn open(path: &Path, options: &OpenOptions) -> Result<File, TransportError> {
    options
        .open(path)
        .map_err(|source| TransportError::Open { link: path.display().to_string(), source })
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<(), TransportError> {
    std::thread::Builder::new().name(name.to_owned()).spawn(body)?;
    Ok(())
}

/// Writes one frame at a time: one packet on the stream.
fn write_all(mut device: File, jobs: &Receiver<Vec<u8>>, done: &Sender<io::Result<()>>) {
    while let Ok(bytes) = jobs.recv() {
        if done.send(device.write_all(&bytes)).is_err() {
            return;
        }
    }
}

fn read_all(mut device: File, packets: &SyncSender<io::Result<Vec<u8>>>) {
    let mut buffer = vec![0; READ_LEN];
    loop {
        let packet = match device.read(&mut buffer) {
            Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => Ok(buffer[..count].to_vec()),
            // The driver gives up a read after its own time limit: nothing to say is no error.
            Err(error) if is_transient(&error) => continue,
            Err(error) => Err(error),
        };
        let last = packet.is_err();
        if packets.send(packet).is_err() || last {
            return;
        }
    }
}

impl Transport for XdmaTransport {
    fn send(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), TransportError> {
        let outcome = match self.requests.try_send(bytes.to_vec()) {
            Ok(()) => self.sent.recv_timeout(remaining(deadline)?),
            Err(_) => Err(RecvTimeoutError::Disconnected),
        };
        self.lost |= !matches!(outcome, Ok(Ok(())));
        Ok(received(outcome)??)
    }

    fn receive(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, TransportError> {
        if self.inbox.is_empty() {
            match received(self.received.recv_timeout(remaining(deadline)?))? {
                Ok(packet) => self.inbox = packet,
                Err(error) => {
                    self.lost = true;
                    return Err(match error.kind() {
                        io::ErrorKind::UnexpectedEof => TransportError::Closed,
                        _ => error.into(),
                    });
                }
            }
        }
        let count = self.inbox.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.inbox[..count]);
        self.inbox.drain(..count);
        Ok(count)
    }

    fn reset(&mut self) -> Result<(), TransportError> {
        self.inbox.clear();
        while let Ok(packet) = self.received.try_recv() {
            self.lost |= packet.is_err();
        }
        if self.lost {
            *self = Self::with_prefix(&self.prefix)?;
        }
        Ok(())
    }

    fn description(&self) -> String {
        format!("XDMA devices {}_h2c_0 and _c2h_0", self.prefix.display())
    }
}

fn received<T>(outcome: Result<T, RecvTimeoutError>) -> Result<T, TransportError> {
    outcome.map_err(|error| match error {
        RecvTimeoutError::Timeout => TransportError::Timeout,
        RecvTimeoutError::Disconnected => TransportError::Closed,
    })
}
