//! What may stand on the command line about git.
//!
//! Does not act on it. Invariant: what is asked of git is asked by these flags alone.

use clap::{Args, Subcommand};

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Changes")]
pub(in crate::cli) struct ChangeArgs {
    /// Check what is staged in git, as it is staged, drafts and config alike, and not what the files hold
    #[arg(long, conflicts_with_all = ["stdin_filename", "fix", "diff"])]
    pub(in crate::cli) staged: bool,
    /// Report only posts that changed since this commit and HEAD parted; the others only count in their queues
    #[arg(long, value_name = "COMMIT", conflicts_with = "stdin_filename")]
    pub(in crate::cli) changed_since: Option<String>,
    /// Report only what is found in added lines: since HEAD, or what --changed-since says
    #[arg(long, conflicts_with = "stdin_filename")]
    pub(in crate::cli) changed_lines: bool,
}

impl ChangeArgs {
    /// Whether only changes are asked for.
    pub(in crate::cli) fn is_asked(&self) -> bool {
        self.staged || self.changed_lines || self.changed_since.is_some()
    }
}

/// A hook that is there already is kept, and runs first. Where a manager of hooks is used, its own config is the better place.
#[derive(Debug, Args)]
pub(in crate::cli) struct HookArgs {
    #[command(subcommand)]
    pub(in crate::cli) command: HookCommand,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub(in crate::cli) enum HookCommand {
    /// Write the hook
    Install,
    /// Take it away, and put back what was there before
    Uninstall,
}
