// Skid buffer: nothing lost, nothing doubled, words in order, outputs steady while they wait.
module skid_proof (
    input clock,
    input reset,
    input in_valid,
    input [3:0] in_data,
    input out_ready
);
    wire in_ready, out_valid;
    wire [3:0] out_data;
    skid_4 dut (.clock(clock), .reset(reset), .in_valid(in_valid), .in_ready(in_ready),
        .in_data(in_data), .out_valid(out_valid), .out_ready(out_ready), .out_data(out_data));

    // State inside, connected by the script.
    (* keep *) wire [3:0] second;

    wire enter = in_valid && in_ready;
    wire leave = out_valid && out_ready;

    // Words inside, counted at the ports alone.
    reg [1:0] count = 0;
    always @(posedge clock) count <= reset ? 0 : count + enter - leave;

    // One word, picked at any time, followed to the way out.
    (* anyseq *) reg pick;
    reg watching = 0;
    reg [1:0] ahead = 0;
    reg [3:0] word = 0;
    always @(posedge clock) begin
        if (!watching && enter && pick) begin
            watching <= 1;
            ahead <= count - leave;
            word <= in_data;
        end else if (watching && leave) begin
            if (ahead == 0) watching <= 0;
            ahead <= ahead - 1;
        end
        if (reset) watching <= 0;
    end

    always @(*) begin
        // No overflow, no underflow, no word that never came.
        assert (count == {1'b0, out_valid} + {1'b0, !in_ready});
        assert (in_ready || out_valid);
        if (watching) begin
            assert (ahead < count);
            if (ahead == 0) assert (out_data == word);
            if (ahead == 1) assert (second == word);
        end
    end

    reg past = 0;
    always @(posedge clock) begin
        past <= 1;
        if (past && $past(out_valid && !out_ready && !reset)) begin
            assert (out_valid);
            assert (out_data == $past(out_data));
        end
        if (past && $past(reset)) assert (!out_valid && in_ready);
        cover (past && !in_ready && leave);
    end
endmodule
