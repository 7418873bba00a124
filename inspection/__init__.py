"""The rules of an inspection: plain functions over plain values, without input or output, without a clock."""
