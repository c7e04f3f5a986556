#![no_main]
//! Runs [`selfless_fuzz::encodings`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::encodings(data));
