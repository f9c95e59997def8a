//! Batches on one device: launches, buffers, pieces of long messages.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use ocl::enums::{KernelWorkGroupInfo, KernelWorkGroupInfoResult};
use ocl::flags::{MEM_READ_ONLY, MEM_READ_WRITE, MEM_WRITE_ONLY};
use ocl::{Buffer, Context, Device, Kernel, Program, Queue};

use crate::device::{DeviceInfo, open};
use crate::memory::{buffer, grow};
use crate::{Algorithm, OpenClError};

/// Words of chaining value that a piece leaves for the next one: the state of Keccak.
const STATE_WORDS: usize = 25;

/// Work-items in a group, where the device takes as many. It is always the same, so that a
/// device which compiles kernels anew for each size does it once.
const GROUP: usize = 64;

/// How much goes into one launch. Launches stay short so that a graphics processor which
/// also drives a screen does not stop them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most message bytes in a launch of several messages.
    pub bytes: usize,
    /// Most messages in a launch.
    pub messages: usize,
    /// Longest message, or piece of a message, that one work-item hashes in one launch.
    pub piece: usize,
}

impl Limits {
    /// 64 MiB, 2^20 messages, and 8 MiB for one work-item, or less on a device that is smaller.
    pub fn of(device: &DeviceInfo) -> Self {
        let allocation = device.max_allocation.min(device.global_memory / 4);
        let allocation = usize::try_from(allocation).unwrap_or(usize::MAX).max(1 << 16);
        let bytes = allocation.min(64 << 20);
        Self { bytes, messages: (allocation / 64).min(1 << 20), piece: bytes.min(8 << 20) }
    }

    /// The same with no limit below what the kernels need: a message, a block.
    fn at_least_one(self) -> Self {
        let piece = self.piece.max(256);
        Self { bytes: self.bytes.max(piece), messages: self.messages.max(1), piece }
    }
}

/// The kernels on one device. Calls from several threads take turns.
pub struct Hasher {
    info: DeviceInfo,
    limits: Limits,
    state: Mutex<State>,
}

impl Hasher {
    /// Opens device `index` of [`list`](crate::list) with the usual [`Limits`].
    ///
    /// # Errors
    /// [`OpenClError::NoDevice`] when there is none of that number, [`OpenClError::Call`] when
    /// the device refuses a context, a queue or a kernel.
    pub fn open(index: usize) -> Result<Self, OpenClError> {
        Self::open_device(index, Limits::of)
    }

    /// Opens device `index` with other limits; those too small to work with are raised.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with(index: usize, limits: Limits) -> Result<Self, OpenClError> {
        Self::open_device(index, |_| limits)
    }

    fn open_device(
        index: usize,
        limits: impl FnOnce(&DeviceInfo) -> Limits,
    ) -> Result<Self, OpenClError> {
        let (context, device, info) = open(index)?;
        let state = State::new(context, device)?;
        let limits = limits(&info).at_least_one();
        Ok(Self { info, limits, state: Mutex::new(state) })
    }

    /// The device.
    pub fn info(&self) -> &DeviceInfo {
        &self.info
    }

    /// Writes the digests of a batch, back to back, to `digests`. Message i is
    /// `data[ends[i - 1]..ends[i]]`, the first one from 0. The first call for an algorithm
    /// compiles its kernel.
    ///
    /// # Errors
    /// [`OpenClError::Ends`] when `ends` does not ascend or passes the end of `data`,
    /// [`OpenClError::OutputLength`] when `digests` is not exactly as long as all digests,
    /// otherwise what the device says; `digests` is unspecified then.
    pub fn hash(
        &self,
        algorithm: Algorithm,
        data: &[u8],
        ends: &[usize],
        digests: &mut [u8],
    ) -> Result<(), OpenClError> {
        check(algorithm, data, ends, digests)?;
        // A panic in another thread cannot leave a launch half set up: all arguments are set
        // anew before each.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut first = 0;
        while first < ends.len() {
            let start = if first == 0 { 0 } else { ends[first - 1] };
            let digest_len = algorithm.digest_len();
            if ends[first] - start > self.limits.piece {
                let digest = &mut digests[first * digest_len..][..digest_len];
                state.hash_long(algorithm, &data[start..ends[first]], self.limits.piece, digest)?;
                first += 1;
                continue;
            }
            let count = self.launch_len(start, &ends[first..]);
            let batch = &ends[first..first + count];
            let end = batch[count - 1];
            let digests = &mut digests[first * digest_len..][..count * digest_len];
            state.hash_batch(algorithm, &data[start..end], start, batch, digests)?;
            first += count;
        }
        Ok(())
    }

    /// How many of the messages that end at `ends` go into the next launch; the first one,
    /// from `start`, does.
    fn launch_len(&self, start: usize, ends: &[usize]) -> usize {
        let mut previous = start;
        let fits = ends.iter().take(self.limits.messages).take_while(|&&end| {
            let len = end - previous;
            previous = end;
            end - start <= self.limits.bytes && len <= self.limits.piece
        });
        fits.count()
    }
}

fn check(
    algorithm: Algorithm,
    data: &[u8],
    ends: &[usize],
    digests: &[u8],
) -> Result<(), OpenClError> {
    let mut previous = 0;
    for (index, &end) in ends.iter().enumerate() {
        if end < previous || end > data.len() {
            return Err(OpenClError::Ends { index });
        }
        previous = end;
    }
    let needed = ends.len() * algorithm.digest_len();
    if digests.len() != needed {
        return Err(OpenClError::OutputLength { found: digests.len(), needed });
    }
    Ok(())
}

