#![no_main]
//! Runs [`selfless_fuzz::lint`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::lint(data));
