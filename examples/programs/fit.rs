//! Fits the weights of `rules/*.toml` and the cut-offs of `rules/score.toml` to labelled posts; `docs/eval.md` says how.
//!
//! ```text
//! cargo run --release --example fit -- FILES…           what a fit would change, and what that is worth
//! cargo run --release --example fit -- FILES… --write   the same, written into rules/ and the tables
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod rule_files;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::{error, fs};

use selfless::config::unknown_pack;
use selfless::eval::fit::folds::{Origin, folds};
use selfless::eval::fit::{Case, FitSet, Fitted, Options, edit, fit, moved_numbers};
use selfless::eval::report::JudgedSet;
use selfless::eval::{Convention, Conventions, Evaluation, Role, SetReport, judge_with_found, read_record};
use selfless::rule::{Kind, RuleId};
use selfless::{Linter, Policy, RuleSet, Source, proof};

type Outcome<T> = Result<T, Box<dyn error::Error>>;

const USAGE: &str = "usage: fit FILES… [--sets FILE.toml] [--folds 5] [--shrink 1.0] [--weights-only] [--write]\n";

struct Arguments {
    files: Vec<PathBuf>,
    sets: PathBuf,
    folds: usize,
    options: Options,
    write: bool,
}

impl Arguments {
    fn read(mut arguments: impl Iterator<Item = String>) -> Outcome<Self> {
        let sets = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/eval-sets.toml");
        let mut read = Self { files: Vec::new(), sets, folds: 5, options: Options::default(), write: false };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(USAGE);
            match argument.as_str() {
                "--sets" => read.sets = value()?.into(),
                "--folds" => read.folds = value()?.parse()?,
                "--shrink" => read.options.shrink = value()?.parse()?,
                "--weights-only" => read.options.shape = false,
                "--write" => read.write = true,
                flag if flag.starts_with('-') => return Err(USAGE.into()),
                file => read.files.push(file.into()),
            }
        }
        let fair = read.folds >= 2 && read.options.shrink >= 0.0 && !read.files.is_empty();
        if fair { Ok(read) } else { Err(USAGE.into()) }
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", error.to_string().trim_end());
            ExitCode::from(2)
        }
    }
}

fn run() -> Outcome<()> {
    let mut arguments = Arguments::read(std::env::args().skip(1))?;
    let files = rule_files::read()?;
    let (rules, mistakes) = RuleSet::of_files(&files);
    if !mistakes.is_empty() {
        return Err(rule_files::lines(&mistakes).into());
    }
    arguments.options.fixed.extend(files.iter().flat_map(edit::without_weight));
    let sets = read_sets(&arguments, &rules)?;
    let hand_set = edit::by_hand(&files, &rules);
    let (fits, whole) = fit_all(&arguments, &hand_set, &sets);
    let before: Vec<JudgedSet> = sets.iter().map(FitSet::before).collect();
    let after: Vec<JudgedSet> = sets.iter().map(|set| set.held_out(&fits)).collect();
    print_figures(&Evaluation::of(&before, 0), &Evaluation::of(&after, 0), arguments.folds);
    print_fit(&hand_set, &whole, &fits);
    let edited: Vec<Arc<Source>> = files.iter().map(|file| with_numbers(file, &whole.rules)).collect();
    let proof = proof::run_alone(&edited);
    println!("\n{} of {} examples no longer hold", proof.failures.len(), proof.examples);
    print!("{}", rule_files::lines(&proof.failures));
    if arguments.write {
        write(&files, &edited)?;
    }
    Ok(())
}

fn read_sets(arguments: &Arguments, rules: &RuleSet) -> Outcome<Vec<FitSet>> {
    let shown = arguments.sets.display().to_string();
    let text = fs::read_to_string(&arguments.sets).map_err(|error| format!("{shown}: {error}"))?;
    let (conventions, mut mistakes) = Conventions::read(&Arc::new(Source::from_text(shown, text)));
    mistakes.extend(conventions.packs().filter_map(|pack| unknown_pack(pack, "sets", &rules.packs())));
    eprint!("{}", rule_files::lines(&mistakes));
    let linter = Linter::new(Arc::new(rules.clone()));
    let mut sets: Vec<(FitSet, Vec<Origin>)> = Vec::new();
    for path in &arguments.files {
        let base = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let unnamed = Convention::named(base.clone());
        let convention = conventions.of_file(&base).unwrap_or(&unnamed);
        let at = sets.iter().position(|(set, _)| set.name == convention.name).unwrap_or(sets.len());
        if at == sets.len() {
            let set =
                FitSet { name: convention.name.clone(), roles: convention.roles.clone(), ..FitSet::default() };
            sets.push((set, Vec::new()));
        }
        if let Some((set, origins)) = sets.get_mut(at) {
            read_file(path, convention, &linter, set, origins)?;
        }
    }
    let done = sets.into_iter().map(|(set, origins)| FitSet { folds: folds(&origins, arguments.folds), ..set });
    Ok(done.collect())
}

