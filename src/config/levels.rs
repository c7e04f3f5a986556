//! From names and levels to the level of every rule.
//!
//! Does not know rules; it is handed their own levels and a way to look names up. Invariant: a credit ends as
//! credit or off.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Level, nearest};
use crate::rule::Selection;
use crate::text::{Source, Span};

/// One entry of `[levels]`, or one flag.
#[derive(Clone, Debug)]
pub struct LevelSetting {
    /// A rule, a category, or among flags `warnings`.
    pub name: String,
    /// What it is set to.
    pub level: Level,
    /// Where it stands.
    pub source: Arc<Source>,
    /// The name's place there.
    pub span: Span,
}

impl LevelSetting {
    /// Whether it names one rule, which then beats its category in the same file.
    #[must_use]
    pub fn is_rule(&self) -> bool {
        self.name.contains('/')
    }
}

/// What levels come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Levels {
    /// The level of every rule.
    pub levels: Vec<Level>,
    /// Whether config or a flag set it, so that it also stands in place of what a measure gives, and of what its pack
    /// would.
    pub given: Vec<bool>,
    /// Which setting gave it: the number of one of config, or on from there of a flag.
    pub set_by: Vec<Option<usize>>,
    /// Whether whatever turns out a warning is an error: also what a measure gives, which is not known here.
    pub deny_warnings: bool,
}

/// What the levels of all rules come to: `own`, then `config` in its order, then `flags` in theirs. The flag name
/// `warnings` stands for whatever is a warning then, and applies last. Unknown names are told.
#[must_use]
pub fn resolve_levels(
    own: Vec<Level>,
    select: impl Fn(&str) -> Selection,
    config: &[LevelSetting],
    flags: &[LevelSetting],
) -> (Levels, Vec<Diagnostic>) {
    let mut set_by = vec![None; own.len()];
    let mut levels = own;
    let mut mistakes = Vec::new();
    let named = flags.iter().map(|flag| (flag, "flags"));
    let settings = config.iter().map(|setting| (setting, "config")).chain(named).enumerate();
    for (number, (setting, place)) in settings.filter(|(_, (one, place))| !is_last(one, place)) {
        mistakes.extend(apply((&mut levels, &mut set_by), &select, (setting, number), place));
    }
    let given = set_by.iter().map(Option::is_some).collect();
    let last = flags.iter().rposition(|flag| is_last(flag, "flags"));
    let warnings = last.and_then(|last| flags.get(last)).map(|flag| flag.level);
    if warnings == Some(Level::Off) {
        let all = levels.iter_mut().zip(&mut set_by);
        for (level, set_by) in all.filter(|(level, _)| **level == Level::Warning) {
            (*level, *set_by) = (Level::Off, last.map(|last| config.len() + last));
        }
    }
    (Levels { levels, given, set_by, deny_warnings: warnings == Some(Level::Error) }, mistakes)
}

/// Whether a setting stands for whatever is a warning in the end.
fn is_last(setting: &LevelSetting, place: &str) -> bool {
    place == "flags" && setting.name == "warnings"
}

/// Applies one setting, with its number; returns what is wrong with it.
fn apply(
    (levels, set_by): (&mut [Level], &mut [Option<usize>]),
    select: impl Fn(&str) -> Selection,
    (setting, number): (&LevelSetting, usize),
    place: &str,
) -> Option<Diagnostic> {
    let selected = match select(&setting.name) {
        // `warnings` means something at the end of the flags only.
        Selection::Rules(rules) if setting.name != "warnings" => rules,
        Selection::Rules(_) => return Some(unknown(setting, place, None)),
        Selection::Unknown(near) => {
            let last = nearest(&setting.name, ["warnings"]).filter(|_| place == "flags");
            return Some(unknown(setting, place, near.or(last.map(str::to_owned))));
        }
    };
    let mut credits = 0;
    for rule in &selected {
        let Some(level) = levels.get_mut(rule.index()) else { continue };
        if let Some(set_by) = set_by.get_mut(rule.index()) {
            *set_by = Some(number);
        }
        if setting.level == Level::Off {
            *level = Level::Off;
        } else if *level == Level::Credit {
            credits += 1;
        } else {
            *level = setting.level;
        }
    }
    (credits == selected.len() && credits > 0).then(|| {
        let message = format!("`{}` rewards, so it has no level", setting.name);
        Diagnostic::error(format!("{place}/level-of-credit"), message)
            .label(&setting.source, setting.span, "")
            .help("a credit can only be switched off")
    })
}

