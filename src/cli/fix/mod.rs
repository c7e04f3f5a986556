//! `--fix` and `--diff`: the fixes of findings, applied to text and Markdown, or shown.
//!
//! Does not make fixes; rules and `lint` do. Invariant: bytes that no edit is about are written as they were read, so
//! encoding, byte order mark and line ends stay, and a file is replaced whole or not at all.

mod diff;

use std::convert::Infallible;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use clap::{ArgGroup, Args};

use super::bug;
use super::group::{Unit, Wanted, units};
use super::new_file::NewFile;
use super::open::{Judged, open};
use super::parallel::Workers;
use super::read::unwritable_file;
use super::setup::Setups;
use super::terminal::{is_trouble, show};
use super::walk::{Input, Item, Plan};
use super::{Exit, print};
use crate::diagnostic::Diagnostic;
use crate::document::Format;
use crate::emit::Look;
use crate::emit::clean::line;
use crate::fix::{Applicability, Fix, chosen, spliced};
use crate::suppress::{Flaw, is_flaw};
use crate::text::Source;

#[derive(Debug, Args)]
#[command(next_help_heading = "Fixes", group = ArgGroup::new("change").args(["fix", "diff"]))]
pub(super) struct FixArgs {
    /// Apply the safe fixes to text and Markdown, and check what is left
    #[arg(long)]
    pub(super) fix: bool,
    /// Show the safe fixes as a diff, also those in tables and data, and change nothing; exits with 1 where there are any
    #[arg(long)]
    pub(super) diff: bool,
    /// With --fix or --diff: also the fixes that may change the meaning
    #[arg(long, requires = "change")]
    pub(super) unsafe_fixes: bool,
}

/// How often a file is fixed and judged again, at most.
const ROUNDS: usize = 10;

impl FixArgs {
    /// The least sure fixes that are applied or shown.
    fn most(&self) -> Applicability {
        if self.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe }
    }
}

/// What fixing came to.
#[derive(Debug, Default)]
pub(super) struct Applied {
    pub(super) diagnostics: Vec<Diagnostic>,
    fixes: usize,
    files: usize,
    /// Fixes in files that are only shown.
    shown: usize,
}

impl Applied {
    /// The same in words, a line each.
    pub(super) fn said(&self) -> Vec<String> {
        let plural =
            |count: usize, one: &str, more: &str| format!("{count} {}", if count == 1 { one } else { more });
        let mut said = Vec::new();
        if self.fixes > 0 {
            let files = plural(self.files, "file", "files");
            said.push(format!("applied {} in {files}", plural(self.fixes, "fix", "fixes")));
        }
        if self.shown > 0 {
            let fixes = plural(self.shown, "fix", "fixes");
            said.push(format!("hint: {fixes} in tables and data are not applied; --diff shows them"));
        }
        said
    }
}

/// A file and what fixes make of it.
struct Changed<'p> {
    path: &'p Path,
    name: &'p str,
    before: Arc<Source>,
    after: Arc<Source>,
    bytes: (Vec<u8>, Vec<u8>),
    fixes: usize,
    writable: bool,
}

/// Applies the fixes of all files of a plan.
pub(super) fn apply(plan: &Plan, args: &FixArgs) -> Applied {
    let mut applied = Applied::default();
    for unit in units(&plan.items, Wanted::Drafts) {
        let Some(input) = unit.input() else { continue };
        if input.path.is_none() {
            let message = "standard input cannot be fixed in place";
            let help = "name a file";
            applied.diagnostics.push(Diagnostic::error("fix/no-file", message).about(&input.name).help(help));
            continue;
        }
        let changed = bug::caught_in(&input.name, || change(&unit, input, args.most())).unwrap_or_else(|bug| {
            applied.diagnostics.push(*bug);
            None
        });
        let Some(changed) = changed else { continue };
        if !changed.writable {
            applied.shown += changed.fixes;
            continue;
        }
        match write(&changed) {
            Ok(()) => {
                applied.fixes += changed.fixes;
                applied.files += 1;
            }
            Err(error) => {
                applied.diagnostics.push(unwritable_file(changed.name, "the fixes ", &error));
            }
        }
    }
    applied
}