fn read_file(
    path: &Path,
    convention: &Convention,
    linter: &Linter,
    set: &mut FitSet,
    origins: &mut Vec<Origin>,
) -> Outcome<()> {
    let mut policy = Policy::of(linter.rules());
    for pack in &convention.packs {
        policy.switch_on(linter.rules(), &pack.value);
    }
    let shown = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let source = Arc::new(Source::from_text(shown.as_str(), line));
        let post = read_record(&source, convention).map_err(|mistakes| rule_files::lines(&mistakes))?;
        match judge_with_found(linter, &policy, &post) {
            Some((judged, found)) => {
                origins.push(Origin::read(line, &post.text));
                set.cases.push(Case { judged, found });
            }
            None => set.left_out += 1,
        }
    }
    Ok(())
}

/// One fit without each fold, and one of all posts; a fit a thread, as many at once as there are processors.
fn fit_all(arguments: &Arguments, rules: &RuleSet, sets: &[FitSet]) -> (Vec<RuleSet>, Fitted) {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let folds: Vec<usize> = (0..arguments.folds).collect();
    let options = &arguments.options;
    let mut fits = Vec::new();
    for some in folds.chunks(threads) {
        let done = thread::scope(|scope| {
            let started: Vec<_> =
                some.iter().map(|fold| scope.spawn(move || fit(rules, sets, Some(*fold), options))).collect();
            // A fit that panicked is fitted again here, to panic where it is seen.
            let ended = started.into_iter().zip(some);
            let fitted = |fold: &usize| fit(rules, sets, Some(*fold), options);
            ended.map(|(fit, fold)| fit.join().unwrap_or_else(|_| fitted(fold)).rules).collect::<Vec<_>>()
        });
        fits.extend(done);
    }
    (fits, fit(rules, sets, None, options))
}

fn print_figures(before: &Evaluation, after: &Evaluation, folds: usize) {
    println!("Present weights -> fitted ones, on posts held out of the fit ({folds} folds)\n");
    println!(
        "{:10} {:>6}  {:^14}  {:^14}  {:^14}  {:^14}",
        "set", "posts", "macro-F1", "false pos.", "accepted", "quiet"
    );
    for (old, new) in before.sets.iter().zip(&after.sets) {
        let pair = |figure: &dyn Fn(&SetReport) -> Option<f64>| pair(figure(old), figure(new));
        println!(
            "{:10} {:>6}  {}  {}  {}  {}",
            old.name,
            old.labels.total(),
            pair(&|set| set.confusion.macro_f1()),
            pair(&|set| set.confusion.false_positive_rate()),
            pair(&|set| set.accepted.value()),
            pair(&|set| set.quiet.value()),
        );
    }
    let core = |all: &Evaluation| all.core.as_ref().map(|core| core.mean);
    let quiet = |all: &Evaluation| all.quiet.as_ref().map(|quiet| quiet.mean);
    let worst = |all: &Evaluation| all.quiet.as_ref().map(|quiet| quiet.worst.1);
    println!("\n{:26} {}", "core, mean macro-F1", pair(core(before), core(after)));
    println!("{:26} {}", "quiet, mean", pair(quiet(before), quiet(after)));
    println!("{:26} {}", "quiet, worst set", pair(worst(before), worst(after)));
    for role in [Role::Core, Role::Drafts] {
        let pool = |all: &Evaluation| all.pools.iter().find(|pool| pool.roles == [role]).cloned();
        let (old, new) = (pool(before), pool(after));
        let line = |what: &str, figure: &dyn Fn(&SetReport) -> Option<f64>| {
            let of = |pool: &Option<SetReport>| pool.as_ref().and_then(figure);
            println!("{:26} {}", format!("{}, {what}", role.name()), pair(of(&old), of(&new)));
        };
        line("calibration error", &|pool| pool.calibration.error);
        line("calibration slope", &|pool| pool.calibration.slope);
        line("average precision", &|pool| pool.average_precision);
    }
}

