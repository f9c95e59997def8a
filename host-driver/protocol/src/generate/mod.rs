//! What other languages need of the wire format and the register map, as text.
