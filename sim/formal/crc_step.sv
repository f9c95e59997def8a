// One word step of the CRC is 32 bit steps of the definition.
`include "chaincard_protocol.vh"

module crc_step_proof (
    input [31:0] state,
    input [31:0] word
);
    wire [31:0] next_state;
    crc_step dut (.state(state), .word(word), .next_state(next_state));

    reg [31:0] expected;
    integer i;
    always @(*) begin
        expected = state ^ word;
        for (i = 0; i < 32; i = i + 1)
            expected = (expected >> 1) ^ (expected[0] ? `CHAINCARD_CRC_POLYNOMIAL : 32'd0);
        assert (next_state == expected);
    end
endmodule
