//! Requests and replies over one link: pipelined, matched by tag, repeated when lost.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use chaincard_protocol::frame::TAG_UNKNOWN;
use chaincard_protocol::{Crc32, Frame, Header, Opcode, Register, Reject};

use super::reader::{Event, Reader};
use super::{CardConfig, ProtocolError};
use crate::transport::{Transport, TransportError};

/// Payload of the replies that are read before the card has told its sizes.
const FIRST_REPLY: usize = 64;

/// Most zeros that are sent to complete a frame that a card is half-way in.
const MAX_ZEROS: u32 = 1 << 17;

/// Why a request was not answered.
#[derive(Debug)]
pub(super) enum LinkError {
    Transport(TransportError),
    Protocol(ProtocolError),
}

impl From<TransportError> for LinkError {
    fn from(error: TransportError) -> Self {
        Self::Transport(error)
    }
}

impl From<ProtocolError> for LinkError {
    fn from(error: ProtocolError) -> Self {
        Self::Protocol(error)
    }
}

/// A list of requests of one kind.
pub(super) trait Requests {
    /// Number of requests.
    fn len(&self) -> usize;
    /// Opcode and parameter of all of them.
    fn operation(&self) -> (Opcode, u16);
    /// Items of request `index`.
    fn items(&self, index: usize) -> u16;
    /// Bytes of its payload.
    fn payload_len(&self, index: usize) -> u32;
    /// Appends its payload.
    fn write(&self, index: usize, bytes: &mut Vec<u8>);
    /// Takes its reply, whose CRCs and tag are right, if everything else about it is. After an
    /// error the request is sent again.
    fn accept(&mut self, index: usize, frame: Frame<'_>) -> Result<(), ProtocolError>;
}

/// A request without an answer so far.
#[derive(Clone, Copy, Debug)]
struct Pending {
    index: usize,
    attempts: u32,
}

/// A request on its way.
#[derive(Clone, Copy, Debug)]
struct InFlight {
    request: Pending,
    tag: u16,
    bytes: u64,
}

/// What the registers of the card say about its link.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LinkFacts {
    /// `Register::ReceiveBuffer`.
    pub(super) receive_buffer: u32,
    /// `Register::MaxPayload`; 0 while unknown.
    pub(super) max_payload: u32,
    /// `Register::LinkTimeout`, in cycles; 0 while unknown.
    pub(super) timeout_cycles: u32,
    /// `Register::ClockHz`; 0 when simulated.
    pub(super) clock_hz: u32,
}

/// One card's link.
pub(super) struct Link {
    pub(super) transport: Box<dyn Transport>,
    facts: LinkFacts,
    config: CardConfig,
    reader: Reader,
    next_tag: u16,
    frame: Vec<u8>,
    buffer: Vec<u8>,
    retries: u64,
}

impl Link {
    pub(super) fn new(transport: Box<dyn Transport>, config: CardConfig) -> Self {
        Self {
            transport,
            // Nothing beyond one frame until the card has told its buffer.
            facts: LinkFacts { receive_buffer: 1, ..LinkFacts::default() },
            config,
            reader: Reader::new(FIRST_REPLY),
            next_tag: 0,
            frame: Vec::new(),
            buffer: vec![0; 1 << 16],
            retries: 0,
        }
    }

    /// Takes what the card says about itself; replies have at most `max_reply` payload bytes.
    pub(super) fn set_facts(&mut self, facts: LinkFacts, max_reply: usize) {
        self.facts = facts;
        self.reader = Reader::new(max_reply.max(FIRST_REPLY));
    }

    /// Requests sent again since the last call.
    pub(super) fn take_retries(&mut self) -> u64 {
        std::mem::take(&mut self.retries)
    }

    /// Sends every request and hands every reply to it, or says why one was not answered.
    pub(super) fn run(&mut self, requests: &mut dyn Requests) -> Result<(), LinkError> {
        self.run_bounded(requests, self.config.retries)
    }

    fn run_bounded(&mut self, requests: &mut dyn Requests, retries: u32) -> Result<(), LinkError> {
        let mut waiting: VecDeque<Pending> =
            (0..requests.len()).map(|index| Pending { index, attempts: 0 }).collect();
        let mut in_flight: VecDeque<InFlight> = VecDeque::new();
        loop {
            let error = match self.step(requests, &mut waiting, &mut in_flight) {
                Ok(true) => return Ok(()),
                Ok(false) => continue,
                Err(Failure { cause, extent: Extent::Fatal }) => return Err(cause),
                Err(Failure { cause, extent: Extent::First(count) }) => {
                    let lost = in_flight.drain(..count);
                    requeue(lost, &mut waiting, retries, cause, &mut self.retries)?;
                    continue;
                }
                Err(Failure { cause, extent: Extent::Link }) => cause,
            };
            // With retries left, what is on its way is sent again over a fresh link.
            let lost = in_flight.drain(..);
            requeue(lost, &mut waiting, retries, error, &mut self.retries)?;
            if retries > 0 {
                self.resynchronise()?;
            }
        }
    }

