#![no_main]
//! Runs [`selfless_fuzz::yaml`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::yaml(data));
