//! C interface of chaincard
