// A delay line in memory gives what a shift register of the same depth gives, forever.
module shift_ram_proof (
    input clock,
    input enable,
    input [1:0] d
);
    wire [1:0] memory_q, register_q;
    shift_ram_2x4 memory (.clock(clock), .enable(enable), .d(d), .q(memory_q));
    shift_register_2x4 register (.clock(clock), .enable(enable), .clear(1'b0), .d(d),
        .q(register_q));

    // State inside, connected by the script.
    (* keep *) wire [7:0] places;
    (* keep *) wire [1:0] pointer, word_0, word_1, word_2;

    always @(*) begin
        assert (memory_q == register_q);

        // What makes it inductive: the memory, from the pointer on, is the register.
        assert (pointer < 3);
        case (pointer)
            0: assert (places[7:2] == {word_2, word_1, word_0});
            1: assert (places[7:2] == {word_0, word_2, word_1});
            2: assert (places[7:2] == {word_1, word_0, word_2});
        endcase
    end
endmodule
