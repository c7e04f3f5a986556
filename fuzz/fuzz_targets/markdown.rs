#![no_main]
//! Runs [`selfless_fuzz::markdown`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::markdown(data));
