//! What to do with a product, as it accompanies the product through the stages.

use rust_hdl::prelude::*;

/// Bits of a word of flags.
///
/// | bit | meaning |
/// | --- | --- |
/// | 0 | a Montgomery reduction |
/// | 1 | the prime is P-256's, if bit 0 is set |
/// | 2 | a reduction by folding |
/// | 3 | by secp256k1's prime |
/// | 4 | the high half is wanted |
pub(super) type Flags = Bits<5>;

/// Flags of a product in its stages.
///
/// | port | cycles |
/// | --- | --- |
/// | `low` | 20 … 35 |
/// | `next_high` | 36 … 51 |
/// | `high` | 39 … 54 |
/// | `product` | 45 … 60 |
/// | `fold` | 46 … 61 |
/// | `over` | 62 … 77 |
/// | `over_product` | 67 … 82 |
/// | `over_fold` | 68 … 83 |
#[derive(LogicBlock, Default)]
pub(super) struct Control {
    pub clock: Signal<In, Clock>,
    pub phase: Signal<In, Bits<4>>,
    pub kind: Signal<In, Bits<2>>,
    pub curve: Signal<In, Bits<2>>,
    pub low: Signal<Out, Bits<5>>,
    pub next_high: Signal<Out, Bits<5>>,
    pub high: Signal<Out, Bits<5>>,
    pub product: Signal<Out, Bits<5>>,
    pub fold: Signal<Out, Bits<5>>,
    pub over: Signal<Out, Bits<5>>,
    pub over_product: Signal<Out, Bits<5>>,
    pub over_fold: Signal<Out, Bits<5>>,
    field: Signal<Local, Bit>,
    flags_0: DFF<Flags>,
    flags_16: DFF<Flags>,
    flags_19: DFF<Flags>,
    flags_35: DFF<Flags>,
    flags_38: DFF<Flags>,
    flags_44: DFF<Flags>,
    flags_45: DFF<Flags>,
    flags_61: DFF<Flags>,
    flags_66: DFF<Flags>,
    flags_67: DFF<Flags>,
}

impl Logic for Control {
    #[hdl_gen]
    fn update(&mut self) {
        // A register is named after the cycle at whose end it takes the flags.
        dff_setup!(
            self, clock, flags_0, flags_16, flags_19, flags_35, flags_38, flags_44, flags_45,
            flags_61, flags_66, flags_67
        );
        self.field.next = self.kind.val() == 0;
        if self.phase.val() == 0 {
            self.flags_0.d.next = 0.into();
            if self.kind.val() == 2 {
                self.flags_0.d.next = 16.into();
            }
            if self.field.val() {
                if self.curve.val() == 0 {
                    self.flags_0.d.next = 12.into();
                }
                if self.curve.val() == 1 {
                    self.flags_0.d.next = 1.into();
                }
                if self.curve.val() == 2 {
                    self.flags_0.d.next = 4.into();
                }
                if self.curve.val() == 3 {
                    self.flags_0.d.next = 3.into();
                }
            }
            self.flags_16.d.next = self.flags_0.q.val();
        }
        if self.phase.val() == 3 {
            self.flags_19.d.next = self.flags_16.q.val();
            self.flags_35.d.next = self.flags_19.q.val();
            self.flags_67.d.next = self.flags_66.q.val();
        }
        if self.phase.val() == 6 {
            self.flags_38.d.next = self.flags_35.q.val();
        }
        if self.phase.val() == 12 {
            self.flags_44.d.next = self.flags_38.q.val();
        }
        if self.phase.val() == 13 {
            self.flags_45.d.next = self.flags_44.q.val();
            self.flags_61.d.next = self.flags_45.q.val();
        }
        if self.phase.val() == 2 {
            self.flags_66.d.next = self.flags_61.q.val();
        }
        self.low.next = self.flags_19.q.val();
        self.next_high.next = self.flags_35.q.val();
        self.high.next = self.flags_38.q.val();
        self.product.next = self.flags_44.q.val();
        self.fold.next = self.flags_45.q.val();
        self.over.next = self.flags_61.q.val();
        self.over_product.next = self.flags_66.q.val();
        self.over_fold.next = self.flags_67.q.val();
    }
}
