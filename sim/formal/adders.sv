// Adders made of named carry cells: the chain of cells, in the cell library's own model,
// computes what the primitive says.
module adders_proof (
    input [31:0] a, b, c, d,
    input select
);
    wire [31:0] choose, majority, either, difference;
    logic_adder_choose_32 choose_adder (.a(a), .b(b), .c(c), .d(d), .sum(choose));
    logic_adder_majority_32 majority_adder (.a(a), .b(b), .c(c), .d(d), .sum(majority));
    select_adder_sum_32 sum_adder (.a(a), .b(b), .c(c), .select(select), .sum(either));
    select_adder_difference_32 difference_adder (.a(a), .b(b), .c(c), .select(select),
        .sum(difference));

    always @(*) begin
        assert (choose == a + ((b & c) | (~b & d)));
        assert (majority == a + ((b & c) | (b & d) | (c & d)));
        assert (either == a + (select ? c : b));
        assert (difference == (select ? a + c : b - a));
    end
endmodule
