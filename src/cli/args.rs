//! What may stand on the command line.
//!
//! Does not act on it. Invariant: `selfless FILE…` and `selfless check FILE…` take the same flags.

use std::path::PathBuf;
use std::sync::Arc;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::add_ignores::IgnoreArgs;
use super::baseline::{BaselineArgs, KnownArgs};
use super::fix::FixArgs;
use super::git::flags::{ChangeArgs, HookArgs};
use super::output::OutputFlag;
use super::report::ReportArgs;
use super::window::Day;
use crate::config::{DAY_ORDERS, LevelSetting, parse_size};
use crate::diagnostic::{Level, nearest};
use crate::document::{Format, Intent, TextPath};
use crate::emit::OutputFormat;
use crate::lint::FailOn;
use crate::text::{Platform, Source, Span};

const EXIT_CODES: &str = "\
Exit codes:
  0  nothing failed
  1  at least one draft or queue failed
  2  something could not be read, or the configuration or a flag is wrong";

/// A linter for drafts: less self, more conversation.
///
/// Reads posts before they are published and marks self-promotion in them. Without a command, the files that are
/// named are checked.
#[derive(Debug, Parser)]
#[command(name = "selfless", version, args_conflicts_with_subcommands = true, after_long_help = EXIT_CODES)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Subcommands>,
    #[command(flatten)]
    pub(super) check: CheckArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum Subcommands {
    /// Check drafts
    Check(Box<CheckArgs>),
    /// Hold queues of posts against a budget, and show them
    Queue(Box<QueueArgs>),
    /// Write what check says as one page to open in a browser
    ///
    /// The page holds each post with what was found in it and why, whom it is about, the queues as pictures, and
    /// filters. It needs a browser and nothing else, and opens no connection. The exit code is 0, or 2 where something
    /// could not be read or written; drafts that promote do not change it.
    Report(Box<ReportArgs>),
    /// Write down what is found now, so that later checks show only what is new
    ///
    /// The file holds names of rules and hashes of words, none of the words themselves. check --baseline FILE, or
    /// baseline = "FILE" in selfless.toml, leaves out what it holds: that is still scored, and fails nothing.
    Baseline(Box<BaselineArgs>),
    /// List the posts that are read, without judging them
    Posts(PostsArgs),
    /// List all rules, or run their examples
    Rules(RulesArgs),
    /// Explain a rule, or list those of a category
    Explain(ExplainArgs),
    /// Show what configuration and flags come to for a file, and what set each value
    Config(Box<ResolvedArgs>),
    /// Print the JSON Schema of selfless.toml or of rule files, for editors
    Schema(SchemaArgs),
    /// Write a commented selfless.toml into the current folder
    Init(InitArgs),
    /// Have git refuse commits of drafts that fail, by a pre-commit hook
    Hook(HookArgs),
    /// Measure the rules on posts that somebody labelled
    Eval(EvalArgs),
    /// Print what a shell needs to complete commands and flags
    Completions(CompletionsArgs),
    /// Print the manual page, or write that of every command
    Man(ManArgs),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// Where the output is a terminal that can show it
    #[default]
    Auto,
    /// Also into files and pipes
    Always,
    /// Not at all
    Never,
}

