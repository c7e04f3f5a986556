//! Budgets: how much of a queue may promote, and who says so.
//!
//! Does not judge. Invariant: a [`Profile`] is whole; what it leaves open is taken from what it extends, at last from
//! [`DEFAULT`].

use std::sync::Arc;

use crate::config::LevelSetting;
use crate::diagnostic::{Diagnostic, nearest};
use crate::lint::Policy;
use crate::rule::profile::{RawProfile, read_all};
use crate::rule::raw::RawThresholds;
use crate::rule::{Hours, Rule, RuleSet, Selection, Thresholds};
use crate::table::{At, Reader};
use crate::text::{Source, Span};

/// The profile that holds where none is named.
pub const DEFAULT: &str = "80-20";

/// What a queue is held against.
pub type Budget = Profile;

/// How far a window reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// So many posts.
    Posts(usize),
    /// So many days, up to a post.
    Days(u16),
}

/// A budget.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Who says so; may be empty.
    pub source: String,
    /// How far a window reaches.
    pub window: Window,
    /// With how many posts a queue is judged as one.
    pub shortest: usize,
    /// How many other posts belong between two promotional ones.
    pub gives: usize,
    /// How much of a window should pass on what others made, 0 to 1; it is told beside a finding, and is none.
    pub others: Option<f64>,
    /// How many of the links may be own ones, 0 to 1.
    pub own_links: Option<f64>,
    /// Hours between promotional posts.
    pub hours: Option<Hours>,
    /// Thresholds of queue rules, by their names.
    pub thresholds: Vec<(String, Thresholds)>,
    /// The names of those rules where they are written.
    named: Vec<(At<String>, Arc<Source>)>,
    /// Levels of rules, those of what it extends first.
    pub levels: Vec<LevelSetting>,
}

impl Profile {
    /// What stands before any profile is read.
    #[must_use]
    pub fn bare() -> Self {
        Self {
            name: DEFAULT.to_owned(),
            source: String::new(),
            window: Window::Posts(10),
            shortest: 5,
            gives: 0,
            others: None,
            own_links: None,
            hours: None,
            thresholds: Vec::new(),
            named: Vec::new(),
            levels: Vec::new(),
        }
    }

    fn extended(mut self, raw: &RawProfile) -> Self {
        self.name.clone_from(&raw.name.value);
        self.source = raw.says.as_ref().map_or_else(String::new, |says| says.value.clone());
        if let Some(window) = raw.window {
            self.window = Window::Posts(usize::from(window));
            self.shortest = self.shortest.min(usize::from(window));
        }
        if let Some(days) = raw.days {
            self.window = Window::Days(days);
        }
        self.shortest = raw.shortest.map_or(self.shortest, usize::from);
        self.gives = raw.gives.map_or(self.gives, usize::from);
        self.others = raw.others.or(self.others);
        self.own_links = raw.own_links.or(self.own_links);
        self.hours = raw.hours.or(self.hours);
        for (name, given) in &raw.thresholds {
            self.thresholds.retain(|(known, _)| *known != name.value);
            self.thresholds.push((name.value.clone(), whole(*given)));
            self.named.push((name.clone(), Arc::clone(&raw.source)));
        }
        self.levels.extend(raw.levels.iter().map(|(name, level)| LevelSetting {
            name: name.value.clone(),
            level: *level,
            source: Arc::clone(&raw.source),
            span: name.span,
        }));
        self
    }

    /// The thresholds of a rule under this profile, `own` where it says nothing.
    #[must_use]
    pub fn thresholds(&self, rule: &Rule, own: Thresholds) -> Thresholds {
        self.thresholds.iter().find(|(name, _)| rule.name == *name).map_or(own, |(_, found)| *found)
    }

    /// How many posts a window holds; of one in days, how many it is counted as at least.
    #[must_use]
    pub const fn window_posts(&self) -> usize {
        match self.window {
            Window::Posts(posts) => posts,
            Window::Days(_) => self.shortest,
        }
    }

    /// Gives rules the levels of the profile, except where config or a flag gave one. Returns what is wrong with them.
    pub fn apply(&self, rules: &RuleSet, policy: &mut Policy) -> Vec<Diagnostic> {
        let given = policy.given.clone();
        let mut mistakes = Vec::new();
        for (name, source) in &self.named {
            if let Selection::Unknown(near) = rules.select(&name.value) {
                mistakes.push(unknown_rule(&name.value, near, source, name.span));
            }
        }
        for setting in &self.levels {
            match rules.select(&setting.name) {
                Selection::Rules(selected) => {
                    for index in
                        selected.iter().map(|id| id.index()).filter(|&index| given.get(index) == Some(&false))
                    {
                        policy.levels[index] = setting.level;
                        policy.given[index] = true;
                    }
                }
                Selection::Unknown(near) => {
                    mistakes.push(unknown_rule(&setting.name, near, &setting.source, setting.span));
                }
            }
        }
        mistakes
    }
}

fn unknown_rule(name: &str, near: Option<String>, source: &Arc<Source>, span: Span) -> Diagnostic {
    let message = format!("no rule or category is called `{name}`");
    Diagnostic::error("config/unknown-rule", message).label(source, span, "").meant(near)
}

