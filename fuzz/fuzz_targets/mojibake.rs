#![no_main]
//! Runs [`selfless_fuzz::mojibake`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::mojibake(data));
