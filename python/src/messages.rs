//! Python's messages as [`Messages`], without copying where that is sound.

use chaincard::Messages;
use numpy::{
    PyArray1, PyArray2, PyArrayDescrMethods, PyReadonlyArray2, PyUntypedArray,
    PyUntypedArrayMethods,
};
use numpy::{PyArrayMethods, dtype};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyList, PyMemoryView, PyString};

/// What a batch is made of, for error messages.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    many: &'static str,
    one: &'static str,
}

impl Part {
    pub(crate) const MESSAGES: Self = Self { many: "messages", one: "message" };
    pub(crate) const PUBLIC_KEYS: Self = Self { many: "public keys", one: "public key" };
    pub(crate) const SIGNATURES: Self = Self { many: "signatures", one: "signature" };
    pub(crate) const POINTS: Self = Self { many: "points", one: "point" };
    pub(crate) const SCALARS: Self = Self { many: "scalars", one: "scalar" };
    pub(crate) const BLOBS: Self = Self { many: "blobs", one: "blob" };

    pub(crate) fn one(self) -> &'static str {
        self.one
    }

    pub(crate) fn many(self) -> &'static str {
        self.many
    }
}

/// A batch in the shape in which Python gave it, with what keeps its memory alive.
pub(crate) enum Batch<'py> {
    /// Rows of a C-contiguous array, borrowed: the borrow flag of the array is held, so that
    /// no Rust code writes to it meanwhile. Python code that writes to the array from
    /// another thread during the call gets digests of a mixture, as with any numpy function
    /// that releases the GIL.
    Rows { array: PyReadonlyArray2<'py, u8>, len: usize, count: usize },
    /// Rows of any other array, copied.
    Copied { data: Vec<u8>, len: usize, count: usize },
    /// `bytes` objects only, borrowed: they are immutable, and each is kept alive.
    Bytes(Vec<Bound<'py, PyBytes>>),
    /// Anything else that has bytes, copied one behind the other: a `bytearray` may be
    /// resized, and its memory freed, by another thread while the GIL is released.
    Packed { data: Vec<u8>, ends: Vec<usize> },
}

impl<'py> Batch<'py> {
    /// Reads a two-dimensional `uint8` array or an iterable of bytes-like objects.
    ///
    /// # Errors
    /// `ValueError` for an array of another shape or type, `TypeError` for anything else.
    pub(crate) fn extract(messages: &Bound<'py, PyAny>, part: Part) -> PyResult<Self> {
        if let Ok(array) = messages.cast::<PyUntypedArray>() {
            return Self::from_array(array, part);
        }
        if messages.is_instance_of::<PyBytes>()
            || messages.is_instance_of::<PyByteArray>()
            || messages.is_instance_of::<PyMemoryView>()
            || messages.is_instance_of::<PyString>()
        {
            let Part { many, one } = part;
            return Err(PyTypeError::new_err(format!(
                "{many} must be a 2-D uint8 array or a list of bytes-like objects; \
                 put a single {one} in a list",
            )));
        }
        Self::from_iterable(messages, part)
    }

    fn from_array(array: &Bound<'py, PyUntypedArray>, part: Part) -> PyResult<Self> {
        let many = part.many;
        check_uint8(array)?;
        let [count, len] = *array.shape() else {
            return Err(PyValueError::new_err(format!(
                "{many} must have 2 dimensions ({many}, bytes), not {}",
                array.ndim()
            )));
        };
        let array = array.cast::<PyArray2<u8>>()?;
        let array = array.try_readonly().map_err(|error| {
            PyValueError::new_err(format!("{many} are being written to: {error}"))
        })?;
        // `as_slice` takes column-major arrays too, in their own order.
        if array.is_c_contiguous() {
            return Ok(Self::Rows { array, len, count });
        }
        // `iter` is in logical, that is row-major, order.
        Ok(Self::Copied { data: array.as_array().iter().copied().collect(), len, count })
    }

    fn from_iterable(messages: &Bound<'py, PyAny>, part: Part) -> PyResult<Self> {
        let mut objects = Vec::with_capacity(messages.len().unwrap_or(0));
        let mut all_bytes = true;
        for message in messages.try_iter()? {
            let message = message?;
            all_bytes &= message.is_instance_of::<PyBytes>();
            objects.push(message);
        }
        if all_bytes {
            let bytes: Result<Vec<_>, _> =
                objects.into_iter().map(|object| object.cast_into::<PyBytes>()).collect();
            return Ok(Self::Bytes(bytes.map_err(PyErr::from)?));
        }
        let mut data = Vec::new();
        let mut ends = Vec::with_capacity(objects.len());
        for (index, object) in objects.iter().enumerate() {
            append(&mut data, object, part.one, index)?;
            ends.push(data.len());
        }
        Ok(Self::Packed { data, ends })
    }

    /// Number of messages.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Rows { count, .. } | Self::Copied { count, .. } => *count,
            Self::Bytes(bytes) => bytes.len(),
            Self::Packed { ends, .. } => ends.len(),
        }
    }

    /// The batch as Python objects that another process can be sent: a C-contiguous array, or a
    /// list of `bytes`. What is one already is not copied.
    pub(crate) fn into_objects(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Rows { array, .. } => Ok((**array).clone().into_any()),
            Self::Copied { data, len, count } => {
                Ok(PyArray1::from_vec(py, data).reshape([count, len])?.into_any())
            }
            Self::Bytes(bytes) => Ok(PyList::new(py, bytes)?.into_any()),
            Self::Packed { data, ends } => {
                let starts = std::iter::once(0).chain(ends.iter().copied());
                let messages = starts.zip(&ends).map(|(start, end)| {
                    // Ends are those of messages in the data.
                    PyBytes::new(py, &data[start..*end])
                });
                Ok(PyList::new(py, messages.collect::<Vec<_>>())?.into_any())
            }
        }
    }

    /// Calls `action` with the messages.
    pub(crate) fn with<R>(&self, action: impl FnOnce(Messages<'_>) -> R) -> PyResult<R> {
        Ok(match self {
            Self::Rows { array, len, count } => {
                action(Messages::Rows { data: array.as_slice()?, len: *len, count: *count })
            }
            Self::Copied { data, len, count } => {
                action(Messages::Rows { data, len: *len, count: *count })
            }
            Self::Bytes(bytes) => {
                let slices: Vec<&[u8]> = bytes.iter().map(|bytes| bytes.as_bytes()).collect();
                action(Messages::Slices(&slices))
            }
            Self::Packed { data, ends } => action(Messages::Packed { data, ends }),
        })
    }
}

