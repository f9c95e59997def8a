//! Multi-scalar multiplication on one device.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ocl::enums::{KernelWorkGroupInfo, KernelWorkGroupInfoResult};
use ocl::flags::{MEM_READ_ONLY, MEM_READ_WRITE, MEM_WRITE_ONLY};
use ocl::{Buffer, Context, Device, Kernel, Program, Queue};

use crate::OpenClError;
use crate::buckets::{Order, buckets, digits, weighed, width, windows};
use crate::device::{DeviceInfo, DeviceType, open};
use crate::memory::{buffer, grow};
use crate::program;

/// Additions in a launch of several windows: launches stay short so that a graphics processor which
/// also drives a screen does not stop them.
const ADDITIONS: usize = 1 << 20;

/// Most terms of a call where the device's memory allows as many.
const MOST_TERMS: usize = 1 << 20;

/// A curve that has kernels; G1 of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MsmCurve {
    /// BN254, EIP-196.
    Bn254,
    /// BLS12-381, draft-irtf-cfrg-pairing-friendly-curves-11.
    Bls12_381,
}

impl MsmCurve {
    /// Every curve.
    pub const ALL: [Self; 2] = [Self::Bn254, Self::Bls12_381];

    /// `bn254`, `bls12-381`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bn254 => "bn254",
            Self::Bls12_381 => "bls12-381",
        }
    }

    /// Bytes of a coordinate: 32, 48.
    pub const fn coordinate_bytes(self) -> usize {
        match self {
            Self::Bn254 => 32,
            Self::Bls12_381 => 48,
        }
    }

    /// Bits of the order of the group: 254, 255. Scalars have no more.
    pub const fn order_bits(self) -> u32 {
        match self {
            Self::Bn254 => 254,
            Self::Bls12_381 => 255,
        }
    }
}

/// Bases in a device's memory, as its kernels take them.
pub struct DeviceBases {
    curve: MsmCurve,
    /// Of which multiplier they are.
    owner: u64,
    residues: Buffer<u64>,
    count: usize,
    /// Numbers of infinite ones: their terms count nothing.
    infinite: Vec<usize>,
}

impl DeviceBases {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// Sums of windows: the sum of all products is that of 2^(c·w) times the sum of window w.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowSums {
    /// Bits of a window, c.
    pub width: u32,
    /// The windows, ⌊bits of the order / c⌋ + 1 of them, from the lowest: X, Y and Z, big-endian,
    /// below p. (X : Y : Z) is the point (X/Z, Y/Z), (0 : Y : 0) is infinity.
    pub sums: Vec<u8>,
}

/// The kernels of multi-scalar multiplication on one device. Calls from several threads take turns.
pub struct Multiplier {
    info: DeviceInfo,
    max_terms: usize,
    state: Mutex<State>,
}

impl Multiplier {
    /// Opens device `index` of [`list`](crate::list).
    ///
    /// # Errors
    /// [`OpenClError::NoDevice`] when there is none of that number, [`OpenClError::Call`] when
    /// the device refuses a context or a queue.
    pub fn open(index: usize) -> Result<Self, OpenClError> {
        Self::open_with(index, true)
    }

