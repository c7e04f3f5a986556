#![no_main]
//! Runs [`selfless_fuzz::json`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::json(data));
