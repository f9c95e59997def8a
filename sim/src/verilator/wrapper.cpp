// C interface to a verilated design, the same for every design.
//
// The build gives: DESIGN_HEADER, the header of the verilated class; DESIGN, its name;
// DESIGN_PORTS, a list of PORT(index, name); and TRACE when it was verilated with --trace.
// A design has one caller at a time.

#include <cstdint>
#include <memory>

#include DESIGN_HEADER
#include "verilated.h"
#ifdef TRACE
#include "verilated_vcd_c.h"
#endif

#define EXPORT __attribute__((visibility("default")))

namespace {

// Half a clock period in a waveform, in picoseconds.
constexpr uint64_t HALF_PERIOD = 5000;

struct Simulation {
    VerilatedContext context;
    DESIGN design{&context};
    uint64_t cycles = 0;
#ifdef TRACE
    VerilatedVcdC trace;
    bool tracing = false;
#endif

    void set(uint32_t port, uint64_t value) {
        switch (port) {
#define PORT(index, name) case index: design.name = value; break;
            DESIGN_PORTS
#undef PORT
            default: break;
        }
    }

    uint64_t get(uint32_t port) const {
        switch (port) {
#define PORT(index, name) case index: return design.name;
            DESIGN_PORTS
#undef PORT
            default: return 0;
        }
    }

    void settle(uint32_t clock) {
        set(clock, 0);
        design.eval();
#ifdef TRACE
        if (tracing) trace.dump(2 * cycles * HALF_PERIOD);
#endif
    }

    void rise(uint32_t clock) {
        set(clock, 1);
        design.eval();
#ifdef TRACE
        if (tracing) trace.dump((2 * cycles + 1) * HALF_PERIOD);
#endif
        ++cycles;
    }
};

// SplitMix64, as the native engine draws it.
uint64_t next(uint64_t& state) {
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

bool chance(uint64_t& state, uint32_t of_256) {
    return of_256 != 0 && (next(state) >> 56) < of_256;
}

}  // namespace

extern "C" {

// Mirrored by `StreamCall` on the Rust side.
struct Stream {
    uint32_t clock, in_valid, in_ready, out_valid, out_ready;
    uint32_t in_fields, out_fields;
    uint32_t in_stall, out_stall, presented;
    const uint32_t* in_ports;
    const uint32_t* out_ports;
    const uint64_t* in_words;
    uint64_t in_count;
    uint64_t* taken_at;
    uint64_t* out_words;
    uint64_t* given_at;
    uint64_t max_words, max_cycles, idle, settle;
    uint64_t rng;
    // results
    uint64_t cycles, taken, given;
};

EXPORT void* chaincard_create() { return new Simulation; }

EXPORT void chaincard_destroy(void* handle) {
    auto* simulation = static_cast<Simulation*>(handle);
    simulation->design.final();
#ifdef TRACE
    if (simulation->tracing) simulation->trace.close();
#endif
    delete simulation;
}

// Starts a VCD file; 0 when this build cannot.
EXPORT int32_t chaincard_trace(void* handle, const char* path) {
#ifdef TRACE
    auto* simulation = static_cast<Simulation*>(handle);
    simulation->context.traceEverOn(true);
    simulation->design.trace(&simulation->trace, 99);
    simulation->trace.open(path);
    simulation->tracing = simulation->trace.isOpen();
    return simulation->tracing;
#else
    (void)handle, (void)path;
    return 0;
#endif
}

EXPORT void chaincard_set(void* handle, uint32_t port, uint64_t value) {
    static_cast<Simulation*>(handle)->set(port, value);
}

EXPORT uint64_t chaincard_get(void* handle, uint32_t port) {
    return static_cast<Simulation*>(handle)->get(port);
}

EXPORT void chaincard_eval(void* handle) { static_cast<Simulation*>(handle)->design.eval(); }

EXPORT uint64_t chaincard_cycles(void* handle) { return static_cast<Simulation*>(handle)->cycles; }

EXPORT void chaincard_run(void* handle, uint32_t clock, uint64_t cycles) {
    auto& s = *static_cast<Simulation*>(handle);
    for (uint64_t i = 0; i < cycles; ++i) {
        s.settle(clock);
        s.rise(clock);
    }
}

// For each cycle: drives `in` with samples[i], records `out` in recorded[i].
EXPORT void chaincard_play(void* handle, uint32_t clock, uint32_t in, const uint8_t* samples,
                    uint32_t out, uint8_t* recorded, uint64_t cycles) {
    auto& s = *static_cast<Simulation*>(handle);
    for (uint64_t i = 0; i < cycles; ++i) {
        s.set(in, samples[i]);
        s.settle(clock);
        recorded[i] = static_cast<uint8_t>(s.get(out));
        s.rise(clock);
    }
}

EXPORT void chaincard_stream(void* handle, Stream* stream) {
    auto& s = *static_cast<Simulation*>(handle);
    auto& r = *stream;
    uint64_t idle = 0;
    while (r.cycles < r.max_cycles) {
        if (!r.presented && r.taken < r.in_count) r.presented = !chance(r.rng, r.in_stall);
        s.set(r.in_valid, r.presented);
        if (r.presented) {
            const uint64_t* word = r.in_words + r.taken * r.in_fields;
            for (uint32_t f = 0; f < r.in_fields; ++f) s.set(r.in_ports[f], word[f]);
        }
        const bool accepting = !chance(r.rng, r.out_stall);
        s.set(r.out_ready, accepting);
        s.settle(r.clock);
        const bool taken = r.presented && s.get(r.in_ready);
        const bool given = accepting && s.get(r.out_valid);
        if (given) {
            uint64_t* word = r.out_words + r.given * r.out_fields;
            for (uint32_t f = 0; f < r.out_fields; ++f) word[f] = s.get(r.out_ports[f]);
            r.given_at[r.given++] = r.cycles;
        }
        s.rise(r.clock);
        if (taken) {
            r.taken_at[r.taken++] = r.cycles;
            r.presented = 0;
        }
        ++r.cycles;
        idle = taken || given ? 0 : idle + 1;
        const uint64_t bound = r.given > 0 && r.taken == r.in_count ? r.settle : r.idle;
        if (r.given >= r.max_words || idle >= bound) break;
    }
}

}  // extern "C"