    /// Opens device `index`; `extensions` says whether kernels may use integers of 128 bits where
    /// the device's compiler has them, which is faster on processors.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with(index: usize, extensions: bool) -> Result<Self, OpenClError> {
        let (context, device, info) = open(index)?;
        // The largest buffer is that of the pieces' sums: at most one for each addition of a launch.
        let per_term = 3 * 48;
        let allocation = info.max_allocation.min(info.global_memory / 4) / per_term;
        let max_terms = usize::try_from(allocation).unwrap_or(usize::MAX).clamp(1, MOST_TERMS);
        let state = Mutex::new(State::new(context, device, info.device_type, extensions)?);
        Ok(Self { info, max_terms, state })
    }

    /// The device.
    pub fn info(&self) -> &DeviceInfo {
        &self.info
    }

    /// Most terms of one call.
    pub fn max_terms(&self) -> usize {
        self.max_terms
    }

    /// Bytes of the device's memory that so many bases take.
    pub fn bases_bytes(curve: MsmCurve, count: usize) -> usize {
        count.saturating_mul(2 * curve.coordinate_bytes())
    }

    /// Loads bases into the device's memory: x then y, big-endian, below p, of points on the curve;
    /// infinity is all zeros. The first call for a curve compiles its kernels.
    ///
    /// # Errors
    /// [`OpenClError::Bases`], [`OpenClError::TooManyTerms`], otherwise what the device says.
    pub fn prepare(&self, curve: MsmCurve, points: &[u8]) -> Result<DeviceBases, OpenClError> {
        let size = 2 * curve.coordinate_bytes();
        if !points.len().is_multiple_of(size) {
            return Err(OpenClError::Bases { curve: curve.name(), found: points.len() });
        }
        let count = points.len() / size;
        self.check_count(count)?;
        let is_infinite = |point: &[u8]| point.iter().all(|&byte| byte == 0);
        let infinite =
            (0..count).filter(|index| is_infinite(&points[index * size..][..size])).collect();
        let mut state = self.state();
        let residues = state.load(curve, points)?;
        Ok(DeviceBases { curve, owner: state.id, residues, count, infinite })
    }

    /// The sums of all windows for these scalars, big-endian, one for each base.
    ///
    /// # Errors
    /// [`OpenClError::Scalars`], [`OpenClError::ScalarBits`], [`OpenClError::OtherDevice`],
    /// otherwise what the device says.
    pub fn window_sums(
        &self,
        bases: &DeviceBases,
        scalars: &[[u8; 32]],
    ) -> Result<WindowSums, OpenClError> {
        let (curve, count) = (bases.curve, bases.count);
        if scalars.len() != count {
            return Err(OpenClError::Scalars { found: scalars.len(), needed: count });
        }
        let bits = curve.order_bits();
        if let Some(index) = scalars.iter().position(|k| k[0].leading_zeros() < 256 - bits) {
            return Err(OpenClError::ScalarBits { index, bits });
        }
        let width = width(bits, count);
        let mut by_window = vec![0; windows(bits, width) * count];
        for (index, scalar) in scalars.iter().enumerate() {
            for (window, digit) in digits(scalar, bits, width).enumerate() {
                by_window[window * count + index] = digit;
            }
        }
        for digits in by_window.chunks_exact_mut(count.max(1)) {
            for &index in &bases.infinite {
                digits[index] = 0;
            }
        }
        let sums = self.state().window_sums(bases, width, &by_window)?;
        Ok(WindowSums { width, sums })
    }

    fn check_count(&self, found: usize) -> Result<(), OpenClError> {
        let max = self.max_terms;
        if found <= max { Ok(()) } else { Err(OpenClError::TooManyTerms { found, max }) }
    }

    /// A panic in another thread cannot leave a launch half set up: all buffers are written and
    /// all arguments set anew before each.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Kernels of one curve.
struct Compiled {
    load_bases: Kernel,
    add_pieces: Kernel,
    weigh_buckets: Kernel,
    add_windows: Kernel,
}

/// Everything that a launch needs, kept from one to the next.
struct State {
    /// No other of this process has it.
    id: u64,
    context: Context,
    device: Device,
    queue: Queue,
    /// Work-items in a group where the device takes as many.
    group: usize,
    extensions: bool,
    curves: HashMap<MsmCurve, Compiled>,
    order: Order,
    bytes: Buffer<u8>,
    entries: Buffer<u32>,
    ends: Buffer<u32>,
    pieces: Buffer<u32>,
    partials: Buffer<u64>,
    sums: Buffer<u64>,
    results: Buffer<u8>,
}