/// Whether this launch begins and ends its messages.
#[derive(Clone, Copy)]
struct Piece {
    before: u64,
    last: bool,
}

impl Piece {
    const WHOLE: Self = Self { before: 0, last: true };
}

/// Everything that a launch needs, kept from one to the next.
struct State {
    context: Context,
    device: Device,
    queue: Queue,
    /// With the number of work-items in a group.
    kernels: HashMap<Algorithm, (Kernel, usize)>,
    data: Buffer<u8>,
    ends: Buffer<u64>,
    digests: Buffer<u8>,
    chaining: Buffer<u64>,
    relative: Vec<u64>,
}

impl State {
    fn new(context: Context, device: Device) -> Result<Self, OpenClError> {
        let queue =
            Queue::new(&context, device, None).map_err(OpenClError::call("make a queue"))?;
        Ok(Self {
            data: buffer(&queue, MEM_READ_ONLY, 1 << 16)?,
            ends: buffer(&queue, MEM_READ_ONLY, 1 << 10)?,
            digests: buffer(&queue, MEM_WRITE_ONLY, 1 << 16)?,
            chaining: buffer(&queue, MEM_READ_WRITE, STATE_WORDS)?,
            kernels: HashMap::new(),
            relative: Vec::new(),
            context,
            device,
            queue,
        })
    }

    /// One message in pieces of at most `piece` bytes.
    fn hash_long(
        &mut self,
        algorithm: Algorithm,
        message: &[u8],
        piece: usize,
        digest: &mut [u8],
    ) -> Result<(), OpenClError> {
        let piece = piece - piece % algorithm.block_len();
        let mut before = 0;
        while before < message.len() {
            let end = message.len().min(before + piece);
            let state = Piece { before: before as u64, last: end == message.len() };
            self.launch(algorithm, &message[before..end], &[(end - before) as u64], state)?;
            before = end;
        }
        self.digests.read(digest).enq().map_err(OpenClError::call("read digests"))
    }

    /// Messages that fit one launch; `data` begins at `start`, from which `ends` count on.
    fn hash_batch(
        &mut self,
        algorithm: Algorithm,
        data: &[u8],
        start: usize,
        ends: &[usize],
        digests: &mut [u8],
    ) -> Result<(), OpenClError> {
        let mut relative = std::mem::take(&mut self.relative);
        relative.clear();
        relative.extend(ends.iter().map(|&end| (end - start) as u64));
        let launched = self.launch(algorithm, data, &relative, Piece::WHOLE);
        self.relative = relative;
        launched?;
        self.digests.read(digests).enq().map_err(OpenClError::call("read digests"))
    }

    fn launch(
        &mut self,
        algorithm: Algorithm,
        data: &[u8],
        ends: &[u64],
        piece: Piece,
    ) -> Result<(), OpenClError> {
        grow(&mut self.data, &self.queue, MEM_READ_ONLY, data.len())?;
        grow(&mut self.ends, &self.queue, MEM_READ_ONLY, ends.len())?;
        let output = ends.len() * algorithm.digest_len();
        grow(&mut self.digests, &self.queue, MEM_WRITE_ONLY, output)?;
        if !data.is_empty() {
            self.data.write(data).enq().map_err(OpenClError::call("write messages"))?;
        }
        self.ends.write(ends).enq().map_err(OpenClError::call("write message ends"))?;

        if !self.kernels.contains_key(&algorithm) {
            let kernel = self.compile(algorithm)?;
            self.kernels.insert(algorithm, kernel);
        }
        let (kernel, group) = &self.kernels[&algorithm];
        // At most Limits::messages.
        let count = ends.len() as u32;
        set_arguments(kernel, self, count, piece)
            .map_err(OpenClError::call("set kernel arguments"))?;
        let items = ends.len().next_multiple_of(*group);
        let command = kernel.cmd().queue(&self.queue).global_work_size(items);
        // SAFETY: the kernel takes these seven arguments, and work-item i < count stays within
        // `data` (ends ascend to data.len()), `ends`, `digests` (grown above) and `state`
        // (touched only by single messages in pieces).
        unsafe { command.local_work_size(*group).enq() }
            .map_err(OpenClError::call("start a kernel"))
    }

    fn compile(&self, algorithm: Algorithm) -> Result<(Kernel, usize), OpenClError> {
        let program = Program::builder()
            .source(algorithm.source())
            .devices(self.device)
            .build(&self.context)
            .map_err(OpenClError::call("compile a kernel"))?;
        let kernel = Kernel::builder()
            .program(&program)
            .name(algorithm.kernel_name())
            .queue(self.queue.clone())
            .arg(&self.data)
            .arg(&self.ends)
            .arg(&self.digests)
            .arg(&self.chaining)
            .arg(0u32)
            .arg(0u64)
            .arg(0u32)
            .build()
            .map_err(OpenClError::call("load a kernel"))?;
        let most = match kernel.wg_info(self.device, KernelWorkGroupInfo::WorkGroupSize) {
            Ok(KernelWorkGroupInfoResult::WorkGroupSize(most)) => most,
            _ => 1,
        };
        Ok((kernel, GROUP.min(most.max(1))))
    }
}

fn set_arguments(kernel: &Kernel, state: &State, count: u32, piece: Piece) -> ocl::Result<()> {
    kernel.set_arg(0, &state.data)?;
    kernel.set_arg(1, &state.ends)?;
    kernel.set_arg(2, &state.digests)?;
    kernel.set_arg(3, &state.chaining)?;
    kernel.set_arg(4, count)?;
    kernel.set_arg(5, piece.before)?;
    kernel.set_arg(6, u32::from(piece.last))
}
