//! Handles. A handle is a number that is given once and never again, so that one that is null,
//! unknown or closed is recognised; it is never a pointer.

use std::collections::HashMap;
use std::ffi::c_void;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, LazyLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::engine::Engine;
use crate::error::Failure;
use crate::session::Session;

#[derive(Default)]
struct Handles {
    devices: HashMap<usize, Arc<Engine>>,
    /// Sessions, each with its device.
    sessions: HashMap<usize, (usize, Arc<Session>)>,
}

static HANDLES: LazyLock<RwLock<Handles>> = LazyLock::new(RwLock::default);

fn read() -> RwLockReadGuard<'static, Handles> {
    HANDLES.read().unwrap_or_else(PoisonError::into_inner)
}

fn write() -> RwLockWriteGuard<'static, Handles> {
    HANDLES.write().unwrap_or_else(PoisonError::into_inner)
}

/// A handle that nobody had yet.
pub(crate) fn fresh() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    NEXT.fetch_add(1, Relaxed)
}

/// A handle as C has it.
pub(crate) fn to_pointer(handle: usize) -> *mut c_void {
    std::ptr::without_provenance_mut(handle)
}

/// What C has as a handle.
pub(crate) fn of_pointer(handle: *mut c_void) -> usize {
    handle.addr()
}

/// A handle for a device.
pub(crate) fn open_device(engine: Arc<Engine>) -> usize {
    let handle = fresh();
    write().devices.insert(handle, engine);
    handle
}

/// Closes a device and its sessions. Calls that are under way come to their end.
pub(crate) fn close_device(device: usize) -> Result<(), Failure> {
    let mut handles = write();
    let engine = handles.devices.remove(&device).ok_or(Failure::Handle("device"))?;
    let closed: Vec<_> = handles.sessions.extract_if(|_, (of, _)| *of == device).collect();
    drop(handles);
    // Without the lock: the end of an engine waits for its threads.
    drop((engine, closed));
    Ok(())
}

/// A new session of a device.
pub(crate) fn open_session(device: usize) -> Result<usize, Failure> {
    let mut handles = write();
    let engine = handles.devices.get(&device).ok_or(Failure::Handle("device"))?;
    let session = Arc::new(Session::new(Arc::clone(engine)));
    let handle = fresh();
    handles.sessions.insert(handle, (device, session));
    Ok(handle)
}

/// Closes a session.
pub(crate) fn close_session(session: usize) -> Result<(), Failure> {
    let closed = write().sessions.remove(&session);
    closed.map(drop).ok_or(Failure::Handle("session"))
}

/// The session of a handle.
pub(crate) fn session(session: *mut c_void) -> Result<Arc<Session>, Failure> {
    let handles = read();
    let found = handles.sessions.get(&of_pointer(session));
    found.map(|(_, session)| Arc::clone(session)).ok_or(Failure::Handle("session"))
}
