#![no_main]
//! Runs [`selfless_fuzz::directives`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::directives(data));
