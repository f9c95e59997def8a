//! The field units against integers of any size.

mod add;
mod bench;
mod mul;
