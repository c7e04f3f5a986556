//! What the environment says: about the terminal, and about where configuration may lie.
//!
//! The only place that reads environment variables. Invariant: it is asked once, at the start.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use anstream::{AutoStream, ColorChoice};

use super::args::Color;
use super::session::{run_report, tool};
use crate::diagnostic::{Diagnostic, Level};
use crate::emit::{Look, OutputFormat, Streams, emitter};
use crate::report::RuleIndex;
use crate::suppress::is_flaw;

/// Columns where neither the terminal nor `COLUMNS` tells.
const WIDTH: usize = 100;

/// Where the program runs.
#[derive(Clone, Debug)]
pub(super) struct Surroundings {
    /// The current folder, absolute.
    pub(super) folder: PathBuf,
    /// The home folder.
    pub(super) home: Option<PathBuf>,
    /// Where the user's own configuration would lie; none where it does not count.
    pub(super) user_config: Option<PathBuf>,
    /// Where the user's own config of git would lie; none where it does not count.
    pub(super) git_config: Vec<PathBuf>,
}

impl Surroundings {
    /// Asks the environment.
    pub(super) fn find() -> Self {
        let folder = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = folder("HOME").or_else(|| folder("USERPROFILE"));
        let in_ci = env::var_os("CI").is_some_and(|ci| !ci.is_empty());
        let configs = folder("XDG_CONFIG_HOME")
            .or_else(|| home.as_ref().map(|home| home.join(".config")))
            .filter(|_| !in_ci);
        let user_config = configs.as_ref().map(|folder| folder.join("selfless").join("selfless.toml"));
        let of_home = home.as_ref().filter(|_| !in_ci).map(|home| home.join(".gitconfig"));
        let git_config =
            of_home.into_iter().chain(configs.map(|folder| folder.join("git").join("config"))).collect();
        Self { folder: env::current_dir().unwrap_or_default(), home, user_config, git_config }
    }
}

/// Whether colours go to standard output, by the flag, `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE`, `TERM`, and
/// whether it is a terminal. Also tells the argument parser and everything else that asks anstream.
fn color(color: Color) -> bool {
    match color {
        Color::Auto => AutoStream::choice(&io::stdout()) != ColorChoice::Never,
        Color::Always => true,
        Color::Never => false,
    }
}

/// How output made for reading should look.
pub(super) fn look(flag: Color) -> Look {
    let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variable);
    let on_windows = variable("WT_SESSION").is_some();
    let columns = || variable("COLUMNS").and_then(|columns| columns.parse().ok());
    let measured = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    Look {
        color: color(flag),
        unicode: on_windows || locale.is_some_and(|locale| is_utf8(&locale)),
        width: columns().or_else(measured).filter(|width| *width > 0).unwrap_or(WIDTH),
        links: shows_links(&variable, io::stdout().is_terminal()),
        workflow: variable("GITHUB_ACTIONS").is_some_and(|value| value == "true")
            || ["TF_BUILD", "TEAMCITY_VERSION"].into_iter().any(|name| variable(name).is_some()),
    }
}

/// Programs that call themselves by `TERM_PROGRAM`, and terminals by `TERM`, which show links. As the crate
/// supports-hyperlinks does it, but for logs of CI.
const LINKING: [&str; 11] = [
    "Hyper",
    "iTerm.app",
    "terminology",
    "WezTerm",
    "vscode",
    "ghostty",
    "xterm-kitty",
    "xterm-ghostty",
    "alacritty",
    "alacritty-direct",
    "foot",
];

/// Whether names can be links: `FORCE_HYPERLINK` says it, or else a terminal that is known for it.
fn shows_links(variable: &dyn Fn(&str) -> Option<String>, is_terminal: bool) -> bool {
    if let Some(forced) = variable("FORCE_HYPERLINK") {
        return forced != "0";
    }
    if !is_terminal || variable("CI").is_some() {
        return false;
    }
    let vte = variable("VTE_VERSION").and_then(|version| version.parse::<u32>().ok());
    let named = |name| variable(name).is_some_and(|value| LINKING.contains(&value.as_str()));
    vte.is_some_and(|version| version >= 5000)
        || ["DOMTERM", "WT_SESSION", "KONSOLE_VERSION"].into_iter().any(|name| variable(name).is_some())
        || ["TERM_PROGRAM", "TERM"].into_iter().any(named)
        || variable("COLORTERM").is_some_and(|value| value == "xfce4-terminal")
}

fn is_utf8(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

/// Whether somebody sits at the keyboard.
pub(super) fn is_interactive() -> bool {
    io::stdin().is_terminal()
}

/// Whether somebody would see how far a run is: at a terminal, and not where the findings themselves run by.
pub(super) fn shows_progress(quiet: bool) -> bool {
    let set = |name: &str, value: Option<&str>| {
        env::var(name).is_ok_and(|found| value.map_or(!found.is_empty(), |value| found == value))
    };
    let watched = io::stderr().is_terminal() && !set("CI", None) && !set("TERM", Some("dumb"));
    watched && !quiet && !io::stdout().is_terminal()
}

/// Shows diagnostics that belong to no draft, to people, on standard error. Trouble with that is not told: there
/// is nowhere left to tell it.
pub(super) fn show(diagnostics: Vec<Diagnostic>, look: Look) {
    if diagnostics.is_empty() {
        return;
    }
    let run = run_report(tool(String::new(), RuleIndex::default()), diagnostics);
    // What stands on the output proper, a summary of drafts, would mean nothing here.
    let (mut out, mut err) = (io::sink(), anstream::stderr());
    let mut streams = Streams { out: &mut out, err: &mut err };
    let mut emitter = emitter(OutputFormat::Human, look);
    let _ = emitter.begin(&run.tool, &mut streams).and_then(|()| emitter.finish(&run, &mut streams));
}

/// Says something to people that is no diagnostic, on standard error.
pub(super) fn remark(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Whether any of them means that the job could not be done.
pub(super) fn is_trouble(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error && !is_flaw(&diagnostic.code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_shown_where_the_terminal_is_known_for_it() {
        #[track_caller]
        fn check(variables: &[(&str, &str)], is_terminal: bool, expected: bool) {
            let variable = |name: &str| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned()).filter(|value| !value.is_empty())
            };
            assert_eq!(shows_links(&variable, is_terminal), expected, "{variables:?}");
        }
        check(&[("TERM", "xterm-kitty")], true, true);
        check(&[("TERM", "xterm-kitty")], false, false);
        check(&[("TERM", "xterm-kitty"), ("CI", "true")], true, false);
        check(&[("TERM", "xterm-kitty"), ("FORCE_HYPERLINK", "0")], true, false);
        check(&[("FORCE_HYPERLINK", "1"), ("CI", "1")], false, true);
        check(&[("TERM", "xterm-256color")], true, false);
        check(&[("VTE_VERSION", "6003")], true, true);
        check(&[("VTE_VERSION", "4205")], true, false);
        check(&[("TERM_PROGRAM", "WezTerm")], true, true);
        check(&[("WT_SESSION", "x")], true, true);
        check(&[("WT_SESSION", "")], true, false);
    }

    #[test]
    fn a_locale_says_whether_it_is_utf8() {
        assert!(is_utf8("en_GB.UTF-8") && is_utf8("de_DE.utf8") && !is_utf8("C") && !is_utf8("POSIX"));
    }
}
