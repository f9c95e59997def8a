//! Batches of signatures on one device.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chaincard_protocol::verify::{
    Hashing, ITEM_HEAD, MAX_USER_ID, Profile, Scheme, Verdict, VerifyParam,
};
use ocl::enums::{KernelWorkGroupInfo, KernelWorkGroupInfoResult};
use ocl::flags::{MEM_READ_ONLY, MEM_READ_WRITE, MEM_WRITE_ONLY};
use ocl::{Buffer, Context, Device, Kernel, Program, Queue};

use crate::OpenClError;
use crate::curve::SM2;
use crate::device::{DeviceInfo, DeviceType, open};
use crate::memory::{buffer, grow};
use crate::program::{self, BASE_MULTIPLES, HEAD_R, HEAD_S, HEAD_X, HEAD_Y, Rules};

/// Bytes of a recovered key: x and y.
const KEY_LEN: usize = 64;

/// A signature with the key and the message that it is for; all numbers big-endian, those of
/// Ed25519 as encoded.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// Flags of [`chaincard_protocol::verify`]: shape of the key, recovery id.
    pub flags: u32,
    /// r; Ed25519: R.
    pub r: [u8; 32],
    /// s; Ed25519: S.
    pub s: [u8; 32],
    /// x of the key; Ed25519: A; recovery: not looked at.
    pub x: [u8; 32],
    /// y of the key where it is neither compressed nor of Ed25519, nor to be recovered.
    pub y: [u8; 32],
    /// Message, or the digest of 32 bytes.
    pub message: &'a [u8],
}

/// How signatures are verified: how much goes into one launch, and by which kernels. Launches
/// stay short so that a graphics processor which also drives a screen does not stop them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Most signatures.
    pub items: usize,
    /// Most message bytes in a launch of several signatures.
    pub bytes: usize,
    /// Whether kernels may use integers of 128 bits where the device's compiler has them, which
    /// is faster on processors.
    pub extensions: bool,
}

impl Settings {
    /// 2^14 signatures and 64 MiB of messages, or less on a device that is smaller.
    pub fn of(device: &DeviceInfo) -> Self {
        let allocation = device.max_allocation.min(device.global_memory / 4);
        Self {
            items: 1 << 14,
            bytes: usize::try_from(allocation).unwrap_or(usize::MAX).min(64 << 20),
            extensions: true,
        }
    }
}

/// The verification kernels on one device. Calls from several threads take turns.
pub struct Verifier {
    info: DeviceInfo,
    settings: Settings,
    state: Mutex<State>,
}

impl Verifier {
    /// Opens device `index` of [`list`](crate::list) with the usual [`Settings`].
    ///
    /// # Errors
    /// [`OpenClError::NoDevice`] when there is none of that number, [`OpenClError::Call`] when
    /// the device refuses a context or a queue.
    pub fn open(index: usize) -> Result<Self, OpenClError> {
        Self::open_device(index, Settings::of)
    }

