#![no_main]
//! Runs [`selfless_fuzz::phrases`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::phrases(data));
