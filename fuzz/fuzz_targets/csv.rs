#![no_main]
//! Runs [`selfless_fuzz::csv`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::csv(data));