#[derive(Debug, Args)]
pub(super) struct ColorArgs {
    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    #[arg(help = "When to use colours: auto, always or never")]
    pub(super) color: Color,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Configuration")]
pub(super) struct ConfigArgs {
    /// Use only this configuration file
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,
    /// Use no configuration file
    #[arg(long)]
    pub(super) no_config: bool,
    /// Add the rules of a file, or of all .toml files of a folder; may be given more than once
    #[arg(long, value_name = "FILE|FOLDER")]
    pub(super) rules: Vec<PathBuf>,
    /// Switch a pack of rules on, beside those of the configuration; may be given more than once
    #[arg(long = "pack", value_name = "NAME")]
    pub(super) packs: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Files and folders with drafts, or - for standard input; the current folder if none is given
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    pub(super) changes: ChangeArgs,
    #[command(flatten)]
    pub(super) run: RunArgs,
    #[command(flatten)]
    pub(super) about: AboutArgs,
    #[command(flatten)]
    pub(super) judging: JudgingArgs,
    #[command(flatten)]
    pub(super) queue: BudgetArgs,
    #[command(flatten)]
    pub(super) known: KnownArgs,
    #[command(flatten)]
    pub(super) fixes: FixArgs,
    #[command(flatten)]
    pub(super) ignores: IgnoreArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub(super) struct InputArgs {
    /// Treat standard input as a file of this name: for its format, its configuration and in the output
    #[arg(long, value_name = "NAME")]
    pub(super) stdin_filename: Option<PathBuf>,
    /// How the input is written, whatever the files are called
    #[arg(long, value_name = "FORMAT")]
    #[arg(value_parser = PossibleValuesParser::new(Format::ALL.map(Format::name)).try_map(|name| Format::from_name(&name).ok_or("unknown format")))]
    pub(super) input_format: Option<Format>,
    /// The column of a table that holds the text, by its name or number; may be given more than once
    #[arg(long, value_name = "COLUMN")]
    pub(super) text_column: Vec<String>,
    /// Where JSON or YAML holds the texts, such as /posts/*/text or posts[].text
    #[arg(long, value_name = "PATH", value_parser = TextPath::parse)]
    pub(super) text_path: Option<TextPath>,
    /// Take only what says that it is a draft
    #[arg(long)]
    pub(super) drafts: bool,
    /// Leave files that the configuration excludes out even if they are named
    #[arg(long)]
    pub(super) force_exclude: bool,
    /// Largest file that is read, or largest record of a stream [default: 16 MiB]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub(super) max_file_size: Option<u64>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub(super) struct RunArgs {
    /// Only list the files that would be checked, and why
    #[arg(long)]
    pub(super) list_files: bool,
    /// Check again whenever a draft, a rule file or the configuration changes, until Ctrl-C
    #[arg(long, conflicts_with_all = ["list_files", "fix", "diff", "staged", "stdin_filename"])]
    pub(super) watch: bool,
    /// How many threads judge drafts, of several files or of one [default: as many as there are processors]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "About the drafts")]
pub(super) struct AboutArgs {
    /// The network the drafts are for, where they do not say: x, bluesky, linkedin and so on, or several
    #[arg(long, value_name = "NAME", value_parser = platform, value_delimiter = ',')]
    pub(super) platform: Vec<Platform>,
    /// The account that posts, by its name in the configuration
    #[arg(long, value_name = "NAME")]
    pub(super) account: Option<String>,
    /// What the drafts are meant to be; a pitch may promote, openly
    #[arg(long, value_name = "INTENT")]
    #[arg(value_parser = PossibleValuesParser::new(["post", "pitch"]).try_map(|name| Intent::from_name(&name).ok_or("unknown intent")))]
    pub(super) intent: Option<Intent>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Judging")]
pub(super) struct JudgingArgs {
    #[command(flatten)]
    pub(super) levels: LevelFlags,
    /// What makes a draft fail [default: error]
    #[arg(long, value_name = "WHAT")]
    #[arg(value_parser = PossibleValuesParser::new(FailOn::NAMES).try_map(|name| FailOn::from_name(&name).ok_or("unknown value")))]
    pub(super) fail_on: Option<FailOn>,
    /// Exit with 0 although drafts failed; not where something could not be read
    #[arg(long)]
    pub(super) exit_zero: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Queues")]
pub(super) struct BudgetArgs {
    /// The budget that queues are held against: 80-20, 4-1-1, thirds and so on, or one of the configuration [default: 80-20]
    #[arg(long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// The time zone of times that name none, such as Europe/Lisbon [default: UTC]
    #[arg(long, value_name = "NAME")]
    pub(super) timezone: Option<String>,
    /// Whether 3/4/2026 is the third of April or the fourth of March: auto, day-first or month-first [default: auto]
    #[arg(long, value_name = "ORDER", value_parser = PossibleValuesParser::new(DAY_ORDERS), hide_possible_values = true)]
    pub(super) day_order: Option<String>,
    /// Count the posts of a file or folder too, and do not report them; may be given more than once
    #[arg(long, value_name = "FILE|FOLDER")]
    pub(super) history: Vec<PathBuf>,
    /// Report only posts that are due on this day or later: today, tomorrow, +7d or 2026-03-01; the others only count
    #[arg(long, value_name = "DAY", value_parser = Day::parse, allow_hyphen_values = true)]
    pub(super) since: Option<Day>,
    /// Report only posts that are due on this day or before
    #[arg(long, value_name = "DAY", value_parser = Day::parse, allow_hyphen_values = true)]
    pub(super) until: Option<Day>,
}

#[derive(Debug, Args)]
pub(super) struct QueueArgs {
    /// Files with posts, which are one queue together, and folders; - for standard input; the current folder if none is given
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    pub(super) about: AboutArgs,
    #[command(flatten)]
    pub(super) judging: JudgingArgs,
    #[command(flatten)]
    pub(super) queue: BudgetArgs,
    #[command(flatten)]
    pub(super) output: QueueOutputArgs,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct QueueOutputArgs {
    /// How queues are written
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = ["human", "json"])]
    pub(super) format: String,
    #[command(flatten)]
    pub(super) color: ColorArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArgs {
    /// How findings are written [default: human, and jsonl for JSON lines]
    #[arg(long, value_name = "FORMAT")]
    #[arg(value_parser = PossibleValuesParser::new(OutputFormat::NAMES).try_map(|name| OutputFormat::from_name(&name).ok_or("unknown format")))]
    pub(super) format: Option<OutputFormat>,
    /// Also write a file, in any of these formats; may be given more than once
    #[arg(long, value_name = "FORMAT=FILE", value_parser = OutputFlag::parse)]
    pub(super) output: Vec<OutputFlag>,
    /// Write nothing to standard output; trouble is still told
    #[arg(short, long, conflicts_with = "format")]
    pub(super) quiet: bool,
    /// Also count findings by rule
    #[arg(long)]
    pub(super) statistics: bool,
    /// Show every finding, also in short drafts
    #[arg(long)]
    pub(super) all: bool,
    /// Show what the score is made of, and what it would be without each finding (not with --format short)
    #[arg(long)]
    pub(super) explain_score: bool,
    /// Show the smallest set of findings without which a draft passes (not with --format short)
    #[arg(long)]
    pub(super) needs: bool,
    #[command(flatten)]
    pub(super) color: ColorArgs,
}

/// What commands take that have all judged and write a file of their own.
#[derive(Debug, Args)]
pub(super) struct JudgedArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// How many threads judge drafts, of several files or of one [default: as many as there are processors]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    #[arg(help_heading = "Input")]
    pub(super) threads: Option<u16>,
    #[command(flatten)]
    pub(super) about: AboutArgs,
    #[command(flatten, next_help_heading = "Judging")]
    pub(super) levels: LevelFlags,
    #[command(flatten)]
    pub(super) queue: BudgetArgs,
    #[command(flatten, next_help_heading = "Output")]
    pub(super) color: ColorArgs,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
}

/// Each post with its place, its account, networks, status and time where the file says so, and its first words.
#[derive(Debug, Args)]
pub(super) struct PostsArgs {
    /// Files and folders with drafts, or - for standard input; the current folder if none is given
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// How the list is written
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = ["human", "json"])]
    #[arg(help_heading = "Output")]
    pub(super) format: String,
    #[command(flatten)]
    pub(super) color: ColorArgs,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct RulesArgs {
    #[command(subcommand)]
    pub(super) command: Option<RulesCommand>,
    /// How the list is written
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = ["human", "json"])]
    pub(super) format: String,
    #[command(flatten)]
    pub(super) color: ColorArgs,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// Run the examples of every rule
    Test(RulesTestArgs),
}

#[derive(Debug, Args)]
pub(super) struct RulesTestArgs {
    /// A rule file, or a folder of rule files; the shipped rules if none is given
    #[arg(value_name = "PATH")]
    pub(super) path: Option<PathBuf>,
    #[command(flatten)]
    pub(super) color: ColorArgs,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// A rule (brag/humility) or a category (brag)
    #[arg(value_name = "RULE")]
    pub(super) name: String,
    #[command(flatten)]
    pub(super) color: ColorArgs,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
}

/// A line a value, with the flag, or the file and line, that set it, or `default`. Takes the flags of `check` that say
/// how drafts are read and judged.
#[derive(Debug, Args)]
pub(super) struct ResolvedArgs {
    /// A draft, which need not exist, or a folder; the current folder if none is given
    #[arg(value_name = "FILE", default_value = ".", hide_default_value = true)]
    pub(super) path: PathBuf,
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    pub(super) about: AboutArgs,
    #[command(flatten)]
    pub(super) judging: JudgingArgs,
    #[command(flatten)]
    pub(super) queue: BudgetArgs,
    #[command(flatten)]
    pub(super) known: KnownArgs,
    /// How the values are written; json holds all of them
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = ["human", "json"])]
    #[arg(help_heading = "Output")]
    pub(super) format: String,
    /// Show also the levels, thresholds and values of profiles that are as shipped
    #[arg(long, help_heading = "Output")]
    pub(super) all: bool,
    #[command(flatten)]
    pub(super) color: ColorArgs,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
}

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// What the schema is of: selfless.toml, or a rule file
    #[arg(value_name = "WHAT", value_parser = ["config", "rules"])]
    pub(super) what: String,
}

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// Print it instead
    #[arg(long)]
    pub(super) stdout: bool,
    /// Propose nothing: ask neither git nor the config of a site or package who "self" is
    #[arg(long)]
    pub(super) bare: bool,
}

