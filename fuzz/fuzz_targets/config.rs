#![no_main]
//! Runs [`selfless_fuzz::config`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::config(data));
