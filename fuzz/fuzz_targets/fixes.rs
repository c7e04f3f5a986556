#![no_main]
//! Runs [`selfless_fuzz::fixes`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::fixes(data));
