//! The binary: an exit code from the library.

fn main() {}