    /// Sends what may be sent, then takes one event; `true` when everything is answered.
    fn step(
        &mut self,
        requests: &mut dyn Requests,
        waiting: &mut VecDeque<Pending>,
        in_flight: &mut VecDeque<InFlight>,
    ) -> Result<bool, Failure> {
        while let Some(&request) = waiting.front() {
            let bytes = frame_len(requests.payload_len(request.index));
            if !self.may_send(in_flight, bytes) {
                break;
            }
            waiting.pop_front();
            let tag = self.tag();
            in_flight.push_back(InFlight { request, tag, bytes });
            self.send(&*requests, request.index, tag).map_err(Failure::link)?;
        }
        if in_flight.is_empty() {
            return Ok(true);
        }
        let deadline = Instant::now() + self.config.reply_timeout;
        match self.event(deadline).map_err(Failure::link)? {
            Event::OtherVersion(found) => {
                Err(Failure::fatal(ProtocolError::Version { found: found.into() }))
            }
            Event::Damaged(header) => match position(in_flight, header.tag) {
                Some(at) => Err(Failure::first(at + 1, ProtocolError::Damaged)),
                None => Ok(false),
            },
            Event::Frame(header) => {
                self.frame(requests, waiting, in_flight, header).map(|()| false)
            }
        }
    }

    /// Takes a whole frame.
    fn frame(
        &mut self,
        requests: &mut dyn Requests,
        waiting: &mut VecDeque<Pending>,
        in_flight: &mut VecDeque<InFlight>,
        header: Header,
    ) -> Result<(), Failure> {
        if header.opcode == Opcode::Error.code() {
            return rejected(header, in_flight);
        }
        // A reply to something older is of no interest any more.
        let Some(at) = position(in_flight, header.tag) else { return Ok(()) };
        // A card answers in order: what was sent before and is not answered was lost.
        if at > 0 {
            let lost = in_flight.drain(..at);
            let cause = ProtocolError::Skipped.into();
            requeue(lost, waiting, self.config.retries, cause, &mut self.retries)
                .map_err(|cause| Failure { cause, extent: Extent::Fatal })?;
        }
        let Some(front) = in_flight.front().copied() else { return Ok(()) };
        let index = front.request.index;
        requests
            .accept(index, self.reader.frame(header))
            .map_err(|error| Failure::first(1, error))?;
        in_flight.pop_front();
        Ok(())
    }

    /// The credit rule of `Register::ReceiveBuffer`.
    fn may_send(&self, in_flight: &VecDeque<InFlight>, bytes: u64) -> bool {
        if in_flight.is_empty() {
            return true;
        }
        let beyond_first: u64 = in_flight.iter().skip(1).map(|frame| frame.bytes).sum();
        let credit = u64::from(self.facts.receive_buffer);
        in_flight.len() < self.config.frames_in_flight
            && (credit == 0 || beyond_first + bytes <= credit)
    }

    fn tag(&mut self) -> u16 {
        let tag = self.next_tag;
        self.next_tag = if tag + 1 == TAG_UNKNOWN { 0 } else { tag + 1 };
        tag
    }

    fn send(
        &mut self,
        requests: &dyn Requests,
        index: usize,
        tag: u16,
    ) -> Result<(), TransportError> {
        let (opcode, param) = requests.operation();
        let header = Header {
            opcode: opcode.code(),
            tag,
            param,
            items: requests.items(index),
            payload_len: requests.payload_len(index),
        };
        self.frame.clear();
        let header = header.encode();
        self.frame.extend_from_slice(&header);
        requests.write(index, &mut self.frame);
        let crc = Crc32::of(&self.frame[header.len()..]);
        self.frame.extend_from_slice(&crc.to_le_bytes());
        let deadline = Instant::now() + self.config.reply_timeout + sending(self.frame.len());
        self.transport.send(&self.frame, deadline)
    }

    /// The next frame; the deadline moves on whenever a byte comes.
    fn event(&mut self, mut deadline: Instant) -> Result<Event, TransportError> {
        loop {
            if let Some(event) = self.reader.next() {
                return Ok(event);
            }
            let count = self.transport.receive(&mut self.buffer, deadline)?;
            self.reader.push(&self.buffer[..count]);
            deadline = Instant::now() + self.config.reply_timeout;
        }
    }