fn whole(raw: RawThresholds) -> Thresholds {
    let level = |given: Option<f64>| given.unwrap_or(f64::INFINITY);
    Thresholds { note: level(raw.note), warning: level(raw.warning), error: level(raw.error) }
}

/// All profiles of a run, by name.
#[derive(Clone, Debug, Default)]
pub struct Profiles {
    all: Vec<Profile>,
}

impl Profiles {
    /// Those of `rules/profiles.toml`, read here and now: only a run that has queues needs them.
    #[must_use]
    pub fn shipped() -> Self {
        let text = include_str!("../../rules/profiles.toml");
        let source = Arc::new(Source::from_text("rules/profiles.toml", text));
        let (raw, _) = Reader::read(&source, "rule", |reader, mut table| read_all(reader, &mut table, "profiles"));
        Self::default().with(&raw).0
    }

    /// These and others on top, which may extend any of both and replace those of their names. Returns what is wrong with
    /// them; a profile with a mistake in `extends` stands without it.
    #[must_use]
    pub fn with(mut self, raw: &[RawProfile]) -> (Self, Vec<Diagnostic>) {
        let mut mistakes = Vec::new();
        let mut made: Vec<Option<Profile>> = vec![None; raw.len()];
        for index in 0..raw.len() {
            self.make(raw, index, &mut made, &mut Vec::new(), &mut mistakes);
        }
        for profile in made.into_iter().flatten() {
            self.all.retain(|known| known.name != profile.name);
            self.all.push(profile);
        }
        (self, mistakes)
    }

    fn make(
        &self,
        raw: &[RawProfile],
        index: usize,
        made: &mut [Option<Profile>],
        open: &mut Vec<usize>,
        mistakes: &mut Vec<Diagnostic>,
    ) -> Profile {
        if let Some(profile) = &made[index] {
            return profile.clone();
        }
        let one = &raw[index];
        open.push(index);
        let base = match &one.extends {
            None => match raw.iter().position(|other| other.name.value == DEFAULT) {
                Some(default) if !open.contains(&default) => self.make(raw, default, made, open, mistakes),
                _ => self.find(DEFAULT).cloned().unwrap_or_else(Profile::bare),
            },
            Some(name) => self.base(raw, name, one, (made, open, mistakes)),
        };
        open.pop();
        let profile = base.extended(one);
        made[index] = Some(profile.clone());
        profile
    }

    /// What a profile extends: one beside it, or one that stands already, which may have its own name.
    fn base(
        &self,
        raw: &[RawProfile],
        name: &At<String>,
        of: &RawProfile,
        (made, open, mistakes): (&mut [Option<Profile>], &mut Vec<usize>, &mut Vec<Diagnostic>),
    ) -> Profile {
        let beside =
            raw.iter().position(|other| other.name.value == name.value && other.name.value != of.name.value);
        match beside {
            Some(next) if open.contains(&next) => {
                let names: Vec<&str> =
                    open.iter().filter_map(|&at| Some(raw.get(at)?.name.value.as_str())).collect();
                let message = format!("profiles extend each other in a circle: {}", names.join(", "));
                mistakes.push(Diagnostic::error("config/cycle", message).label(&of.source, name.span, ""));
                Profile::bare()
            }
            Some(next) => self.make(raw, next, made, open, mistakes),
            None => self.find(&name.value).cloned().unwrap_or_else(|| {
                mistakes.push(self.unknown(name, &of.source));
                Profile::bare()
            }),
        }
    }

