//! The committed schemas are those of the readers, and the readers refuse what the schemas refuse. That the schemas
//! refuse it, and take all examples, a validator of others says, in `.ci/clients/schemas.py`.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use selfless::config::ConfigFile;
use selfless::proof;
use selfless::schema;
use selfless::text::Source;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[track_caller]
fn check(name: &str, generated: &str) {
    let committed = fs::read_to_string(path(name)).unwrap_or_default();
    let what = name.trim_start_matches("docs/schema/").trim_end_matches(".schema.json");
    let what = if what == "selfless" { "config" } else { what };
    // Git may have turned the ends of lines.
    let fresh = committed.replace("\r\n", "\n") == generated;
    assert!(fresh, "stale: run `cargo run -- schema {what} > {name}`");
}

#[test]
fn the_committed_schemas_are_fresh() {
    check("docs/schema/selfless.schema.json", &schema::config());
    check("docs/schema/rules.schema.json", &schema::rules());
}

#[test]
fn what_the_schemas_refuse_the_readers_refuse() {
    let mut seen = 0;
    for entry in fs::read_dir(path("tests/schema/refused")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let source = Arc::new(Source::from_text(&*name, fs::read_to_string(&path).unwrap()));
        let mistakes = match name.split('-').next() {
            Some("config") => ConfigFile::read(&source, Path::new("/drafts")).1,
            _ => proof::run(&[source]).mistakes,
        };
        assert!(!mistakes.is_empty(), "{name} is read without a mistake");
        seen += 1;
    }
    assert!(seen > 25, "only {seen} files were read");
}
