#![no_main]
//! Runs [`selfless_fuzz::packs`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::packs(data));