fn unknown(setting: &LevelSetting, place: &str, near: Option<String>) -> Diagnostic {
    let what = if setting.is_rule() { "rule" } else { "rule or category" };
    let message = format!("unknown {what} `{}`", setting.name);
    let diagnostic = Diagnostic::error(format!("{place}/unknown-rule"), message)
        .label(&setting.source, setting.span, "")
        .note("`selfless rules` lists all");
    diagnostic.meant(near)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleId;

    const RULES: [(&str, Level); 4] = [
        ("brag/humility", Level::Warning),
        ("brag/numbers", Level::Note),
        ("ask/hard", Level::Error),
        ("credit/question", Level::Credit),
    ];

    fn select(name: &str) -> Selection {
        let found: Vec<_> = RULES
            .iter()
            .zip(0..)
            .filter(|((rule, _), _)| *rule == name || rule.split('/').next() == Some(name))
            .map(|(_, id)| RuleId(id))
            .collect();
        if found.is_empty() { Selection::Unknown(Some("brag".into())) } else { Selection::Rules(found) }
    }

    /// `settings` are `name=level`; those before `|` are of config.
    fn resolve(settings: &str) -> (Levels, Vec<Diagnostic>) {
        let source = Arc::new(Source::from_text("a", settings));
        let parse = |text: &str| -> Vec<LevelSetting> {
            text.split_whitespace()
                .map(|one| {
                    let (name, level) = one.split_once('=').unwrap();
                    LevelSetting {
                        name: name.into(),
                        level: Level::from_name(level).unwrap(),
                        source: Arc::clone(&source),
                        span: Span::new(0, 1),
                    }
                })
                .collect()
        };
        let (config, flags) = settings.split_once('|').unwrap();
        let own = RULES.iter().map(|(_, level)| *level).collect();
        resolve_levels(own, select, &parse(config), &parse(flags))
    }

    #[track_caller]
    fn check(settings: &str, levels: [Level; 4], deny_warnings: bool) {
        let (found, mistakes) = resolve(settings);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        assert_eq!((found.levels, found.deny_warnings), (levels.to_vec(), deny_warnings), "{settings}");
    }

    #[test]
    fn later_settings_win_and_warnings_come_last() {
        use Level::{Credit, Error, Note, Off, Warning};
        check("|", [Warning, Note, Error, Credit], false);
        check("brag=off brag/humility=error|", [Error, Off, Error, Credit], false);
        check("brag/humility=error brag=off|", [Off, Off, Error, Credit], false);
        check("brag=off|brag/numbers=warning", [Off, Warning, Error, Credit], false);
        check("|brag=error brag/numbers=off", [Error, Off, Error, Credit], false);
        check("|warnings=error brag=warning", [Warning, Warning, Error, Credit], true);
        check("|warnings=off warnings=error", [Warning, Note, Error, Credit], true);
        check("|warnings=error warnings=off", [Off, Note, Error, Credit], false);
        check("credit=off|", [Warning, Note, Error, Off], false);
    }

    #[test]
    fn every_level_knows_what_set_it() {
        #[track_caller]
        fn check(settings: &str, expected: [Option<usize>; 4]) {
            let found = resolve(settings).0;
            assert_eq!(found.set_by, expected, "{settings}");
            assert_eq!(found.given.len(), 4);
        }
        check("|", [None; 4]);
        check("brag=off brag/humility=error|brag/numbers=note", [Some(1), Some(2), None, None]);
        check("ask=off|warnings=off ask=error warnings=error", [None, None, Some(2), None]);
        check("ask=off|brag/numbers=warning warnings=off", [Some(2), Some(2), Some(0), None]);
    }

    #[track_caller]
    fn check_mistake(settings: &str, code: &str, message: &str) {
        let (_, mistakes) = resolve(settings);
        let found: Vec<_> = mistakes.iter().map(|one| (&*one.code, &*one.message)).collect();
        assert_eq!(found, [(code, message)]);
    }

    #[test]
    fn what_is_unknown_is_told_where_it_stands() {
        check_mistake("barg=off|", "config/unknown-rule", "unknown rule or category `barg`");
        check_mistake("|brag/x=off", "flags/unknown-rule", "unknown rule `brag/x`");
        check_mistake("warnings=off|", "config/unknown-rule", "unknown rule or category `warnings`");
        check_mistake("credit=error|", "config/level-of-credit", "`credit` rewards, so it has no level");
    }
}