    /// Reopens the link, waits until a card that is half-way in a frame has given it up, and
    /// asks it for a sign of life.
    pub(super) fn resynchronise(&mut self) -> Result<(), LinkError> {
        let mut last = LinkError::Transport(TransportError::Timeout);
        for attempt in 0..=self.config.retries.max(1) {
            match self.resynchronise_once(attempt) {
                Ok(()) => return Ok(()),
                Err(LinkError::Protocol(error @ ProtocolError::Version { .. })) => {
                    return Err(error.into());
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn resynchronise_once(&mut self, attempt: u32) -> Result<(), LinkError> {
        self.transport.reset()?;
        self.reader.clear();
        if attempt > 0 && (1..=MAX_ZEROS).contains(&self.facts.max_payload) {
            // Should waiting not help: enough zeros to complete any frame, which the card then
            // refuses for its payload CRC.
            let zeros = vec![0; self.facts.max_payload as usize + 32];
            let deadline = Instant::now() + self.config.reply_timeout + sending(zeros.len());
            self.transport.send(&zeros, deadline)?;
        }
        self.drain(attempt)?;
        self.ping()
    }

    /// Reads the identification register, once, and forgets its value.
    pub(super) fn ping(&mut self) -> Result<(), LinkError> {
        let mut id = super::registers::Read::new(&[Register::Id]);
        self.run_bounded(&mut id, 0)
    }

    /// Discards what comes until the link has been silent for as long as the card waits inside
    /// a frame.
    fn drain(&mut self, attempt: u32) -> Result<(), LinkError> {
        let facts = self.facts;
        let start = Instant::now();
        let limit = start + 4 * self.config.reply_timeout;
        if let (Some(mut first), true) =
            (self.transport.simulated_cycles(), facts.timeout_cycles > 0)
        {
            // Simulated time is what counts.
            let silence = u64::from(facts.timeout_cycles) * 3 / 2 + 1000;
            loop {
                let now = self.transport.simulated_cycles().unwrap_or(u64::MAX);
                if now.saturating_sub(first) > silence || Instant::now() > limit {
                    return Ok(());
                }
                let deadline = Instant::now() + self.config.quiet;
                match self.transport.receive(&mut self.buffer, deadline) {
                    Ok(_) => first = self.transport.simulated_cycles().unwrap_or(now),
                    Err(TransportError::Timeout) => {
                        // An idle simulation may stand still: then there is nothing to wait for.
                        if self.transport.simulated_cycles() == Some(now) {
                            return Ok(());
                        }
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
        let mut quiet = self.config.quiet;
        if facts.clock_hz > 0 {
            let card = f64::from(facts.timeout_cycles) / f64::from(facts.clock_hz);
            quiet = quiet.max(Duration::from_secs_f64(1.5 * card)).min(Duration::from_secs(2));
        }
        quiet *= attempt + 1;
        loop {
            match self.transport.receive(&mut self.buffer, Instant::now() + quiet) {
                Ok(_) if Instant::now() > limit + quiet => {
                    return Err(ProtocolError::Babble.into());
                }
                Ok(_) => {}
                Err(TransportError::Timeout) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// How much of what is on its way a failure concerns.
#[derive(Debug)]
enum Extent {
    /// The call: trying again cannot help.
    Fatal,
    /// The first so many requests.
    First(usize),
    /// Everything: the link must be synchronised anew.
    Link,
}

#[derive(Debug)]
struct Failure {
    cause: LinkError,
    extent: Extent,
}

impl Failure {
    fn fatal(error: ProtocolError) -> Self {
        Self { cause: error.into(), extent: Extent::Fatal }
    }

    fn first(count: usize, error: ProtocolError) -> Self {
        Self { cause: error.into(), extent: Extent::First(count) }
    }

    fn link(error: TransportError) -> Self {
        Self { cause: error.into(), extent: Extent::Link }
    }
}

/// Takes an error frame.
fn rejected(header: Header, in_flight: &VecDeque<InFlight>) -> Result<(), Failure> {
    let error = match Reject::from_code(header.param) {
        Some(reason) => ProtocolError::Rejected { reason },
        None => ProtocolError::RejectedUnknown { code: header.param },
    };
    // What the link can do to a frame whose header came through is worth another try.
    let link_fault = matches!(
        error,
        ProtocolError::Rejected {
            reason: Reject::HeaderCrc | Reject::PayloadCrc | Reject::Length | Reject::LinkTimeout
        }
    );
    match position(in_flight, header.tag) {
        Some(at) if link_fault => Err(Failure::first(at + 1, error)),
        Some(_) => Err(Failure::fatal(error)),
        // Nothing else can be meant.
        None if header.tag == TAG_UNKNOWN && in_flight.len() == 1 => Err(Failure::first(1, error)),
        // Which one is meant turns out when a later one is answered, or none is.
        None => Ok(()),
    }
}

/// Puts lost requests back, in their order, in front of those that wait.
fn requeue(
    lost: impl DoubleEndedIterator<Item = InFlight>,
    waiting: &mut VecDeque<Pending>,
    retries: u32,
    cause: LinkError,
    counter: &mut u64,
) -> Result<(), LinkError> {
    for InFlight { mut request, .. } in lost.rev() {
        request.attempts += 1;
        if request.attempts > retries {
            return Err(cause);
        }
        *counter += 1;
        waiting.push_front(request);
    }
    Ok(())
}

fn position(in_flight: &VecDeque<InFlight>, tag: u16) -> Option<usize> {
    in_flight.iter().position(|frame| frame.tag == tag)
}

fn frame_len(payload_len: u32) -> u64 {
    use chaincard_protocol::frame::{HEADER_LEN, TRAILER_LEN};
    u64::from(payload_len) + (HEADER_LEN + TRAILER_LEN) as u64
}

/// Time that `bytes` need on the slowest link that is worth using, 115,200 baud.
fn sending(bytes: usize) -> Duration {
    Duration::from_micros(bytes as u64 * 87)
}