    /// Opens device `index` with other settings; at least one signature goes into a launch.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with(index: usize, settings: Settings) -> Result<Self, OpenClError> {
        Self::open_device(index, |_| settings)
    }

    fn open_device(
        index: usize,
        settings: impl FnOnce(&DeviceInfo) -> Settings,
    ) -> Result<Self, OpenClError> {
        let (context, device, info) = open(index)?;
        let settings = settings(&info);
        let state = Mutex::new(State::new(context, device, info.device_type, settings.extensions)?);
        Ok(Self { info, settings, state })
    }

    /// The device.
    pub fn info(&self) -> &DeviceInfo {
        &self.info
    }

    /// Writes the verdict on each item to the same place in `verdicts`. `user_id` is that of SM2
    /// with [`Hashing::Sm3`]. The first call for a scheme compiles its kernels.
    ///
    /// # Errors
    /// [`OpenClError::OutputLength`] when there are not as many verdicts as items,
    /// [`OpenClError::Hashing`], [`OpenClError::DigestLength`] or [`OpenClError::UserIdLength`]
    /// when the call makes no sense, otherwise what the device says; `verdicts` is unspecified
    /// then.
    pub fn verify(
        &self,
        param: VerifyParam,
        user_id: &[u8],
        items: &[Item<'_>],
        verdicts: &mut [Verdict],
    ) -> Result<(), OpenClError> {
        check(param, user_id, items, verdicts.len())?;
        self.run(Operation::Verify, param, user_id, items, verdicts, &mut [])
    }

    /// Recovers the public key of each item, x and y big-endian, zeros unless the verdict is
    /// [`Verdict::Valid`]. For secp256k1 only.
    ///
    /// # Errors
    /// [`OpenClError::NoRecovery`] for other schemes, otherwise as [`verify`](Self::verify).
    pub fn recover(
        &self,
        param: VerifyParam,
        items: &[Item<'_>],
        verdicts: &mut [Verdict],
        keys: &mut [[u8; KEY_LEN]],
    ) -> Result<(), OpenClError> {
        let scheme = param.profile.scheme();
        if scheme != Scheme::Secp256k1 {
            return Err(OpenClError::NoRecovery { scheme: scheme.name() });
        }
        check(param, &[], items, verdicts.len())?;
        check_output(keys.len(), items.len())?;
        self.run(Operation::Recover, param, &[], items, verdicts, keys.as_flattened_mut())
    }

    fn run(
        &self,
        operation: Operation,
        param: VerifyParam,
        user_id: &[u8],
        items: &[Item<'_>],
        verdicts: &mut [Verdict],
        keys: &mut [u8],
    ) -> Result<(), OpenClError> {
        // A panic in another thread cannot leave a launch half set up: all buffers are written
        // and all arguments set anew before each.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut first = 0;
        while first < items.len() {
            let count = self.launch_len(&items[first..]);
            let batch = &items[first..first + count];
            state.launch(operation, param, user_id, batch)?;
            state.read_verdicts(param.profile, &mut verdicts[first..first + count])?;
            if operation == Operation::Recover {
                let keys = &mut keys[first * KEY_LEN..(first + count) * KEY_LEN];
                state.keys.read(keys).enq().map_err(OpenClError::call("read keys"))?;
            }
            first += count;
        }
        Ok(())
    }

    /// How many of the items go into the next launch; the first one does.
    fn launch_len(&self, items: &[Item<'_>]) -> usize {
        let mut bytes = 0usize;
        let fits = items.iter().take(self.settings.items).take_while(|item| {
            bytes = bytes.saturating_add(item.message.len());
            bytes <= self.settings.bytes
        });
        fits.count().max(1)
    }
}

fn check(
    param: VerifyParam,
    user_id: &[u8],
    items: &[Item<'_>],
    outputs: usize,
) -> Result<(), OpenClError> {
    let scheme = param.profile.scheme();
    if !scheme.takes(param.hashing) {
        return Err(OpenClError::Hashing { scheme: scheme.name(), hashing: param.hashing.name() });
    }
    if param.hashing == Hashing::Sm3 && user_id.len() > MAX_USER_ID {
        return Err(OpenClError::UserIdLength { found: user_id.len() });
    }
    if param.hashing == Hashing::Digest
        && let Some(index) = items.iter().position(|item| item.message.len() != 32)
    {
        return Err(OpenClError::DigestLength { index, found: items[index].message.len() });
    }
    check_output(outputs, items.len())
}

fn check_output(found: usize, needed: usize) -> Result<(), OpenClError> {
    if found == needed { Ok(()) } else { Err(OpenClError::OutputLength { found, needed }) }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Operation {
    Verify,
    Recover,
}

impl Operation {
    const fn kernel_name(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Recover => "recover",
        }
    }
}

/// A compiled program of one scheme.
struct Compiled {
    program: Program,
    /// Multiples of the base point, which the program itself has made.
    multiples: Buffer<u64>,
    /// With the number of work-items in a group.
    kernels: HashMap<Operation, (Kernel, usize)>,
}

/// Everything that a launch needs, kept from one to the next.
struct State {
    context: Context,
    device: Device,
    queue: Queue,
    /// Work-items in a group where the device takes as many.
    group: usize,
    extensions: bool,
    programs: HashMap<Scheme, Compiled>,
    heads: Buffer<u8>,
    data: Buffer<u8>,
    ends: Buffer<u64>,
    id: Buffer<u8>,
    verdicts: Buffer<u32>,
    keys: Buffer<u8>,
    packed: Packed,
}

/// A batch as the kernels take it.
#[derive(Default)]
struct Packed {
    heads: Vec<u8>,
    data: Vec<u8>,
    ends: Vec<u64>,
    codes: Vec<u32>,
}

impl Packed {
    fn fill(&mut self, items: &[Item<'_>]) {
        self.heads.clear();
        self.data.clear();
        self.ends.clear();
        for item in items {
            let mut head = [0; ITEM_HEAD];
            head[..HEAD_R].copy_from_slice(&item.flags.to_le_bytes());
            head[HEAD_R..HEAD_S].copy_from_slice(&item.r);
            head[HEAD_S..HEAD_X].copy_from_slice(&item.s);
            head[HEAD_X..HEAD_Y].copy_from_slice(&item.x);
            head[HEAD_Y..].copy_from_slice(&item.y);
            self.heads.extend_from_slice(&head);
            self.data.extend_from_slice(item.message);
            self.ends.push(self.data.len() as u64);
        }
    }
}

/// What stands before the key in ZA (GB/T 32918.2, section 5.5): length of the user id in bits,
/// user id, a, b and base point.
fn identity(user_id: &[u8]) -> Vec<u8> {
    // At most MAX_USER_ID bytes: the length in bits fits.
    let bits = (user_id.len() * 8) as u16;
    [&bits.to_be_bytes()[..], user_id, &SM2.parameter_bytes()].concat()
}

impl State {
    fn new(
        context: Context,
        device: Device,
        kind: DeviceType,
        extensions: bool,
    ) -> Result<Self, OpenClError> {
        let queue =
            Queue::new(&context, device, None).map_err(OpenClError::call("make a queue"))?;
        Ok(Self {
            // A processor runs the work-items of a group one after the other.
            group: if kind == DeviceType::Cpu { 1 } else { 64 },
            extensions,
            programs: HashMap::new(),
            heads: buffer(&queue, MEM_READ_ONLY, 1 << 10)?,
            data: buffer(&queue, MEM_READ_ONLY, 1 << 10)?,
            ends: buffer(&queue, MEM_READ_ONLY, 1 << 4)?,
            id: buffer(&queue, MEM_READ_ONLY, 1 << 8)?,
            verdicts: buffer(&queue, MEM_WRITE_ONLY, 1 << 4)?,
            keys: buffer(&queue, MEM_WRITE_ONLY, 1 << 10)?,
            packed: Packed::default(),
            context,
            device,
            queue,
        })
    }

    fn launch(
        &mut self,
        operation: Operation,
        param: VerifyParam,
        user_id: &[u8],
        items: &[Item<'_>],
    ) -> Result<(), OpenClError> {
        self.write(items)?;
        grow(&mut self.verdicts, &self.queue, MEM_WRITE_ONLY, items.len())?;
        if operation == Operation::Recover {
            grow(&mut self.keys, &self.queue, MEM_WRITE_ONLY, items.len() * KEY_LEN)?;
        }
        let mut id_len = 0;
        if param.hashing == Hashing::Sm3 {
            let id = identity(user_id);
            id_len = id.len() as u32;
            grow(&mut self.id, &self.queue, MEM_READ_ONLY, id.len())?;
            self.id.write(&id).enq().map_err(OpenClError::call("write a user id"))?;
        }

        let scheme = param.profile.scheme();
        self.load(scheme, operation)?;
        let compiled = &self.programs[&scheme];
        let (kernel, group) = &compiled.kernels[&operation];
        // At most Settings::items, or what fits the memory.
        let count = items.len() as u32;
        set_arguments(kernel, self, &compiled.multiples, id_len, count, param)
            .map_err(OpenClError::call("set kernel arguments"))?;
        let work = items.len().next_multiple_of(*group);
        let command = kernel.cmd().queue(&self.queue).global_work_size(work);
        // SAFETY: the kernel takes these eleven arguments, and work-item i < count stays within
        // `heads`, `data` (ends ascend to its length), `ends`, `id` (id_len bytes of it),
        // `multiples` (indices below BASE_MULTIPLES), `verdicts`, and `keys` (grown above for
        // the kernel that writes them); a digest is read whole, and has 32 bytes (`check`).
        unsafe { command.local_work_size(*group).enq() }
            .map_err(OpenClError::call("start a kernel"))
    }

    fn write(&mut self, items: &[Item<'_>]) -> Result<(), OpenClError> {
        self.packed.fill(items);
        let Packed { heads, data, ends, .. } = &self.packed;
        grow(&mut self.heads, &self.queue, MEM_READ_ONLY, heads.len())?;
        grow(&mut self.data, &self.queue, MEM_READ_ONLY, data.len())?;
        grow(&mut self.ends, &self.queue, MEM_READ_ONLY, ends.len())?;
        self.heads.write(heads).enq().map_err(OpenClError::call("write signatures"))?;
        if !data.is_empty() {
            self.data.write(data).enq().map_err(OpenClError::call("write messages"))?;
        }
        self.ends.write(ends).enq().map_err(OpenClError::call("write message ends"))
    }

    fn read_verdicts(
        &mut self,
        profile: Profile,
        verdicts: &mut [Verdict],
    ) -> Result<(), OpenClError> {
        let codes = &mut self.packed.codes;
        codes.resize(verdicts.len(), 0);
        self.verdicts.read(&mut codes[..]).enq().map_err(OpenClError::call("read verdicts"))?;
        for (verdict, &code) in verdicts.iter_mut().zip(codes.iter()) {
            let known = u8::try_from(code).ok().and_then(Verdict::from_code);
            *verdict = known.ok_or(OpenClError::Verdict { code })?.under(profile);
        }
        Ok(())
    }

    /// Compiles what the scheme and the operation need, where that has not been done.
    fn load(&mut self, scheme: Scheme, operation: Operation) -> Result<(), OpenClError> {
        if !self.programs.contains_key(&scheme) {
            let compiled = self.compile(scheme)?;
            self.programs.insert(scheme, compiled);
        }
        let compiled = &self.programs[&scheme];
        if !compiled.kernels.contains_key(&operation) {
            let kernel = self.kernel(compiled, operation)?;
            if let Some(compiled) = self.programs.get_mut(&scheme) {
                compiled.kernels.insert(operation, kernel);
            }
        }
        Ok(())
    }

    fn compile(&self, scheme: Scheme) -> Result<Compiled, OpenClError> {
        let mut builder = Program::builder();
        builder.source(program::source(scheme)).devices(self.device);
        if !self.extensions {
            builder.cmplr_def("STANDARD", 1);
        }
        let program =
            builder.build(&self.context).map_err(OpenClError::call("compile a kernel"))?;
        let words = program::point_len(scheme) / 8 * BASE_MULTIPLES;
        let multiples = buffer(&self.queue, MEM_READ_WRITE, words)?;
        let kernel = Kernel::builder()
            .program(&program)
            .name("base_multiples")
            .queue(self.queue.clone())
            .arg(&multiples)
            .build()
            .map_err(OpenClError::call("load a kernel"))?;
        // SAFETY: the kernel takes this one argument, and writes BASE_MULTIPLES points to it.
        unsafe { kernel.cmd().global_work_size(1).local_work_size(1).enq() }
            .map_err(OpenClError::call("start a kernel"))?;
        Ok(Compiled { program, multiples, kernels: HashMap::new() })
    }

    fn kernel(
        &self,
        compiled: &Compiled,
        operation: Operation,
    ) -> Result<(Kernel, usize), OpenClError> {
        let kernel = Kernel::builder()
            .program(&compiled.program)
            .name(operation.kernel_name())
            .queue(self.queue.clone())
            .arg(&self.heads)
            .arg(&self.data)
            .arg(&self.ends)
            .arg(&self.id)
            .arg(0u32)
            .arg(&compiled.multiples)
            .arg(&self.verdicts)
            .arg(&self.keys)
            .arg(0u32)
            .arg(0u32)
            .arg(0u32)
            .build()
            .map_err(OpenClError::call("load a kernel"))?;
        let most = match kernel.wg_info(self.device, KernelWorkGroupInfo::WorkGroupSize) {
            Ok(KernelWorkGroupInfoResult::WorkGroupSize(most)) => most,
            _ => 1,
        };
        Ok((kernel, self.group.min(most.max(1))))
    }
}

fn set_arguments(
    kernel: &Kernel,
    state: &State,
    multiples: &Buffer<u64>,
    id_len: u32,
    count: u32,
    param: VerifyParam,
) -> ocl::Result<()> {
    kernel.set_arg(0, &state.heads)?;
    kernel.set_arg(1, &state.data)?;
    kernel.set_arg(2, &state.ends)?;
    kernel.set_arg(3, &state.id)?;
    kernel.set_arg(4, id_len)?;
    kernel.set_arg(5, multiples)?;
    kernel.set_arg(6, &state.verdicts)?;
    kernel.set_arg(7, &state.keys)?;
    kernel.set_arg(8, count)?;
    kernel.set_arg(9, u32::from(param.hashing.code()))?;
    kernel.set_arg(10, Rules::of(param.profile) as u32)
}