fn pair(before: Option<f64>, after: Option<f64>) -> String {
    let shown = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
    format!("{:>5} -> {:<5}", shown(before), shown(after))
}

/// What the fit of all posts changes; beside each weight, what it came to in the folds.
fn print_fit(rules: &RuleSet, whole: &Fitted, fits: &[RuleSet]) {
    println!("\nFit of all posts: loss {:.4} -> {:.4} nats a post", whole.loss.0, whole.loss.1);
    for (key, before, after) in moved_numbers(rules.shape(), whole.rules.shape()) {
        let folds: Vec<String> = fits
            .iter()
            .map(|fit| {
                let moved = moved_numbers(rules.shape(), fit.shape());
                moved.iter().find(|(name, ..)| *name == key).map_or(before, |(.., value)| *value).to_string()
            })
            .collect();
        println!("  {key}: {before} -> {after} (folds {})", folds.join(" "));
    }
    let mut moved: Vec<_> = rules.rules().iter().zip(whole.rules.rules()).enumerate().collect();
    let distance = |(_, (old, new)): &(usize, (&selfless::Rule, &selfless::Rule))| (old.weight - new.weight).abs();
    moved.retain(|one| distance(one) > 1e-9);
    moved.sort_by(|a, b| distance(b).total_cmp(&distance(a)));
    println!("\n{} weights move from where they were set by hand, the farthest first:", moved.len());
    for (at, (old, new)) in moved {
        let folds: Vec<String> =
            fits.iter().filter_map(|fit| fit.rules().get(at)).map(|rule| format!("{:.1}", rule.weight)).collect();
        println!("  {:34} {:.1} -> {:.1}  (folds {})", old.name, old.weight, new.weight, folds.join(" "));
    }
    print_lexicons(rules, &whole.rules);
    let names: Vec<&str> = whole.imprecise.iter().map(|id| &*rules.rule(*id).name).collect();
    println!("\n{} rules held below 2, often wrong on drafts: {}", names.len(), names.join(", "));
    let rare: Vec<String> =
        whole.rare.iter().map(|(id, posts)| format!("{} ({posts})", rules.rule(*id).name)).collect();
    println!("\n{} rules keep their weight, firing too seldom: {}", rare.len(), rare.join(", "));
    let unproven: Vec<String> =
        whole.unproven.iter().map(|(id, drafts)| format!("{} ({drafts})", rules.rule(*id).name)).collect();
    println!(
        "\n{} rules are unproven (in brackets the drafts in which they fire): {}",
        unproven.len(),
        unproven.join(", ")
    );
}

/// The entries of lexicons that move, those that say most first.
fn print_lexicons(rules: &RuleSet, fitted: &RuleSet) {
    for (id, rule) in (0..).map(RuleId).zip(rules.rules()) {
        let Kind::Lexicon(lexicon) = &rule.kind else { continue };
        let mut entries: Vec<(&str, f64, f64)> = (0..)
            .zip(lexicon.entries.iter())
            .map(|(entry, (phrase, before))| (&**phrase, *before, fitted.entry(id, entry)))
            .collect();
        let moved = entries.iter().filter(|(_, before, after)| (after - before).abs() > 1e-9).count();
        entries.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
        let shown: Vec<String> =
            entries.iter().map(|(phrase, before, after)| format!("{phrase} {before:.1} -> {after:.1}")).collect();
        println!("\n{moved} of {} entries of {} move: {}", entries.len(), rule.name, shown.join(", "));
    }
}

fn with_numbers(file: &Arc<Source>, rules: &RuleSet) -> Arc<Source> {
    Arc::new(Source::from_text(file.name(), edit::edited(file, rules)))
}

fn write(files: &[Arc<Source>], edited: &[Arc<Source>]) -> Outcome<()> {
    let generated = rule_files::Generated::of(edited)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let changed: Vec<_> =
        files.iter().zip(edited).filter(|(old, new)| old.text() != new.text()).map(|(_, new)| new).collect();
    for file in &changed {
        fs::write(root.join(file.name()), file.text())?;
    }
    generated.write()?;
    println!("\nwrote {} files of rules/ and the tables", changed.len());
    Ok(())
}
