//! What flags decide, whatever the command.
//!
//! Checks nothing; the parser of arguments did. Invariant: a flag that a command does not have is left as it is by default.

use std::path::PathBuf;

use crate::cli::args::{
    AboutArgs, CheckArgs, ConfigArgs, InputArgs, JudgedArgs, LevelFlags, PostsArgs, QueueArgs, ResolvedArgs,
};
use crate::cli::configs::Choice;
use crate::cli::terms::{QueueFlags, flag};
use crate::config::{LevelSetting, Setting};
use crate::document::{Intent, TextPath};
use crate::explain::Asked;
use crate::lint::FailOn;
use crate::text::Platform;

/// What flags decide for all folders.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct Flags {
    pub(in crate::cli) rules: Vec<PathBuf>,
    pub(in crate::cli) packs: Vec<Setting<String>>,
    pub(in crate::cli) levels: Vec<LevelSetting>,
    pub(in crate::cli) fail_on: Option<FailOn>,
    pub(in crate::cli) all: bool,
    pub(in crate::cli) asked: Asked,
    pub(in crate::cli) texts: bool,
    pub(in crate::cli) account: Option<String>,
    pub(in crate::cli) platforms: Vec<Platform>,
    pub(in crate::cli) intent: Intent,
    pub(in crate::cli) max_file_size: Option<u64>,
    pub(in crate::cli) text_columns: Vec<String>,
    pub(in crate::cli) text_path: Option<TextPath>,
    pub(in crate::cli) drafts_only: bool,
    pub(in crate::cli) queue: QueueFlags,
}

impl Flags {
    /// Those that every command with a configuration takes.
    pub(in crate::cli) fn of_config(args: &ConfigArgs) -> Self {
        let packs = args.packs.iter().map(|name| flag("pack", name)).collect();
        Self { rules: args.rules.clone(), packs, ..Self::default() }
    }

    /// Those of `check`.
    pub(in crate::cli) fn of(args: &CheckArgs) -> Self {
        Self {
            fail_on: args.judging.fail_on,
            all: args.output.all,
            asked: Asked { score: args.output.explain_score, needs: args.output.needs },
            queue: QueueFlags::of(&args.queue),
            ..Self::of_judging(&args.input, &args.about, &args.judging.levels, &args.config)
        }
    }

    /// Those of `queue`.
    pub(in crate::cli) fn of_queue(args: &QueueArgs) -> Self {
        Self {
            fail_on: args.judging.fail_on,
            queue: QueueFlags::of(&args.queue),
            ..Self::of_judging(&args.input, &args.about, &args.judging.levels, &args.config)
        }
    }

    /// Those of commands that have all judged and write a file of their own.
    pub(in crate::cli) fn of_all(args: &JudgedArgs) -> Self {
        Self {
            queue: QueueFlags::of(&args.queue),
            ..Self::of_judging(&args.input, &args.about, &args.levels, &args.config)
        }
    }

    /// Those of `posts`, which only reads.
    pub(in crate::cli) fn of_posts(args: &PostsArgs) -> Self {
        Self::of_input(&args.input, &args.config)
    }

    /// Those of `config`, which are those of `check` but for the output.
    pub(in crate::cli) fn of_resolved(args: &ResolvedArgs) -> Self {
        Self {
            fail_on: args.judging.fail_on,
            queue: QueueFlags::of(&args.queue),
            ..Self::of_judging(&args.input, &args.about, &args.judging.levels, &args.config)
        }
    }

    /// Those of every command that judges.
    fn of_judging(input: &InputArgs, about: &AboutArgs, levels: &LevelFlags, config: &ConfigArgs) -> Self {
        Self {
            levels: levels.settings.clone(),
            account: about.account.clone(),
            platforms: about.platform.clone(),
            intent: about.intent.unwrap_or_default(),
            ..Self::of_input(input, config)
        }
    }

    fn of_input(input: &InputArgs, config: &ConfigArgs) -> Self {
        Self {
            max_file_size: input.max_file_size,
            text_columns: input.text_column.clone(),
            text_path: input.text_path.clone(),
            drafts_only: input.drafts,
            ..Self::of_config(config)
        }
    }
}

impl ConfigArgs {
    /// Which config files count.
    pub(in crate::cli) fn choice(&self) -> Choice {
        match &self.config {
            Some(path) => Choice::Only(path.clone()),
            None if self.no_config => Choice::Nothing,
            None => Choice::Search,
        }
    }
}
