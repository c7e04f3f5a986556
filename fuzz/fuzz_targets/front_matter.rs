#![no_main]
//! Runs [`selfless_fuzz::front_matter`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::front_matter(data));
