//! Python bindings of chaincard
