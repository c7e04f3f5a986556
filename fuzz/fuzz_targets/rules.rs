#![no_main]
//! Runs [`selfless_fuzz::rules`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::rules(data));