/// `ValueError` unless the elements are `uint8`.
pub(crate) fn check_uint8(array: &Bound<'_, PyUntypedArray>) -> PyResult<()> {
    if array.dtype().is_equiv_to(&dtype::<u8>(array.py())) {
        Ok(())
    } else {
        Err(PyValueError::new_err(format!("dtype must be uint8, not {}", array.dtype())))
    }
}

/// Appends the bytes of one bytes-like object.
fn append(data: &mut Vec<u8>, object: &Bound<'_, PyAny>, one: &str, index: usize) -> PyResult<()> {
    if let Ok(bytes) = object.cast::<PyBytes>() {
        data.extend_from_slice(bytes.as_bytes());
        return Ok(());
    }
    if let Ok(array) = object.cast::<PyUntypedArray>() {
        check_uint8(array).map_err(|error| at(one, index, error, object.py()))?;
        if array.ndim() != 1 {
            return Err(PyValueError::new_err(format!(
                "{one} {index} must have 1 dimension, not {}",
                array.ndim()
            )));
        }
    }
    let view = PyMemoryView::from(object).map_err(|_| {
        PyTypeError::new_err(format!(
            "{one} {index} must be a bytes-like object, not {}",
            object.get_type()
        ))
    })?;
    let bytes = view.call_method0("tobytes")?;
    data.extend_from_slice(bytes.cast::<PyBytes>()?.as_bytes());
    Ok(())
}

/// The same error, telling which one.
fn at(one: &str, index: usize, error: PyErr, py: Python<'_>) -> PyErr {
    PyValueError::new_err(format!("{one} {index}: {}", error.value(py)))
}