impl State {
    fn new(
        context: Context,
        device: Device,
        kind: DeviceType,
        extensions: bool,
    ) -> Result<Self, OpenClError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let queue =
            Queue::new(&context, device, None).map_err(OpenClError::call("make a queue"))?;
        Ok(Self {
            id: NEXT.fetch_add(1, Relaxed),
            // A processor runs the work-items of a group one after the other.
            group: if kind == DeviceType::Cpu { 1 } else { 64 },
            extensions,
            curves: HashMap::new(),
            order: Order::default(),
            bytes: buffer(&queue, MEM_READ_ONLY, 1 << 10)?,
            entries: buffer(&queue, MEM_READ_ONLY, 1 << 10)?,
            ends: buffer(&queue, MEM_READ_ONLY, 1 << 10)?,
            pieces: buffer(&queue, MEM_READ_ONLY, 1 << 10)?,
            partials: buffer(&queue, MEM_READ_WRITE, 1 << 10)?,
            sums: buffer(&queue, MEM_READ_WRITE, 1 << 10)?,
            results: buffer(&queue, MEM_WRITE_ONLY, 1 << 10)?,
            context,
            device,
            queue,
        })
    }

    /// Bases as residues in the device's memory.
    fn load(&mut self, curve: MsmCurve, points: &[u8]) -> Result<Buffer<u64>, OpenClError> {
        let residues = buffer(&self.queue, MEM_READ_WRITE, (points.len() / 8).max(1))?;
        if points.is_empty() {
            return Ok(residues);
        }
        grow(&mut self.bytes, &self.queue, MEM_READ_ONLY, points.len())?;
        self.bytes.write(points).enq().map_err(OpenClError::call("write bases"))?;
        self.compile(curve)?;
        let kernel = &self.curves[&curve].load_bases;
        let count = points.len() / curve.coordinate_bytes();
        let arguments = || {
            kernel.set_arg(0, &self.bytes)?;
            kernel.set_arg(1, &residues)?;
            // At most twice MOST_TERMS.
            kernel.set_arg(2, count as u32)
        };
        arguments().map_err(OpenClError::call("set kernel arguments"))?;
        // SAFETY: the kernel takes these three arguments, and work-item i < count stays within
        // coordinate i of both buffers, which have `count` of them.
        unsafe { self.start(kernel, count) }?;
        // The bytes serve the next bases.
        self.queue.finish().map_err(OpenClError::call("wait for a kernel"))?;
        Ok(residues)
    }

    /// The sums of all windows, from the digits of the bases, window by window.
    fn window_sums(
        &mut self,
        bases: &DeviceBases,
        width: u32,
        digits: &[i16],
    ) -> Result<Vec<u8>, OpenClError> {
        if bases.owner != self.id {
            return Err(OpenClError::OtherDevice);
        }
        let curve = bases.curve;
        let windows = windows(curve.order_bits(), width);
        let size = 3 * curve.coordinate_bytes();
        let mut sums = vec![0; windows * size];
        if bases.is_empty() {
            // (0 : 1 : 0).
            sums.chunks_exact_mut(size).for_each(|sum| sum[2 * size / 3 - 1] = 1);
            return Ok(sums);
        }
        self.compile(curve)?;
        let together = (ADDITIONS / bases.count).max(1);
        let parts = digits.chunks(together * bases.count);
        for (digits, sums) in parts.zip(sums.chunks_mut(together * size)) {
            let mut order = std::mem::take(&mut self.order);
            order.fill(bases.count, width, digits);
            let launched = self.launch(bases, width, &order, sums);
            self.order = order;
            launched?;
        }
        Ok(sums)
    }

    /// Adds up some windows.
    fn launch(
        &mut self,
        bases: &DeviceBases,
        width: u32,
        order: &Order,
        sums: &mut [u8],
    ) -> Result<(), OpenClError> {
        let coordinate = bases.curve.coordinate_bytes();
        let words = 3 * coordinate / 8;
        let windows = sums.len() / (3 * coordinate);
        let (buckets, length) = (buckets(width), weighed(width));
        let parts = buckets.div_ceil(length);
        let Self { queue, entries, ends, pieces, partials, results, .. } = self;
        for (buffer, values) in
            [(entries, &order.entries), (ends, &order.ends), (pieces, &order.pieces)]
        {
            if !values.is_empty() {
                grow(buffer, queue, MEM_READ_ONLY, values.len())?;
                buffer.write(values).enq().map_err(OpenClError::call("write terms"))?;
            }
        }
        grow(partials, queue, MEM_READ_WRITE, order.ends.len() * words)?;
        grow(&mut self.sums, queue, MEM_READ_WRITE, windows * parts * words)?;
        grow(results, queue, MEM_WRITE_ONLY, sums.len())?;

        // All counts are at most ADDITIONS, or the entries of one window.
        let compiled = &self.curves[&bases.curve];
        let arguments = || {
            let kernel = &compiled.add_pieces;
            kernel.set_arg(0, &bases.residues)?;
            kernel.set_arg(1, &self.entries)?;
            kernel.set_arg(2, &self.ends)?;
            kernel.set_arg(3, &self.partials)?;
            kernel.set_arg(4, order.ends.len() as u32)?;
            let kernel = &compiled.weigh_buckets;
            kernel.set_arg(0, &self.partials)?;
            kernel.set_arg(1, &self.pieces)?;
            kernel.set_arg(2, &self.sums)?;
            kernel.set_arg(3, (windows * parts) as u32)?;
            kernel.set_arg(4, buckets as u32)?;
            kernel.set_arg(5, length as u32)?;
            let kernel = &compiled.add_windows;
            kernel.set_arg(0, &self.sums)?;
            kernel.set_arg(1, &self.results)?;
            kernel.set_arg(2, windows as u32)?;
            kernel.set_arg(3, parts as u32)
        };
        arguments().map_err(OpenClError::call("set kernel arguments"))?;
        // SAFETY: each kernel takes the arguments that are set. Pieces end within `entries`, whose
        // numbers are below the number of bases, and buckets end within the pieces (`Order::fill`
        // sees to both). There is room for the sum of each piece, of each part of each window, and
        // for three coordinates of each window.
        unsafe {
            if !order.ends.is_empty() {
                self.start(&compiled.add_pieces, order.ends.len())?;
            }
            self.start(&compiled.weigh_buckets, windows * parts)?;
            self.start(&compiled.add_windows, windows)?;
        }
        self.results.read(sums).enq().map_err(OpenClError::call("read sums"))
    }

    /// Starts `count` > 0 work-items, and more to fill a group.
    ///
    /// # Safety
    /// All arguments of the kernel are set, and its first `count` work-items stay within them.
    unsafe fn start(&self, kernel: &Kernel, count: usize) -> Result<(), OpenClError> {
        let most = match kernel.wg_info(self.device, KernelWorkGroupInfo::WorkGroupSize) {
            Ok(KernelWorkGroupInfoResult::WorkGroupSize(most)) => most,
            _ => 1,
        };
        let group = self.group.min(most.max(1));
        let command = kernel.cmd().queue(&self.queue);
        let command =
            command.global_work_size(count.next_multiple_of(group)).local_work_size(group);
        // SAFETY: the caller's promise; work-items from `count` on do nothing.
        unsafe { command.enq() }.map_err(OpenClError::call("start a kernel"))
    }

    fn compile(&mut self, curve: MsmCurve) -> Result<(), OpenClError> {
        if self.curves.contains_key(&curve) {
            return Ok(());
        }
        let mut builder = Program::builder();
        builder.source(program::msm_source(curve)).devices(self.device);
        if !self.extensions {
            builder.cmplr_def("STANDARD", 1);
        }
        let program =
            builder.build(&self.context).map_err(OpenClError::call("compile a kernel"))?;
        let kernel = |name| {
            let mut builder = Kernel::builder();
            builder.program(&program).name(name).queue(self.queue.clone());
            builder
        };
        let load = OpenClError::call;
        let compiled = Compiled {
            load_bases: kernel("load_bases")
                .arg(&self.bytes)
                .arg(&self.partials)
                .arg(0u32)
                .build()
                .map_err(load("load a kernel"))?,
            add_pieces: kernel("add_pieces")
                .arg(&self.partials)
                .arg(&self.entries)
                .arg(&self.ends)
                .arg(&self.partials)
                .arg(0u32)
                .build()
                .map_err(load("load a kernel"))?,
            weigh_buckets: kernel("weigh_buckets")
                .arg(&self.partials)
                .arg(&self.pieces)
                .arg(&self.sums)
                .arg(0u32)
                .arg(0u32)
                .arg(0u32)
                .build()
                .map_err(load("load a kernel"))?,
            add_windows: kernel("add_windows")
                .arg(&self.sums)
                .arg(&self.results)
                .arg(0u32)
                .arg(0u32)
                .build()
                .map_err(load("load a kernel"))?,
        };
        self.curves.insert(curve, compiled);
        Ok(())
    }
}