/// Each line of a file is one JSON object with `text` and `label`, and may hold `id`, `accept`, `flag`, `spans`,
/// `must_not`, `identity`, `platform` and `account`. Every post is judged with its own identity and network alone.
#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// Files of labelled posts, JSON lines
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// How the files are read and what each is there to show: a TOML file of sets
    #[arg(long, value_name = "FILE")]
    pub(super) sets: Option<PathBuf>,
    /// How the figures are written
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = ["human", "json"])]
    pub(super) format: String,
    /// How many of the posts that were most wrong are listed for each set
    #[arg(long, value_name = "N", default_value = "5")]
    pub(super) most_wrong: usize,
    /// Show the text of those posts, not only their ids
    #[arg(long)]
    pub(super) show_text: bool,
    #[command(flatten)]
    pub(super) levels: LevelFlags,
    #[command(flatten)]
    pub(super) color: ColorArgs,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(super) shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// A folder into which a page for every command is written
    #[arg(value_name = "FOLDER")]
    pub(super) folder: Option<PathBuf>,
}

/// `-A`, `-W` and `-D`, in the order in which they were given.
#[derive(Clone, Debug, Default)]
pub(super) struct LevelFlags {
    /// Each as a setting that stands on the command line.
    pub(super) settings: Vec<LevelSetting>,
}

