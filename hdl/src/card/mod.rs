//! The card: command processor, engines, buses and tops.
