//! Stepping a RustHDL design directly, without the threads of `rust_hdl`'s `Simulation`.

use crate::SimError;
use crate::stream::{Limits, Pacer, Ports, StreamRun};
use rust_hdl::core::vcd_probe::{VCDProbe, write_vcd_change, write_vcd_dump, write_vcd_header};
use rust_hdl::prelude::{Block, simulate};
use std::io::Write;

/// Iterations after which combinational logic counts as oscillating.
const MAX_ITERATIONS: usize = 200;

/// Half a clock period in a waveform, in picoseconds (100 MHz).
const HALF_PERIOD: u64 = 5_000;

type Trace = VCDProbe<Box<dyn Write + Send>>;

/// A RustHDL design under simulation.
///
/// A cycle is: set inputs, [`settle`](Self::settle), read outputs, [`rise`](Self::rise).
pub struct Native<D: Block> {
    design: Box<D>,
    set_clock: fn(&mut D, bool),
    cycle: u64,
    trace: Option<Trace>,
}

impl<D: Block> Native<D> {
    /// Connects `design`; `set_clock` drives its clock port.
    ///
    /// # Errors
    /// [`SimError::NoConvergence`] when its logic does not settle.
    pub fn new(design: D, set_clock: fn(&mut D, bool)) -> Result<Self, SimError> {
        let mut design = Box::new(design);
        design.connect_all();
        let mut native = Self { design, set_clock, cycle: 0, trace: None };
        native.settle()?;
        Ok(native)
    }

    /// Writes every signal, from the next change on, to `sink` as VCD (time unit: 1 ps,
    /// clock period: 10 ns). The sink must not fail: give it memory or a buffered file.
    pub fn trace(&mut self, sink: impl Write + Send + 'static) {
        let sink: Box<dyn Write + Send> = Box::new(sink);
        self.trace = Some(write_vcd_dump(write_vcd_header(sink, &*self.design), &*self.design));
    }

    /// Ends the VCD output and flushes its sink.
    pub fn end_trace(&mut self) {
        self.trace = None;
    }

    /// The design, to set inputs and read outputs.
    pub fn design(&mut self) -> &mut D {
        &mut self.design
    }

    /// Rising edges so far.
    pub fn cycle(&self) -> u64 {
        self.cycle
    }

    /// Lowers the clock and settles the combinational logic.
    ///
    /// # Errors
    /// [`SimError::NoConvergence`].
    pub fn settle(&mut self) -> Result<(), SimError> {
        (self.set_clock)(&mut self.design, false);
        self.simulate()?;
        self.write_trace(2 * self.cycle * HALF_PERIOD)
    }

    /// Rising edge, then settles.
    ///
    /// # Errors
    /// [`SimError::NoConvergence`].
    pub fn rise(&mut self) -> Result<(), SimError> {
        (self.set_clock)(&mut self.design, true);
        self.simulate()?;
        self.write_trace((2 * self.cycle + 1) * HALF_PERIOD)?;
        self.cycle += 1;
        Ok(())
    }

    /// `cycles` clock cycles with the inputs as they are.
    ///
    /// # Errors
    /// [`SimError::NoConvergence`].
    pub fn run(&mut self, cycles: u64) -> Result<(), SimError> {
        for _ in 0..cycles {
            self.settle()?;
            self.rise()?;
        }
        Ok(())
    }

    /// Pushes the words of `input` (one value a field) into the design's input stream and
    /// takes what its output stream gives, until a limit is reached.
    ///
    /// # Errors
    /// [`SimError::NoConvergence`].
    pub fn stream<P: Ports<D>>(
        &mut self,
        ports: &P,
        input: &[u64],
        pacer: &mut Pacer,
        limits: &Limits,
    ) -> Result<StreamRun, SimError> {
        let count = input.len() / P::IN_FIELDS;
        let mut run = StreamRun::default();
        let mut idle = 0;
        while run.cycles < limits.cycles {
            let presented = pacer.present(run.taken < count);
            let word = presented.then(|| &input[run.taken * P::IN_FIELDS..][..P::IN_FIELDS]);
            ports.drive(&mut self.design, word, pacer.accept());
            self.settle()?;
            let taken = presented && ports.input_ready(&self.design);
            let given = pacer.accepting() && ports.output(&self.design, &mut run.words);
            self.rise()?;
            if taken {
                run.taken += 1;
                run.taken_at.push(run.cycles);
                pacer.taken();
            }
            if given {
                run.given_at.push(run.cycles);
            }
            run.cycles += 1;
            idle = if taken || given { 0 } else { idle + 1 };
            if limits.reached(run.given_at.len(), run.taken == count, idle) {
                break;
            }
        }
        Ok(run)
    }

    fn simulate(&mut self) -> Result<(), SimError> {
        if simulate(&mut *self.design, MAX_ITERATIONS) {
            return Ok(());
        }
        Err(SimError::NoConvergence { design: std::any::type_name::<D>(), cycle: self.cycle })
    }

    fn write_trace(&mut self, time: u64) -> Result<(), SimError> {
        if let Some(mut trace) = self.trace.take() {
            trace.timestamp(time).map_err(|error| SimError::Wave(error.to_string()))?;
            self.trace = Some(write_vcd_change(trace, &*self.design));
        }
        Ok(())
    }
}