/// Id, short flag, level and help of each; `-D warnings` is explained where it belongs.
const LEVEL_FLAGS: [(&str, char, Level, &str); 3] = [
    ("allow", 'A', Level::Off, "Switch a rule or category off"),
    ("warn", 'W', Level::Warning, "Make a rule or category a warning"),
    (
        "deny",
        'D',
        Level::Error,
        "Make a rule or category an error; `warnings` stands for all that are warnings in the end",
    ),
];

impl Args for LevelFlags {
    fn augment_args(command: Command) -> Command {
        LEVEL_FLAGS.into_iter().fold(command, |command, (id, short, _, help)| {
            let arg = Arg::new(id).short(short).long(id).value_name("RULE").help(help);
            command.arg(arg.action(ArgAction::Append))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for LevelFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut given: Vec<(usize, char, Level, &String)> = Vec::new();
        for (id, short, level, _) in LEVEL_FLAGS {
            let names = matches.get_many::<String>(id).into_iter().flatten();
            let places = matches.indices_of(id).into_iter().flatten();
            given.extend(places.zip(names).map(|(place, name)| (place, short, level, name)));
        }
        given.sort_by_key(|(place, ..)| *place);
        let written: Vec<_> = given.iter().map(|(_, short, _, name)| format!("-{short} {name}")).collect();
        let source = Arc::new(Source::from_text("<command line>", written.join(" ")));
        let mut start = 0;
        let mut settings = Vec::new();
        for ((_, _, level, name), written) in given.into_iter().zip(&written) {
            let end = start + written.len();
            let span = Span::of(end - name.len()..end);
            settings.push(LevelSetting { name: name.clone(), level, source: Arc::clone(&source), span });
            start = end + 1;
        }
        Ok(Self { settings })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn platform(name: &str) -> Result<Platform, String> {
    let names = Platform::ALL.map(Platform::name);
    Platform::from_name(name).ok_or_else(|| {
        let near = nearest(name, names).map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
        format!("{near}accepted: {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(line.split_whitespace())
    }

    #[test]
    fn the_command_is_consistent() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }

    #[test]
    fn level_flags_keep_their_order_and_know_their_place() {
        #[track_caller]
        fn check(line: &str, expected: &[(&str, Level)]) {
            let cli = parse(line).unwrap();
            let flags = match cli.command {
                Some(Subcommands::Check(check)) => check.judging.levels.settings,
                _ => cli.check.judging.levels.settings,
            };
            let found: Vec<_> = flags.iter().map(|flag| (flag.source.slice(flag.span), flag.level)).collect();
            assert_eq!(found, expected);
        }
        let expected = [("brag", Level::Error), ("ask/hard", Level::Off), ("brag/x", Level::Warning)];
        check("selfless check -D brag a.md --allow ask/hard -W brag/x", &expected);
        check("selfless -Dbrag -A=ask/hard --warn=brag/x a.md", &expected);
        check("selfless a.md", &[]);
    }

    #[test]
    fn names_of_files_need_no_command() {
        let cli = parse("selfless a.md --platform x,bsky --threads 2").unwrap();
        assert!(cli.command.is_none());
        assert_eq!(cli.check.about.platform, [Platform::X, Platform::Bluesky]);
        assert!(parse("selfless a.md --platform blusky").is_err());
        assert!(parse("selfless a.md --config x --no-config").is_err());
    }
}