/// Shows what fixes would change. The exit code says whether they would change anything.
pub(super) fn show_diff(plan: &Plan, setups: &mut Setups, args: &FixArgs, look: Look) -> Exit {
    let (mut text, mut diagnostics) = (String::new(), setups.take_diagnostics());
    for unit in units(&plan.items, Wanted::Drafts) {
        match (unit.item, unit.input()) {
            (Item::Trouble(diagnostic), _) => diagnostics.push((**diagnostic).clone()),
            (_, Some(input)) if input.path.is_none() => {
                let message = "standard input has no diff";
                diagnostics.push(Diagnostic::error("fix/no-file", message).about(&input.name));
            }
            (_, Some(input)) => {
                if let Some(changed) = change(&unit, input, args.most()) {
                    text.push_str(&diff::unified(
                        &line(changed.name),
                        changed.before.text(),
                        changed.after.text(),
                    ));
                }
            }
            (_, None) => {}
        }
    }
    let exit = match (is_trouble(&diagnostics), text.is_empty()) {
        (true, _) => Exit::Trouble,
        (false, true) => Exit::Clean,
        (false, false) => Exit::Failed,
    };
    show(diagnostics, look);
    print(&text, look, exit)
}

/// Puts other bytes in the place of those of a file, unless these are no more what they were.
pub(super) fn replace(path: &Path, before: &[u8], after: &[u8]) -> std::io::Result<()> {
    if fs::read(path)? != before {
        return Err(std::io::Error::other("the file was changed meanwhile"));
    }
    let mut file = NewFile::create(path)?;
    file.write_all(after)?;
    file.finish()
}

/// Puts what was made of a file in its place, unless somebody else changed it meanwhile.
fn write(changed: &Changed<'_>) -> std::io::Result<()> {
    replace(changed.path, &changed.bytes.0, &changed.bytes.1)
}

/// Fixes a file in memory and judges it again, until nothing is left to fix; none where nothing is changed or the file
/// cannot be read, which the run itself tells.
fn change<'p>(unit: &Unit<'p>, input: &'p Input, most: Applicability) -> Option<Changed<'p>> {
    let path = input.path.as_deref()?;
    if input.is_stream() || fs::metadata(path).ok()?.len() > input.setup.max_file_size {
        return None;
    }
    let read = fs::read(path).ok()?;
    let before = decode(input, read.clone())?;
    let (mut bytes, mut after, mut count, mut writable) = (read.clone(), Arc::clone(&before), 0, true);
    for _ in 0..ROUNDS {
        let (fixes, format) = fixes(&after, unit, input, most)?;
        let edits = chosen(&fixes);
        if edits.edits.is_empty() {
            break;
        }
        let next = spliced(&after, &bytes, &edits.edits)?;
        count += edits.fixes;
        after = decode(input, next.clone())?;
        bytes = next;
        writable = matches!(format, Format::Text | Format::Tweet | Format::Toot | Format::Markdown | Format::Mdx);
        if !writable {
            break;
        }
    }
    (count > 0).then(|| Changed {
        path,
        name: &input.name,
        before,
        after,
        bytes: (read, bytes),
        fixes: count,
        writable,
    })
}

pub(super) fn decode(input: &Input, bytes: Vec<u8>) -> Option<Arc<Source>> {
    let table = input.format.is_some_and(Format::is_table);
    let decoder = if table { Source::decode_table } else { Source::decode };
    decoder(input.name.clone(), bytes).ok().map(Arc::new)
}

/// The fixes of all findings of a source that are sure enough, and how the source was read.
fn fixes(source: &Arc<Source>, unit: &Unit<'_>, input: &Input, most: Applicability) -> Option<(Vec<Fix>, Format)> {
    let opened = open(Arc::clone(source), unit, input).ok()?;
    let sure = |fix: &Fix| match fix.applicability {
        Applicability::Safe => true,
        Applicability::Unsafe => most == Applicability::Unsafe,
        Applicability::DisplayOnly => false,
    };
    let mut fixes = Vec::new();
    let mut each = |judged: &mut Judged| -> Result<(), Infallible> {
        let findings = std::mem::take(&mut judged.report.posts).into_iter().flat_map(|post| post.findings);
        fixes.extend(findings.filter_map(|finding| finding.diagnostic.fix).filter(sure));
        Ok(())
    };
    let Ok(unused) = opened.judge_each(&Workers::new(1), unit, input, &opened.tally, &mut each);
    let flaws: Vec<&Diagnostic> =
        opened.diagnostics.iter().chain(&unused).filter(|told| is_flaw(&told.code)).collect();
    // What a misspelt name was meant to protect is known when the name is right: the others have their turn then.
    let misspelt = flaws.iter().filter(|flaw| flaw.code == Flaw::UnknownRule.name());
    let misspelt: Vec<Fix> = misspelt.filter_map(|flaw| flaw.fix.clone()).filter(sure).collect();
    if !misspelt.is_empty() {
        return Some((misspelt, opened.format));
    }
    fixes.extend(flaws.into_iter().filter_map(|flaw| flaw.fix.clone()).filter(sure));
    Some((fixes, opened.format))
}
