//! One connection: bytes in, frames, jobs, replies in the order of their requests.

use std::sync::Arc;

use chaincard::accelerator::SubmitError;
use chaincard::{Accelerator, Handle, HashJob};
use chaincard_protocol::frame::TAG_UNKNOWN;
use chaincard_protocol::request::Request;
use chaincard_protocol::{
    Event, Frame, FrameError, FrameReader, Header, HeaderError, Reject, reply,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::answer::Reply;
use super::registers::{Facts, MAX_ITEMS, MAX_PAYLOAD, Registers};
use super::signatures::{recover_job, verify_jobs};

/// Requests of one connection that may wait for their replies.
const IN_FLIGHT: usize = 8;

/// Serves a client until it is gone, or until `stop`: then what it has asked for is still
/// answered.
pub(super) async fn serve(
    stream: impl AsyncRead + AsyncWrite + Send + 'static,
    accelerator: Arc<Accelerator>,
    facts: Facts,
    stop: CancellationToken,
) {
    tracing::debug!("client connected");
    let (from_client, to_client) = tokio::io::split(stream);
    let (replies, waiting) = mpsc::channel(IN_FLIGHT);
    let session = Session { accelerator, facts, registers: Registers::new(facts), replies };
    let ((), ()) = tokio::join!(session.read(from_client, &stop), write(to_client, waiting));
    tracing::debug!("client is gone");
}

/// Writes replies as soon as they are there, in order. When the client does not take them, the
/// channel closes, which ends the reading.
async fn write(mut to_client: impl AsyncWrite + Unpin, mut waiting: mpsc::Receiver<Reply>) {
    while let Some(reply) = waiting.recv().await {
        let frame = reply.frame().await;
        if to_client.write_all(&frame).await.is_err() {
            return;
        }
    }
    // The client may be gone.
    let _ = to_client.shutdown().await;
}

/// A way into the queue.
type Submit<J, T> = fn(&Accelerator, J) -> Result<Handle<T>, SubmitError<J>>;

struct Session {
    accelerator: Arc<Accelerator>,
    facts: Facts,
    registers: Registers,
    replies: mpsc::Sender<Reply>,
}

/// An [`Event`] that does not borrow the reader.
enum Owned {
    Frame(Header, Vec<u8>),
    Broken(FrameError),
}

impl Session {
    async fn read(mut self, mut from_client: impl AsyncRead + Unpin, stop: &CancellationToken) {
        let mut reader = FrameReader::new(vec![0; MAX_PAYLOAD as usize]);
        let mut buffer = vec![0; 1 << 16];
        loop {
            let read = async {
                tokio::select! {
                    read = from_client.read(&mut buffer) => read.unwrap_or(0),
                    () = self.replies.closed() => 0,
                }
            };
            let count = match stop.run_until_cancelled(read).await {
                None | Some(0) => return,
                Some(count) => count,
            };
            let mut rest = &buffer[..count];
            while !rest.is_empty() {
                let (used, event) = reader.feed(rest);
                rest = &rest[used..];
                let event = match event {
                    None => continue,
                    Some(Event::Frame(frame)) => Owned::Frame(frame.header, frame.payload.to_vec()),
                    Some(Event::Broken(error)) => Owned::Broken(error),
                };
                let reply = self.take(event, reader.skipped()).await;
                if self.replies.send(reply).await.is_err() {
                    return;
                }
            }
        }
    }

    async fn take(&mut self, event: Owned, skipped: u64) -> Reply {
        let (tag, reject) = match event {
            Owned::Frame(header, payload) => {
                let frame = Frame { header, payload: &payload };
                match self.answer(frame, skipped).await {
                    Ok(reply) => {
                        self.registers.frames = self.registers.frames.wrapping_add(1);
                        return reply;
                    }
                    Err(reject) => (header.tag, reject),
                }
            }
            Owned::Broken(FrameError::Header(HeaderError::Version { .. })) => {
                (TAG_UNKNOWN, Reject::Version)
            }
            Owned::Broken(FrameError::Header(_)) => {
                self.registers.header_crc_errors = self.registers.header_crc_errors.wrapping_add(1);
                (TAG_UNKNOWN, Reject::HeaderCrc)
            }
            Owned::Broken(
                FrameError::TooLong { header, .. } | FrameError::Unaligned { header },
            ) => (header.tag, Reject::Length),
            Owned::Broken(FrameError::PayloadCrc { header }) => {
                self.registers.payload_crc_errors =
                    self.registers.payload_crc_errors.wrapping_add(1);
                (header.tag, Reject::PayloadCrc)
            }
        };
        self.registers.rejects = self.registers.rejects.wrapping_add(1);
        let mut out = Vec::new();
        reply::write_error(&mut out, tag, reject);
        Reply::Ready(out)
    }

    async fn answer(&mut self, frame: Frame<'_>, skipped: u64) -> Result<Reply, Reject> {
        let tag = frame.header.tag;
        if u32::from(frame.header.items) > MAX_ITEMS {
            return Err(Reject::TooManyItems);
        }
        let request = Request::of(frame)?;
        let items = usize::from(frame.header.items);
        if !matches!(request, Request::ReadRegisters(_) | Request::WriteRegisters(_)) {
            let count = self.registers.items.wrapping_add(u32::from(frame.header.items));
            self.registers.items = count;
        }
        match request {
            Request::ReadRegisters(addresses) => {
                let values = self.registers.read(addresses, skipped)?;
                let mut out = Vec::new();
                reply::write_register_values(&mut out, tag, &values).map_err(|_| Reject::Length)?;
                Ok(Reply::Ready(out))
            }
            Request::WriteRegisters(pairs) => {
                self.registers.write(pairs)?;
                let mut out = Vec::new();
                reply::write_registers_done(&mut out, tag);
                Ok(Reply::Ready(out))
            }
            Request::Hash(algorithm, messages) if self.facts.hashes(algorithm) => {
                let job = HashJob::collect(algorithm, messages);
                let handle = self.submit(job, Accelerator::try_submit, Accelerator::submit).await?;
                Ok(Reply::Hash { tag, algorithm, items, handle })
            }
            Request::Verify(param, list) if self.facts.verifies(param.profile.scheme()) => {
                let mut jobs = Vec::new();
                for job in verify_jobs(param, list).map_err(|_| Reject::Param)? {
                    let items = job.len();
                    let (once, wait) = (Accelerator::try_submit_verify, Accelerator::submit_verify);
                    jobs.push((items, self.submit(job, once, wait).await?));
                }
                Ok(Reply::Verify { tag, param, jobs })
            }
            Request::Recover(param, list) if self.facts.recovers() => {
                let job = recover_job(param, list).map_err(|_| Reject::Param)?;
                let (once, wait) = (Accelerator::try_submit_recover, Accelerator::submit_recover);
                let handle = self.submit(job, once, wait).await?;
                Ok(Reply::Recover { tag, param, items, handle })
            }
            Request::Hash(..) => Err(Reject::Param),
            Request::Verify(..) | Request::Recover(..) | Request::Multiply(..) => {
                Err(Reject::Opcode)
            }
        }
    }

    /// Puts a job into the queue. While it is full, a thread that may block waits, and this
    /// client is not read from.
    async fn submit<J: Send + 'static, T: Send + 'static>(
        &self,
        job: J,
        once: Submit<J, T>,
        wait: Submit<J, T>,
    ) -> Result<Handle<T>, Reject> {
        let job = match once(&self.accelerator, job) {
            Ok(handle) => return Ok(handle),
            Err(SubmitError::Busy(job)) => job,
            Err(_) => return Err(Reject::Opcode),
        };
        let accelerator = Arc::clone(&self.accelerator);
        let waited = tokio::task::spawn_blocking(move || wait(&accelerator, job).ok());
        waited.await.ok().flatten().ok_or(Reject::Opcode)
    }
}
