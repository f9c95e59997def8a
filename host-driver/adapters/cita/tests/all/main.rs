//! The service as a node meets it: through the generated client.

mod bounds;
mod calls;
mod common;
mod outage;
mod program;
