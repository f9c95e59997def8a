//! A card host as other processes meet it.

mod cards;
mod common;
mod http;
mod outage;
