#![no_main]
//! Runs [`selfless_fuzz::tokens`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::tokens(data));
