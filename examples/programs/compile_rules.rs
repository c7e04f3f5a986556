//! Compiles `rules/*.toml` into `src/rule/shipped/tables.rs`, and writes `docs/rules.md` from them.
//!
//! ```text
//! cargo run --example compile_rules            write both
//! cargo run --example compile_rules -- --check say whether they are fresh
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::{fs, io};

use selfless::rule::generate::generate;
use selfless::rule::manual::manual;
use selfless::text::Source;

fn main() -> io::Result<ExitCode> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<PathBuf> = fs::read_dir(root.join("rules"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let mut sources = Vec::new();
    for path in &paths {
        let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        sources.push(Arc::new(Source::from_text(name, fs::read_to_string(path)?)));
    }
    let generated = match generate(&sources) {
        Ok(generated) => generated,
        Err(diagnostics) => {
            for diagnostic in diagnostics {
                let place = diagnostic.labels.first().map(|label| {
                    let at = label.source.line_column(label.span.start());
                    format!("{}:{}:{}: ", label.source.name(), at.line, at.column)
                });
                let help = diagnostic.help.as_deref().unwrap_or_default();
                eprintln!("{}{}: {} {help}", place.unwrap_or_default(), diagnostic.code, diagnostic.message);
            }
            return Ok(ExitCode::FAILURE);
        }
    };
    let targets = [("src/rule/shipped/tables.rs", generated), ("docs/rules.md", manual(&sources))];
    let check = std::env::args().any(|argument| argument == "--check");
    let mut all_fresh = true;
    for (target, text) in targets {
        let path = root.join(target);
        let fresh = fs::read_to_string(&path).is_ok_and(|present| present == text);
        all_fresh &= fresh;
        if check {
            println!("{target} is {}", if fresh { "fresh" } else { "stale" });
        } else if !fresh {
            fs::write(&path, text)?;
        }
    }
    Ok(if all_fresh || !check { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
