//! The emitted Verilog under Verilator: built into a shared library, cached, and loaded.
//!
//! The library has the same small C interface for every design (`wrapper.cpp`): ports by
//! number, whole streams in one call.

mod build;
mod find;
mod ports;

pub use build::{Built, Source, build, cache_dir};
pub use find::Verilator;
pub use ports::{Direction, MAX_WIDTH, Port, parse};

use crate::SimError;
use crate::stream::{Limits, Pacer, PortNames, SplitMix64, StreamRun};
use libloading::Library;
use std::collections::HashMap;
use std::ffi::{CString, c_char, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::ptr::NonNull;
use std::sync::{LazyLock, Mutex, PoisonError};

/// Number of a port in [`Model::ports`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PortId(u32);

/// A number that no port has; the library ignores it.
const NO_PORT: u32 = u32::MAX;

/// The streams of a model, found once.
#[derive(Clone, Debug)]
pub struct StreamPorts {
    clock: PortId,
    input: (PortId, PortId),
    in_fields: Vec<u32>,
    output: (PortId, PortId),
    out_fields: Vec<u32>,
}

/// One instance of a design under Verilator.
pub struct Model {
    api: &'static Api,
    handle: NonNull<c_void>,
    top: String,
    ports: Vec<Port>,
}

// SAFETY: an instance is reached through its handle alone, has a context of its own, and the
// library keeps no state of a thread between calls; `&mut self` keeps callers one at a time.
unsafe impl Send for Model {}

impl Model {
    /// Builds `verilog` (or finds it in the cache) and makes an instance of its module `top`.
    ///
    /// # Errors
    /// [`SimError::VerilatorNotFound`] when callers should fall back to native simulation;
    /// otherwise what building or loading says.
    pub fn new(verilog: &str, top: &str) -> Result<Self, SimError> {
        Self::open(&Source { verilog, top, trace: false })
    }

    /// As [`new`](Self::new), with VCD output to `path` from the first cycle on (time unit:
    /// 1 ps, clock period: 10 ns).
    ///
    /// # Errors
    /// As [`new`](Self::new), and [`SimError::Wave`] when the file cannot be written.
    pub fn traced(verilog: &str, top: &str, path: &Path) -> Result<Self, SimError> {
        let model = Self::open(&Source { verilog, top, trace: true })?;
        let failed = || SimError::Wave(format!("cannot write {}", path.display()));
        let name = CString::new(path.as_os_str().as_bytes()).map_err(|_| failed())?;
        // SAFETY: the handle is alive and the name ends with a zero.
        if unsafe { (model.api.trace)(model.handle.as_ptr(), name.as_ptr()) } == 0 {
            return Err(failed());
        }
        Ok(model)
    }

    fn open(source: &Source<'_>) -> Result<Self, SimError> {
        let built = build(&Verilator::find()?, source, &cache_dir())?;
        let api = Api::load(&built.library)?;
        // SAFETY: takes nothing, gives an instance of its own.
        let handle = unsafe { (api.create)() };
        let handle = NonNull::new(handle).expect("operator new throws instead of giving null");
        Ok(Self { api, handle, top: source.top.to_owned(), ports: built.ports })
    }

    /// Ports of the top module.
    pub fn ports(&self) -> &[Port] {
        &self.ports
    }

    /// The port with this name.
    ///
    /// # Errors
    /// [`SimError::NoSuchPort`].
    pub fn port(&self, name: &str) -> Result<PortId, SimError> {
        let index = self.ports.iter().position(|port| port.name == name);
        index
            .map(|index| PortId(index as u32))
            .ok_or_else(|| SimError::NoSuchPort { design: self.top.clone(), port: name.to_owned() })
    }

    /// The streams with these port names.
    ///
    /// # Errors
    /// [`SimError::NoSuchPort`].
    pub fn stream_ports(&self, names: &PortNames<'_>) -> Result<StreamPorts, SimError> {
        let fields = |names: &[&str]| -> Result<Vec<u32>, SimError> {
            names.iter().map(|name| Ok(self.port(name)?.0)).collect()
        };
        let in_field = |name: &&str| self.port(name).map_or(NO_PORT, |port| port.0);
        Ok(StreamPorts {
            clock: self.port(names.clock)?,
            input: (self.port(names.input.0)?, self.port(names.input.1)?),
            in_fields: names.in_fields.iter().map(in_field).collect(),
            output: (self.port(names.output.0)?, self.port(names.output.1)?),
            out_fields: fields(names.out_fields)?,
        })
    }

    /// Drives an input. Bits beyond the port's width must be 0.
    pub fn set(&mut self, port: PortId, value: u64) {
        debug_assert!(value.checked_shr(self.ports[port.0 as usize].width).unwrap_or(0) == 0);
        // SAFETY: the handle is alive; the library ignores numbers it does not have.
        unsafe { (self.api.set)(self.handle.as_ptr(), port.0, value) }
    }

    /// Value of a port.
    pub fn get(&self, port: PortId) -> u64 {
        // SAFETY: as for `set`.
        unsafe { (self.api.get)(self.handle.as_ptr(), port.0) }
    }

    /// Settles the logic with the inputs as they are.
    pub fn eval(&mut self) {
        // SAFETY: the handle is alive.
        unsafe { (self.api.eval)(self.handle.as_ptr()) }
    }

    /// Rising edges so far.
    pub fn cycle(&self) -> u64 {
        // SAFETY: the handle is alive.
        unsafe { (self.api.cycles)(self.handle.as_ptr()) }
    }

    /// `cycles` clock cycles with the inputs as they are.
    pub fn run(&mut self, clock: PortId, cycles: u64) {
        // SAFETY: the handle is alive.
        unsafe { (self.api.run)(self.handle.as_ptr(), clock.0, cycles) }
    }

    /// One cycle for each sample: drives `input` with it and replaces it in `recorded` by
    /// what `output` was before the rising edge.
    ///
    /// # Panics
    /// When `samples` and `recorded` differ in length.
    pub fn play(
        &mut self,
        clock: PortId,
        (input, samples): (PortId, &[u8]),
        (output, recorded): (PortId, &mut [u8]),
    ) {
        assert_eq!(samples.len(), recorded.len(), "one recorded sample for each played one");
        // SAFETY: the handle is alive and both buffers have the length that is passed.
        unsafe {
            (self.api.play)(
                self.handle.as_ptr(),
                clock.0,
                input.0,
                samples.as_ptr(),
                output.0,
                recorded.as_mut_ptr(),
                samples.len() as u64,
            );
        }
    }

    /// As [`Native::stream`](crate::native::Native::stream).
    pub fn stream(
        &mut self,
        ports: &StreamPorts,
        input: &[u64],
        pacer: &mut Pacer,
        limits: &Limits,
    ) -> StreamRun {
        let count = input.len() / ports.in_fields.len();
        let capacity = (limits.words as u64).min(limits.cycles) as usize;
        let mut taken_at = vec![0; count];
        let mut words = vec![0; capacity * ports.out_fields.len()];
        let mut given_at = vec![0; capacity];
        let mut call = StreamCall {
            clock: ports.clock.0,
            in_valid: ports.input.0.0,
            in_ready: ports.input.1.0,
            out_valid: ports.output.0.0,
            out_ready: ports.output.1.0,
            in_fields: ports.in_fields.len() as u32,
            out_fields: ports.out_fields.len() as u32,
            in_stall: u32::from(pacer.stalls.input),
            out_stall: u32::from(pacer.stalls.output),
            presented: u32::from(pacer.presented),
            in_ports: ports.in_fields.as_ptr(),
            out_ports: ports.out_fields.as_ptr(),
            in_words: input.as_ptr(),
            in_count: count as u64,
            taken_at: taken_at.as_mut_ptr(),
            out_words: words.as_mut_ptr(),
            given_at: given_at.as_mut_ptr(),
            max_words: capacity as u64,
            max_cycles: limits.cycles,
            idle: limits.idle,
            settle: limits.settle,
            rng: pacer.rng.0,
            cycles: 0,
            taken: 0,
            given: 0,
        };
        // SAFETY: the handle is alive. The library reads `count` words of `in_fields` values
        // and writes at most `count` times to `taken_at`, `max_words` times to the output
        // buffers, which are that large: it stops when `given` reaches `max_words`, and one
        // word a cycle cannot be more than `max_cycles`.
        unsafe { (self.api.stream)(self.handle.as_ptr(), &mut call) };
        pacer.rng = SplitMix64(call.rng);
        pacer.presented = call.presented != 0;
        taken_at.truncate(call.taken as usize);
        words.truncate(call.given as usize * ports.out_fields.len());
        given_at.truncate(call.given as usize);
        StreamRun { cycles: call.cycles, taken: call.taken as usize, taken_at, words, given_at }
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        // SAFETY: the handle came from `create` and is not used again.
        unsafe { (self.api.destroy)(self.handle.as_ptr()) }
    }
}

/// Mirrors `Stream` in `wrapper.cpp`.
#[repr(C)]
struct StreamCall {
    clock: u32,
    in_valid: u32,
    in_ready: u32,
    out_valid: u32,
    out_ready: u32,
    in_fields: u32,
    out_fields: u32,
    in_stall: u32,
    out_stall: u32,
    presented: u32,
    in_ports: *const u32,
    out_ports: *const u32,
    in_words: *const u64,
    in_count: u64,
    taken_at: *mut u64,
    out_words: *mut u64,
    given_at: *mut u64,
    max_words: u64,
    max_cycles: u64,
    idle: u64,
    settle: u64,
    rng: u64,
    cycles: u64,
    taken: u64,
    given: u64,
}

type Handle = *mut c_void;

/// The functions of a loaded library, which stays loaded: C++ leaves destructors of threads
/// behind that must not be unmapped, and there are few designs.
struct Api {
    create: unsafe extern "C" fn() -> Handle,
    destroy: unsafe extern "C" fn(Handle),
    trace: unsafe extern "C" fn(Handle, *const c_char) -> i32,
    set: unsafe extern "C" fn(Handle, u32, u64),
    get: unsafe extern "C" fn(Handle, u32) -> u64,
    eval: unsafe extern "C" fn(Handle),
    cycles: unsafe extern "C" fn(Handle) -> u64,
    run: unsafe extern "C" fn(Handle, u32, u64),
    play: unsafe extern "C" fn(Handle, u32, u32, *const u8, u32, *mut u8, u64),
    stream: unsafe extern "C" fn(Handle, *mut StreamCall),
}

impl Api {
    fn load(path: &Path) -> Result<&'static Self, SimError> {
        static LOADED: LazyLock<Mutex<HashMap<PathBuf, &'static Api>>> =
            LazyLock::new(Mutex::default);
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(api) = loaded.get(path) {
            return Ok(api);
        }
        let error = |source| SimError::Load { path: path.to_owned(), source };
        // SAFETY: the file was built by this crate from `wrapper.cpp`; its initialisers are
        // those of Verilator's library. The types below are those of the wrapper, whose text
        // is part of the file's name.
        let api = unsafe {
            let library = Box::leak(Box::new(Library::new(path).map_err(error)?));
            Self {
                create: *library.get(b"chaincard_create\0").map_err(error)?,
                destroy: *library.get(b"chaincard_destroy\0").map_err(error)?,
                trace: *library.get(b"chaincard_trace\0").map_err(error)?,
                set: *library.get(b"chaincard_set\0").map_err(error)?,
                get: *library.get(b"chaincard_get\0").map_err(error)?,
                eval: *library.get(b"chaincard_eval\0").map_err(error)?,
                cycles: *library.get(b"chaincard_cycles\0").map_err(error)?,
                run: *library.get(b"chaincard_run\0").map_err(error)?,
                play: *library.get(b"chaincard_play\0").map_err(error)?,
                stream: *library.get(b"chaincard_stream\0").map_err(error)?,
            }
        };
        let api: &'static Self = Box::leak(Box::new(api));
        loaded.insert(path.to_owned(), api);
        Ok(api)
    }
}
