#![no_main]
//! Runs [`selfless_fuzz::archives`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::archives(data));
