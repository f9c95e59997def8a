//! OpenCL kernels for chaincard: hashing of many messages