    /// The profile of a name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Profile> {
        self.all.iter().find(|profile| profile.name == name)
    }

    /// The profile of a name that stands in a file; the default where there is none.
    ///
    /// # Errors
    /// What is wrong with the name.
    pub fn named(&self, name: Option<&At<String>>, source: &Arc<Source>) -> Result<Profile, Box<Diagnostic>> {
        match name {
            None => Ok(self.find(DEFAULT).cloned().unwrap_or_else(Profile::bare)),
            Some(name) => self.find(&name.value).cloned().ok_or_else(|| Box::new(self.unknown(name, source))),
        }
    }

    fn unknown(&self, name: &At<String>, source: &Arc<Source>) -> Diagnostic {
        let near = nearest(&name.value, self.names());
        Diagnostic::error("config/unknown-profile", format!("no profile is called `{}`", name.value))
            .label(source, name.span, "")
            .note(format!("known: {}", self.names().collect::<Vec<_>>().join(", ")))
            .meant(near)
    }

    /// All names, in order of declaration.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|profile| profile.name.as_str())
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Profile] {
        &self.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Level;
    use crate::rule::keys::PROFILES;
    use crate::table::Key;

    /// The profiles of a config, and the mistakes in it: `code words: message (help)`.
    fn read(text: &str) -> (Profiles, Vec<String>) {
        let source = Arc::new(Source::from_text("selfless.toml", text));
        const KEYS: [Key; 1] = [Key::new("profiles", PROFILES, "")];
        let (raw, mut mistakes) = Reader::read_listed(&source, "config", &KEYS, |reader, mut table| {
            let raw = read_all(reader, &mut table, "profiles");
            table.finish(reader, "the config");
            raw
        });
        let (profiles, found) = Profiles::shipped().with(&raw);
        mistakes.extend(found);
        let rules = RuleSet::shipped();
        for profile in raw.iter().filter_map(|raw| profiles.find(&raw.name.value)) {
            mistakes.extend(profile.apply(&rules, &mut Policy::of(&rules)));
        }
        let said = |one: &Diagnostic| {
            let help = one.help.as_deref().map_or_else(String::new, |help| format!(" ({help})"));
            format!("{} {}: {}{help}", one.code, source.slice(one.labels[0].span), one.message)
        };
        (profiles, mistakes.iter().map(said).collect())
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(read(text).1, expected, "{text}");
    }

    #[test]
    fn the_shipped_profiles_are_whole() {
        let profiles = Profiles::shipped();
        let names: Vec<&str> = profiles.names().collect();
        let expected =
            "80-20 4-1-1 5-3-2 thirds 30-60-10 three-gives reddit-9-1 lobsters hn stackoverflow metafilter";
        assert_eq!(names.join(" "), expected);
        let source = Arc::new(Source::from_text("rules/profiles.toml", include_str!("../../rules/profiles.toml")));
        assert!(crate::rule::raw::read(&source).1.is_empty());
        // Whoever names no profile gets the levels of the rules themselves.
        assert!(profiles.find(DEFAULT).unwrap().levels.is_empty());
        let rules = RuleSet::shipped();
        for profile in profiles.all() {
            assert!(!profile.source.is_empty(), "{} does not say who says so", profile.name);
            assert!(profile.apply(&rules, &mut Policy::of(&rules)).is_empty(), "{}", profile.name);
        }
    }

    #[test]
    fn a_profile_extends_another() {
        let text = "[profiles.house]\nextends = 'thirds'\nwindow = 6\n[profiles.house.levels]\nbrag = 'note'\n\
                    [profiles.strict]\nextends = 'house'\ngives = 2\n[profiles.strict.thresholds]\n\
                    'queue/promo-share' = { error = 0 }\n[profiles.80-20]\nextends = '80-20'\nshortest = 3\n";
        let (profiles, mistakes) = read(text);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let strict = profiles.find("strict").unwrap();
        assert_eq!((strict.window, strict.gives, strict.others), (Window::Posts(6), 2, Some(0.33)));
        assert_eq!(strict.thresholds.len(), 1);
        assert!(strict.thresholds[0].1.error.abs() < f64::EPSILON && strict.thresholds[0].1.warning.is_infinite());
        assert_eq!(strict.levels.len(), 1);
        let own = profiles.find("80-20").unwrap();
        assert_eq!((own.shortest, own.window), (3, Window::Posts(10)));
        assert!(own.source.is_empty(), "an own profile is not what others say");
    }

    #[test]
    fn a_profile_sets_levels_that_nobody_gave() {
        let rules = RuleSet::shipped();
        let mut policy = Policy::of(&rules);
        let at = |name: &str| rules.rules().iter().position(|rule| rule.name == name).unwrap();
        policy.levels[at("link/drop")] = Level::Off;
        policy.given[at("link/drop")] = true;
        assert!(Profiles::shipped().find("metafilter").unwrap().apply(&rules, &mut policy).is_empty());
        assert_eq!((policy.levels[at("link/own")], policy.levels[at("link/drop")]), (Level::Error, Level::Off));
    }

    #[test]
    fn mistakes_are_told_at_their_place() {
        check(
            "[profiles.a]\nextends = 'third'",
            &["config/unknown-profile 'third': no profile is called `third` (did you mean `thirds`?)"],
        );
        check(
            "[profiles.a]\nextends = 'b'\n[profiles.b]\nextends = 'a'",
            &["config/cycle 'a': profiles extend each other in a circle: a, b"],
        );
        check(
            "[profiles.a]\nwindow = 5\ndays = 7",
            &[
                "config/out-of-range days: a window is counted in posts or in days (write either `window` or `days`)",
            ],
        );
        check(
            "[profiles.a]\nwindow = 5\nshortest = 7",
            &["config/out-of-range shortest: `shortest` is longer than the window"],
        );
        check(
            "[profiles.a]\nlevels = { 'brag/humilty' = 'error', bait = 'bad' }",
            &[
                "config/unknown-value 'bad': unknown level `bad`",
                "config/unknown-rule 'brag/humilty': no rule or category is called `brag/humilty` (did you mean \
                 `brag/humility`?)",
            ],
        );
        check(
            "[profiles.a]\nwindws = 5",
            &["config/unknown-key windws: unknown key `windws` in a profile (did you mean `window`?)"],
        );
        check(
            "[profiles.a.thresholds]\n'queue/promo-shar' = { warning = 0.1 }",
            &[
                "config/unknown-rule 'queue/promo-shar': no rule or category is called `queue/promo-shar` (did you mean \
               `queue/promo-share`?)",
            ],
        );
        check("[profiles.a]\nothers = 3", &["config/out-of-range 3: `others` must lie from 0 to 1"]);
    }
}
