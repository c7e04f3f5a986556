#![no_main]
//! Runs [`selfless_fuzz::html`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::html(data));
