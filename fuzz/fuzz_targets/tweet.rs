#![no_main]
//! Runs [`selfless_fuzz::tweet`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::tweet(data));
