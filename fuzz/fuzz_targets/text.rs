#![no_main]
//! Runs [`selfless_fuzz::text`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::text(data));
