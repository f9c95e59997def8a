// FIFO with hold and rewind, four words: no overflow, no underflow, every word comes out with
// the data and in the place in which it went in, and what is there is offered in time.
module fifo_proof (
    input clock,
    input reset,
    input in_valid,
    input [3:0] in_data,
    input out_ready,
    input hold,
    input rewind
);
    wire in_ready, out_valid;
    wire [3:0] out_data;
    fifo_4x4 dut (.clock(clock), .reset(reset), .in_valid(in_valid), .in_ready(in_ready),
        .in_data(in_data), .out_valid(out_valid), .out_ready(out_ready), .out_data(out_data),
        .hold(hold), .rewind(rewind));

    // State inside, connected by the script.
    (* keep *) wire [15:0] dut_write, dut_read, dut_taken, dut_mark;
    (* keep *) wire dut_fetched;
    (* keep *) wire [3:0] dut_fetch, word_0, word_1, word_2, word_3;

    wire enter = in_valid && in_ready;
    wire leave = out_valid && out_ready;

    // Words written, taken, and taken when `hold` rose, counted at the ports alone, modulo 8:
    // more than the four words that fit, so that full and empty differ.
    reg [2:0] written = 0, taken = 0, mark = 0;
    wire [2:0] taken_next = rewind ? mark : taken + leave;
    always @(posedge clock) begin
        written <= reset ? 0 : written + enter;
        taken <= reset ? 0 : taken_next;
        if (!hold) mark <= taken_next;
        if (reset) mark <= 0;
    end
    wire [2:0] kept = written - mark;

    // The latest word with the number `chosen`.
    (* anyconst *) reg [2:0] chosen;
    reg [3:0] word = 0;
    reg known = 0;
    always @(posedge clock) begin
        if (enter && written == chosen) begin
            word <= in_data;
            known <= 1;
        end
        if (reset) known <= 0;
    end
    wire [2:0] chosen_at = chosen - mark;
    wire inside = chosen_at < kept;

    // Cycles in which a word is there and none is offered.
    wire waiting = !out_valid && taken != written;
    reg [2:0] waited = 0;
    always @(posedge clock) waited <= waiting && !rewind && !reset ? waited + 1 : 0;

    wire [15:0] words = {word_3, word_2, word_1, word_0};

    wire [2:0] taken_at = taken - mark;
    wire [2:0] read_at = dut_read[2:0] - mark;
    always @(*) begin
        // What is shown.
        assert (kept <= 4);
        assert (in_ready == (kept != 4));
        if (out_valid) assert (taken != written);
        if (out_valid && taken == chosen) assert (known && out_data == word);
        assert (waited <= 1 || !waiting);
        assert (waited <= 2);

        // What makes it inductive.
        assert (dut_write == written && dut_taken == taken && dut_mark == mark);
        assert (taken_at <= kept && read_at <= kept && dut_read < 8);
        assert (dut_read[2:0] == taken + {2'b0, out_valid});
        if (dut_fetched) begin
            assert (read_at < kept);
            assert (dut_fetch == words[4 * dut_read[1:0] +: 4]);
        end
        if (out_valid) assert (out_data == words[4 * taken[1:0] +: 4]);
        if (inside) assert (known && words[4 * chosen[1:0] +: 4] == word);
    end

    reg past = 0;
    always @(posedge clock) begin
        past <= 1;
        if (past && $past(out_valid && !out_ready && !rewind && !reset)) begin
            assert (out_valid);
            assert (out_data == $past(out_data));
        end
        cover (kept == 4 && taken == written);
        cover (past && $past(rewind && taken_at == 3) && inside);
        cover (leave && out_data == 4'hA && written == 3'd1 && mark == 3'd7);
    end
endmodule
