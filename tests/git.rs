//! What is asked of git, in real repositories: staged texts, what changed, and hooks.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot make its repository has failed")]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Output};

const PROMOTES: &str = "Thrilled to announce the new course. Sign up now, link in bio!\n";
const TALKS: &str = "What did you find under the bridge, and who showed you?\n";

struct Repository(tempfile::TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.path()).envs([
            ("CI", "1"),
            ("NO_COLOR", "1"),
            ("LC_ALL", "C"),
            ("COLUMNS", "100"),
        ]);
        command.envs([("GITHUB_ACTIONS", ""), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")]);
        for name in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{name}_NAME"), "Sam").env(format!("GIT_{name}_EMAIL"), "sam@example.org");
        }
        for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX"] {
            command.env_remove(name);
        }
        let binary = Path::new(env!("CARGO_BIN_EXE_selfless")).parent().unwrap().to_owned();
        let others = std::env::var_os("PATH").unwrap();
        let all = std::iter::once(binary).chain(std::env::split_paths(&others));
        command.env("PATH", std::env::join_paths(all).unwrap());
        command
    }

    #[track_caller]
    fn git(&self, args: &[&str]) -> String {
        let output = self.command("git").args(args).output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", text(&output.stderr));
        text(&output.stdout).trim().to_owned()
    }

    fn write(&self, name: impl AsRef<Path>, content: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--no-verify", "-m", message]);
    }

    fn selfless(&self, args: &[&str]) -> Output {
        self.command("selfless").args(args).output().unwrap()
    }

    /// The posts that are reported, by place, with what was found of each and in queues, and the exit code.
    #[track_caller]
    fn check(&self, args: &str, expected: &[&str], code: i32) {
        let args: Vec<&str> = ["check", "--format", "json"].into_iter().chain(args.split_whitespace()).collect();
        let output = self.selfless(&args);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        assert!(report["posts"].is_array(), "{}{}", text(&output.stdout), text(&output.stderr));
        let posts = report["posts"].as_array().unwrap().iter().map(|post| {
            let line = post["line"].as_u64().unwrap_or_default();
            format!("{}:{line}", post["source"].as_str().unwrap())
        });
        let mut found: Vec<String> = posts.collect();
        found.sort();
        assert_eq!(
            (found, output.status.code()),
            (owned(expected), Some(code)),
            "{args:?}: {}",
            text(&output.stderr)
        );
    }

    #[track_caller]
    fn refuses(&self, args: &[&str], told: &[&str]) {
        let output = self.selfless(args);
        let shown = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{shown}");
        told.iter().for_each(|told| assert!(shown.contains(told), "{told} is not in {shown}"));
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn what_is_staged_is_judged_and_not_what_the_file_holds() {
    let here = Repository::new();
    here.check("--staged", &[], 0);
    here.write("a.md", PROMOTES);
    here.check("--staged", &[], 0);
    here.git(&["add", "a.md"]);
    here.write("a.md", TALKS);
    here.check("--staged", &["a.md:1"], 1);
    here.git(&["add", "a.md"]);
    here.write("a.md", PROMOTES);
    here.check("--staged", &["a.md:1"], 0);
    fs::remove_file(here.path().join("a.md")).unwrap();
    here.check("--staged", &["a.md:1"], 0);
    here.git(&["commit", "--quiet", "-m", "one"]);
    here.check("--staged", &[], 0);
}

const HOUSE: &str = "category = 'house'\n[[rule]]\nname = 'bridge'\nlevel = 'error'\nmessage = 'a bridge'\n\
                     phrases = ['under the bridge']\n\
                     examples.flagged = ['It is under the bridge.', 'Go under the bridge.', 'Look under the bridge.']\n\
                     examples.clean = ['It is over the bridge.', 'A bridge.', 'The bridge.']\n";

#[test]
fn what_decides_is_read_as_it_is_staged_too() {
    let here = Repository::new();
    let config = |text: &str| here.write("selfless.toml", text);
    here.write("a.md", TALKS);
    here.write("house/bridge.toml", HOUSE);
    config("rules = ['house']\n");
    // What git does not track counts as it lies there.
    here.git(&["add", "a.md"]);
    here.check("--staged", &["a.md:1"], 1);
    // What it tracks, as it is staged: also where the folder holds something else by now, or nothing.
    here.git(&["add", "--all"]);
    let unstaged = |expected: bool| {
        let told = text(&here.selfless(&["check", "--staged"]).stderr);
        assert_eq!(told.contains("config/unstaged"), expected, "{told}");
    };
    unstaged(false);
    config("exclude = ['a.md']\n");
    here.check("--staged", &["a.md:1"], 1);
    unstaged(true);
    config("rules = ['house']\r\n");
    unstaged(false);
    fs::remove_file(here.path().join("selfless.toml")).unwrap();
    fs::remove_dir_all(here.path().join("house")).unwrap();
    here.check("--staged", &["a.md:1"], 1);
    here.git(&["add", "--all"]);
    here.check("--staged", &["a.md:1"], 0);
    // What a config extends, by way of a symlink.
    here.write("house/base.toml", "exclude = ['/a.md']\n");
    std::os::unix::fs::symlink("house", here.path().join("ours")).unwrap();
    config("extends = 'ours/base.toml'\n");
    here.git(&["add", "--all"]);
    here.write("house/base.toml", "");
    here.check("--staged", &[], 0);
    config("extends = 'house/base.toml'\n");
    here.git(&["add", "selfless.toml"]);
    fs::remove_dir_all(here.path().join("house")).unwrap();
    here.check("--staged", &[], 0);
    // What is taken out of the index and left in the folder is tracked no more.
    here.git(&["rm", "--quiet", "--cached", "selfless.toml"]);
    config("");
    here.check("--staged", &["a.md:1"], 0);
    let without = here.selfless(&["check", "--staged", "--no-config"]);
    assert_eq!(without.status.code(), Some(0));
}

#[test]
fn a_baseline_and_flags_that_name_files_are_read_as_they_are_staged() {
    let here = Repository::new();
    here.write("a.md", PROMOTES);
    here.write("bridge.toml", HOUSE);
    here.write("strict.toml", "fail-on = 'warning'\n");
    here.selfless(&["baseline", "-o", "known.txt", "a.md"]);
    here.git(&["add", "--all"]);
    let known = fs::read_to_string(here.path().join("known.txt")).unwrap();
    here.write("known.txt", known.lines().next().unwrap());
    here.check("--staged --baseline known.txt", &["a.md:1"], 0);
    here.git(&["add", "--all"]);
    here.check("--staged --baseline known.txt", &["a.md:1"], 1);
    fs::remove_file(here.path().join("known.txt")).unwrap();
    here.git(&["add", "--all"]);
    here.write("a.md", TALKS);
    here.git(&["add", "a.md"]);
    here.write("bridge.toml", "");
    here.check("--staged --rules bridge.toml", &["a.md:1"], 1);
    here.write("strict.toml", "wrong = 1\n");
    here.check("--staged --config strict.toml", &["a.md:1"], 0);
}

#[test]
fn the_tracked_posts_of_a_folder_count_in_the_queue_of_what_is_staged() {
    let here = Repository::new();
    let post = |day: u32, text: &str| here.write(format!("posts/2026-03-{day:02}.md"), text);
    let class = |day: u32| format!("Sign up for class {day} now, only {day} places left, link in bio!\n");
    (1..=9).for_each(|day| post(day, &class(day)));
    here.write("posts/undated.md", TALKS);
    here.write("elsewhere/2026-03-10.md", TALKS);
    here.commit("one");
    post(10, &class(10));
    here.git(&["add", "--all"]);
    let args = ["check", "--format", "json", "--staged"];
    let queue = || {
        let report: serde_json::Value = serde_json::from_slice(&here.selfless(&args).stdout).unwrap();
        let posts: Vec<_> =
            report["posts"].as_array().unwrap().iter().map(|post| post["source"].clone()).collect();
        assert_eq!(posts, ["posts/2026-03-10.md"]);
        let queue = report["queue"].as_array().unwrap();
        assert!(
            queue.iter().all(|one| one["posts"].as_array().unwrap().iter().all(|post| *post == 0)),
            "{queue:?}"
        );
        queue.len()
    };
    let found = queue();
    assert!(found > 0, "the post takes part in a run of promotion");
    // They count as they are staged, whatever the folder holds; and what git does not track is not there.
    (1..=9).for_each(|day| post(day, TALKS));
    fs::remove_file(here.path().join("posts/2026-03-09.md")).unwrap();
    post(11, &class(11));
    assert_eq!(queue(), found);
    // What was posted before, which the config names, likewise.
    here.git(&["rm", "--quiet", "--cached", "posts/2026-03-0*.md"]);
    assert_eq!(queue(), 0);
    fs::remove_dir_all(here.path().join("posts")).unwrap();
    let row = |day: u32| format!("2026-03-{day:02} 09:00,\"{}\"\n", class(day).trim());
    here.write("out.csv", &("Date,Text\n".to_owned() + &(1..=9).map(row).collect::<String>()));
    here.write("selfless.toml", "[queue]\nhistory = ['out.csv']\n");
    here.git(&["add", "out.csv", "selfless.toml"]);
    assert!(queue() > 0);
    here.write("out.csv", "Date,Text\n");
    assert!(queue() > 0);
}

#[test]
fn a_draft_without_a_time_asks_for_no_others() {
    let here = Repository::new();
    for day in 1..=9 {
        here.write(format!("posts/2026-03-{day:02}.md"), PROMOTES);
        here.write(format!("made/{day}.txt"), PROMOTES);
    }
    here.commit("one");
    here.write("posts/new.md", TALKS);
    here.git(&["add", "--all"]);
    let listed = || {
        let output = here.selfless(&["check", "--staged", "--list-files"]);
        let output = text(&output.stdout);
        let (others, new): (Vec<_>, Vec<_>) = output.lines().partition(|line| line.contains("unchanged"));
        let named =
            |lines: Vec<&str>| lines.iter().map(|line| line.split_once(' ').unwrap().0.to_owned()).collect();
        (named(new), named(others))
    };
    let (new, others): (Vec<String>, Vec<String>) = listed();
    assert_eq!((new, others.len()), (vec!["posts/new.md".to_owned()], 0));
    // A queue that config makes has the files that it names.
    here.write("selfless.toml", "[[queue]]\nname = 'made'\nfiles = ['made/*.txt']\n");
    here.write("made/3.txt", TALKS);
    here.git(&["add", "--all"]);
    let (new, others) = listed();
    let expected = [1, 2, 4, 5, 6, 7, 8, 9].map(|number| format!("made/{number}.txt"));
    assert_eq!((new, others), (vec!["made/3.txt".to_owned(), "posts/new.md".to_owned()], expected.to_vec()));
    here.check("--staged", &["made/3.txt:1", "posts/new.md:1"], 1);
}

#[test]
fn only_drafts_are_taken_of_what_is_staged_and_config_holds() {
    let here = Repository::new();
    here.write("selfless.toml", "exclude = ['/old']\n");
    for name in
        ["a.md", "old/b.md", "src/main.rs", "README.md", ".hidden/c.md", "posts/d.txt", "e\"x\" \u{e9}\n.md"]
    {
        here.write(name, PROMOTES);
    }
    here.write(Path::new(OsStr::from_bytes(b"posts/caf\xe9.md")), TALKS);
    std::os::unix::fs::symlink("a.md", here.path().join("link.md")).unwrap();
    here.git(&["add", "--all"]);
    here.check("--staged", &["a.md:1", "e\"x\" \u{e9}\n.md:1", "posts/caf\u{fffd}.md:1", "posts/d.txt:1"], 1);
    here.check("--staged posts", &["posts/caf\u{fffd}.md:1", "posts/d.txt:1"], 1);
    here.check("--staged old/b.md", &["old/b.md:1"], 1);
    here.check("--staged --force-exclude old/b.md a.md", &["a.md:1"], 1);
    let mut below = here.command("selfless");
    below.current_dir(here.path().join("posts")).args(["check", "--staged", "--format", "short", ".."]);
    let shown = text(&below.output().unwrap().stdout);
    assert!(shown.contains("../a.md:1:") && shown.contains("\nd.txt:1:"), "{shown}");
}

#[test]
fn what_is_renamed_or_gone_adds_nothing() {
    let here = Repository::new();
    here.write("a.md", &format!("{PROMOTES}\n{TALKS}\n{TALKS}"));
    here.write("b.md", PROMOTES);
    here.commit("one");
    here.git(&["mv", "a.md", "c.md"]);
    here.git(&["rm", "--quiet", "b.md"]);
    here.check("--staged --changed-lines", &[], 0);
    here.check("--changed-since HEAD", &[], 0);
    here.check("--staged", &["c.md:1"], 1);
}

#[test]
fn what_is_renamed_and_changed_is_new_where_it_changed() {
    let here = Repository::new();
    let rows: String =
        (1..=9).map(|day| format!("2026-03-{day:02},What did you find at mill {day}?,Bluesky\n")).collect();
    here.write("queue.csv", &format!("Date,Text,Network\n{rows}"));
    here.commit("one");
    here.git(&["mv", "queue.csv", "plan.csv"]);
    here.write("plan.csv", &format!("Date,Text,Network\n{rows}2026-03-12,\"{}\",Bluesky\n", PROMOTES.trim()));
    here.git(&["add", "--all"]);
    here.check("--changed-since HEAD", &["plan.csv:11"], 1);
    here.check("--staged --changed-since HEAD", &["plan.csv:11"], 1);
    // All rows of what is staged are judged, unless changes are asked for.
    let report: serde_json::Value =
        serde_json::from_slice(&here.selfless(&["check", "--format", "json", "--staged"]).stdout).unwrap();
    assert_eq!(report["posts"].as_array().unwrap().len(), 10);
}

#[test]
fn files_are_called_what_they_like_and_git_may_be_set_to_anything() {
    let here = Repository::new();
    let names: [&[u8]; 5] = [b"a \"b\"\n.md", b"caf\xe9.md", "\u{e9}\t.md".as_bytes(), b"-x.md", b"*.md"];
    for name in names {
        here.write(Path::new(OsStr::from_bytes(name)), TALKS);
    }
    here.commit("one");
    here.check("--changed-since HEAD", &[], 0);
    for name in names {
        here.write(Path::new(OsStr::from_bytes(name)), &format!("{TALKS}\nWho else was there?\n"));
    }
    here.write(Path::new(OsStr::from_bytes(b"new\xe9 \"\n.md")), PROMOTES);
    let changed = ["*.md:1", "-x.md:1", "a \"b\"\n.md:1", "caf\u{fffd}.md:1", "\u{e9}\t.md:1"];
    let all =
        ["*.md:1", "-x.md:1", "a \"b\"\n.md:1", "caf\u{fffd}.md:1", "new\u{fffd} \"\n.md:1", "\u{e9}\t.md:1"];
    here.check("--changed-since HEAD", &all, 1);
    here.check("--changed-lines", &all, 1);
    for (key, value) in [
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.external", "false"),
        ("diff.relative", "true"),
        ("diff.renames", "false"),
        ("diff.submodule", "log"),
        ("diff.context", "9"),
        ("diff.interHunkContext", "9"),
        ("color.ui", "always"),
        ("core.pager", "false"),
        ("core.quotePath", "true"),
        ("core.fsmonitor", "false"),
    ] {
        here.git(&["config", key, value]);
    }
    here.check("--changed-since HEAD", &all, 1);
    here.check("--changed-lines", &all, 1);
    here.git(&["add", "--all"]);
    here.check("--staged", &all, 1);
    here.check("--staged --changed-lines", &all, 1);
    here.git(&["rm", "--quiet", "--cached", "--", ":(glob)new*"]);
    here.check("--staged --changed-since HEAD", &changed, 0);
}

#[test]
fn the_manifest_gives_one_process_all_files_and_lets_config_exclude_them() {
    let manifest = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/.pre-commit-hooks.yaml")).unwrap();
    let hooks: Vec<&str> = manifest.split("\n- id: ").skip(1).collect();
    assert_eq!(hooks.len(), 3);
    for hook in hooks {
        for line in ["  require_serial: true", "  entry: selfless check --force-exclude"] {
            assert!(hook.lines().any(|one| one == line), "{line} is not in {hook}");
        }
    }
    // Named by whoever calls it, in one process, they are held against `exclude`, and a queue of them is one.
    let here = Repository::new();
    here.write("selfless.toml", "exclude = ['/old']\n[[queue]]\nname = 'all'\nfiles = ['**/*.md']\n");
    let mut files = Vec::new();
    for day in 1..=9 {
        let name = format!("2026-03-{day:02}.md");
        here.write(&name, &format!("Sign up for class {day} now, only {day} places left, link in bio!\n"));
        files.push(name);
    }
    here.write("old/a.md", PROMOTES);
    files.push("old/a.md".to_owned());
    let args: Vec<&str> = ["check", "--force-exclude", "--format", "json"]
        .into_iter()
        .chain(files.iter().map(String::as_str))
        .collect();
    let report: serde_json::Value = serde_json::from_slice(&here.selfless(&args).stdout).unwrap();
    assert_eq!(report["posts"].as_array().unwrap().len(), 9);
    assert!(!report["queue"].as_array().unwrap().is_empty());
}

#[test]
fn a_new_row_of_a_queue_is_one_post_and_the_others_count() {
    let here = Repository::new();
    let row = |day: u32, text: &str| format!("2026-03-{day:02} 09:00,\"{}\",Bluesky\n", text.trim());
    let mut table = "Date,Text,Network\n".to_owned();
    for day in 1..=9 {
        table += &row(day, &format!("Sign up for class {day} now, only {day} places left, link in bio!"));
    }
    here.write("queue.csv", &table);
    here.write("other.csv", &table);
    here.commit("one");
    here.check("--changed-since HEAD", &[], 0);
    table += &row(10, "Sign up for class 10 now, only 10 places left, link in bio!");
    here.write("queue.csv", &table);
    let args = ["check", "--format", "json", "--changed-since", "HEAD"];
    let report: serde_json::Value = serde_json::from_slice(&here.selfless(&args).stdout).unwrap();
    assert_eq!(report["posts"].as_array().unwrap().len(), 1);
    let queue = report["queue"].as_array().unwrap();
    assert!(!queue.is_empty(), "the post takes part in a run of promotion");
    for finding in queue {
        assert!(finding["posts"].as_array().unwrap().iter().all(|post| post.as_u64() == Some(0)), "{finding}");
    }
    // A row that has nothing of the kind is blamed for nothing.
    let table = table.lines().take(10).map(|line| line.to_owned() + "\n").collect::<String>() + &row(12, TALKS);
    here.write("queue.csv", &table);
    let report: serde_json::Value = serde_json::from_slice(&here.selfless(&args).stdout).unwrap();
    assert_eq!(report["posts"].as_array().unwrap().len(), 1);
    for finding in report["queue"].as_array().unwrap() {
        assert_ne!(finding["rule"].as_str(), Some("queue/promo-share"), "{finding}");
    }
}

#[test]
fn only_what_stands_in_added_lines_is_told() {
    let here = Repository::new();
    here.write("a.md", &format!("{PROMOTES}\n{TALKS}"));
    here.commit("one");
    here.write("a.md", &format!("{PROMOTES}\n{TALKS}\nWho else was there?\n"));
    here.check("--changed-since HEAD", &["a.md:1"], 1);
    here.check("--changed-lines", &["a.md:1"], 0);
    here.write("a.md", &format!("{PROMOTES}\n{TALKS}\nBuy now, only 3 left! Link in bio!\n"));
    here.check("--changed-lines", &["a.md:1"], 1);
    here.check("--changed-lines --staged", &[], 0);
    // What git does not know yet is new as a whole, unless git ignores it.
    here.write("new.md", PROMOTES);
    here.write(".gitignore", "ignored.md\n");
    here.write("ignored.md", PROMOTES);
    here.check("--changed-lines", &["a.md:1", "new.md:1"], 1);
}

#[test]
fn changes_count_from_where_two_branches_parted() {
    let here = Repository::new();
    here.write("a.md", TALKS);
    here.commit("one");
    here.git(&["switch", "--quiet", "-c", "topic"]);
    here.write("mine.md", TALKS);
    here.commit("mine");
    here.git(&["switch", "--quiet", "main"]);
    here.write("a.md", PROMOTES);
    here.commit("theirs");
    here.git(&["switch", "--quiet", "topic"]);
    here.check("--changed-since main", &["mine.md:1"], 0);
    here.git(&["switch", "--quiet", "--orphan", "alone"]);
    here.write("b.md", TALKS);
    here.commit("alone");
    here.refuses(&["--changed-since", "main"], &["git/no-common-commit", "`main` and HEAD"]);
    here.refuses(&["--changed-since", "nowhere"], &["no commit is called `nowhere`"]);
    here.refuses(&["--changed-since=--output=x"], &["no commit is called `--output=x`"]);
    assert!(!here.path().join("x").exists());
    here.refuses(&["--staged", "-"], &["standard input has no history"]);
    here.refuses(&["--staged", "--fix"], &["cannot be used with"]);
}

#[test]
fn a_shallow_clone_and_no_repository_are_told_of() {
    let here = Repository::new();
    here.write("a.md", TALKS);
    here.commit("one");
    here.commit("two");
    let first = here.git(&["rev-parse", "HEAD~"]);
    let clone = Repository(tempfile::tempdir().unwrap());
    let from = format!("file://{}", here.path().display());
    clone.git(&["clone", "--quiet", "--depth=1", &from, "."]);
    clone.refuses(&["--changed-since", &first], &["this clone is shallow", "fetch-depth: 0"]);
    let bare = Repository(tempfile::tempdir().unwrap());
    bare.refuses(&["--staged"], &["the current folder is in no work tree of git", "selfless check FILE"]);
    bare.git(&["init", "--quiet", "--bare", "."]);
    bare.refuses(&["--staged"], &["git/no-repository"]);
    let mut none = here.command(env!("CARGO_BIN_EXE_selfless"));
    let output = none.args(["check", "--staged"]).env("PATH", "/nowhere").output().unwrap();
    assert!(text(&output.stderr).contains("git is not installed"), "{}", text(&output.stderr));
}

#[test]
fn submodules_and_worktrees_are_what_they_are() {
    let (here, other) = (Repository::new(), Repository::new());
    other.write("theirs.md", PROMOTES);
    other.commit("one");
    let from = other.path().display().to_string();
    here.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &from, "module"]);
    here.check("--staged", &[], 0);
    here.commit("one");
    here.write("module/theirs.md", "Buy now, link in bio!\n");
    here.write("module/new.md", PROMOTES);
    here.check("--changed-since HEAD", &[], 0);
    here.check("--changed-lines", &[], 0);
    here.git(&["worktree", "add", "--quiet", "tree"]);
    here.write("tree/new.md", PROMOTES);
    let inside = |args: &[&str]| {
        let output = here.command("selfless").current_dir(here.path().join("tree")).args(args).output().unwrap();
        output.status.code()
    };
    assert_eq!(inside(&["--staged"]), Some(0));
    here.git(&["-C", "tree", "add", "new.md"]);
    assert_eq!(inside(&["--staged"]), Some(1));
}

#[test]
fn only_posts_that_are_due_are_reported() {
    let here = Repository::new();
    let row = |day: u32, text: &str| format!("2026-03-{day:02} 23:30,\"{}\"\n", text.trim());
    let table =
        "Date,Text\n".to_owned() + &row(1, PROMOTES) + &row(2, TALKS) + &row(3, PROMOTES) + ",No time here?\n";
    here.write("queue.csv", &table);
    here.check("--since 2026-03-02 --until 2026-03-02 queue.csv", &["queue.csv:3"], 0);
    here.check("--since 2026-03-03 queue.csv", &["queue.csv:4"], 1);
    here.check("--until 2026-03-02 queue.csv", &["queue.csv:2", "queue.csv:3"], 1);
    here.check("--since today --until +7d queue.csv", &[], 0);
    here.write("one.md", &format!("---\ndate: 2026-03-02T23:30:00Z\n---\n{TALKS}"));
    here.check("--since 2026-03-03 --timezone Europe/Lisbon one.md", &[], 0);
    here.check("--since 2026-03-03 --timezone Europe/Athens one.md", &["one.md:1"], 0);
    here.refuses(
        &["--since", "2026-03-03", "--until", "2026-03-02", "one.md"],
        &["the window ends before it begins"],
    );
}

#[test]
fn a_hook_is_chained_and_taken_away_again() {
    let here = Repository::new();
    let hook = here.path().join(".git/hooks/pre-commit");
    let said = |args: &[&str]| {
        let output = here.selfless(args);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let commits = |name: &str, content: &str| {
        here.write(name, content);
        here.git(&["add", name]);
        let done = here.command("git").args(["commit", "--quiet", "-m", name]).output().unwrap();
        done.status.success()
    };
    assert_eq!(said(&["hook", "install"]), "wrote .git/hooks/pre-commit\n");
    assert_eq!(said(&["hook", "install"]), ".git/hooks/pre-commit is there already\n");
    assert!(!commits("a.md", PROMOTES));
    assert!(commits("a.md", TALKS) && commits("notes.rs", PROMOTES));
    // These stage into an index of their own.
    for args in [&["commit", "--quiet", "-a", "-m", "all"][..], &["commit", "--quiet", "-m", "one", "a.md"]] {
        here.write("a.md", PROMOTES);
        assert!(!here.command("git").args(args).output().unwrap().status.success(), "{args:?}");
        here.write("a.md", &format!("{TALKS}{}\n", args.join(" ")));
        assert!(here.command("git").args(args).output().unwrap().status.success(), "{args:?}");
    }
    assert_eq!(said(&["hook", "uninstall"]), "took .git/hooks/pre-commit away\n");
    assert!(!hook.exists());
    assert!(said(&["hook", "uninstall"]).starts_with("nothing to take away"));

    let old = "#!/bin/sh\necho ran >>log\ntest ! -e refuse\n";
    fs::write(&hook, old).unwrap();
    fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    assert!(said(&["hook", "install"]).contains("first runs the hook that was there"));
    assert!(said(&["hook", "install"]).contains("is there already"));
    assert!(!commits("b.md", PROMOTES) && commits("b.md", TALKS));
    assert_eq!(fs::read_to_string(here.path().join("log")).unwrap(), "ran\nran\n");
    here.write("refuse", "");
    assert!(!commits("c.md", TALKS), "the hook that was there refuses too");
    assert_eq!(said(&["hook", "uninstall"]), ".git/hooks/pre-commit is what it was\n");
    assert_eq!(fs::read_to_string(&hook).unwrap(), old);
    // Two hooks that are not of selfless are not written over.
    fs::write(hook.with_extension("before-selfless"), "x").unwrap();
    here.refuses(&["hook", "install"], &["hook/in-the-way"]);
    assert_eq!(fs::read_to_string(&hook).unwrap(), old);
}

#[test]
fn a_hook_stands_where_git_looks_for_it() {
    let here = Repository::new();
    here.write("a.md", TALKS);
    here.commit("one");
    here.git(&["worktree", "add", "--quiet", "tree"]);
    let inside = |args: &[&str]| {
        here.command("selfless")
            .current_dir(here.path().join("tree"))
            .args(args)
            .output()
            .unwrap()
            .status
            .success()
    };
    assert!(inside(&["hook", "install"]) && here.path().join(".git/hooks/pre-commit").exists());
    assert!(inside(&["hook", "uninstall"]) && !here.path().join(".git/hooks/pre-commit").exists());
    here.git(&["config", "core.hooksPath", "hooks of ours"]);
    assert_eq!(text(&here.selfless(&["hook", "install"]).stdout), "wrote hooks of ours/pre-commit\n");
    here.write("tree/b.md", PROMOTES);
    let commit = || here.command("git").args(["commit", "--quiet", "-m", "x"]).output().unwrap().status.success();
    here.write("b.md", PROMOTES);
    here.git(&["add", "b.md"]);
    assert!(!commit());
}

#[test]
fn a_hook_runs_wherever_a_commit_is_made_from() {
    let outer = tempfile::tempdir().unwrap();
    let here = Repository(tempfile::tempdir_in(outer.path()).unwrap());
    here.git(&["init", "--quiet", "--initial-branch=main", "it's a \"place\""]);
    let place = here.path().join("it's a \"place\"");
    let git = |folder: &Path, args: &[&str]| {
        let output = here.command("git").current_dir(folder).args(args).output().unwrap();
        (output.status.success(), text(&output.stdout) + &text(&output.stderr))
    };
    let fine = |folder: &Path, args: &[&str]| {
        let (fine, said) = git(folder, args);
        assert!(fine, "{args:?}: {said}");
    };
    fs::create_dir(place.join("below")).unwrap();
    fs::write(place.join("below/a.md"), TALKS).unwrap();
    fs::write(place.join("selfless.toml"), "").unwrap();
    fine(&place, &["add", "."]);
    let installed = here.command("selfless").current_dir(place.join("below")).args(["hook", "install"]).output();
    assert!(installed.unwrap().status.success());
    fine(&place.join("below"), &["commit", "--quiet", "-m", "one"]);
    fine(&place, &["worktree", "add", "--quiet", "-b", "tree", "../a tree"]);
    let tree = here.path().join("a tree");
    let away = here.path().to_owned();
    let (git_dir, work_tree) =
        (format!("--git-dir={}", place.join(".git").display()), format!("--work-tree={}", place.display()));
    let folders = [(&place, &place), (&place, &place.join("below")), (&tree, &tree), (&tree, &tree.join("below"))];
    for (number, (top, folder)) in folders.into_iter().enumerate() {
        let name = format!("{number}.md");
        fs::write(top.join(&name), PROMOTES).unwrap();
        fine(top, &["add", &name]);
        let (passed, said) = git(folder, &["commit", "--quiet", "-m", "refused"]);
        assert!(!passed && said.contains(&format!("{name}:1:")), "{said}");
        // By way of variables, as editors and scripts do.
        if *top == place {
            let (passed, said) = git(&away, &[&git_dir, &work_tree, "commit", "--quiet", "-m", "refused"]);
            assert!(!passed && said.contains(&format!("{name}:1:")), "{said}");
        }
        // A part of what is staged is an index of its own, with the config of HEAD: what else is staged is not committed.
        fs::write(top.join("selfless.toml"), format!("exclude = ['{name}']\n")).unwrap();
        fine(top, &["add", "selfless.toml"]);
        let (passed, said) = git(top, &["commit", "--quiet", "-m", "refused", "--", &name]);
        assert!(!passed && said.contains(&format!("{name}:1:")), "{said}");
        fine(top, &["commit", "--quiet", "-m", "passed"]);
    }
    fine(&place, &["commit", "--quiet", "--amend", "-m", "amended"]);
}

#[test]
fn a_hook_that_may_not_run_is_kept_and_does_not_run() {
    let here = Repository::new();
    let hook = here.path().join(".git/hooks/pre-commit");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, "#!/bin/sh\nexit 1\n").unwrap();
    fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let said = text(&here.selfless(&["hook", "install"]).stdout);
    assert!(said.contains("first runs the hook that was there"), "{said}");
    here.write("a.md", TALKS);
    here.git(&["add", "a.md"]);
    here.git(&["commit", "--quiet", "-m", "passed"]);
    here.selfless(&["hook", "uninstall"]);
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&hook).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o644);
    here.git(&["commit", "--quiet", "--allow-empty", "-m", "git itself does not run it"]);
    // A link that leads nowhere is somebody's too.
    fs::remove_file(&hook).unwrap();
    std::os::unix::fs::symlink("nowhere", &hook).unwrap();
    here.selfless(&["hook", "install"]);
    here.git(&["commit", "--quiet", "--allow-empty", "-m", "passed"]);
    here.selfless(&["hook", "uninstall"]);
    assert_eq!(fs::read_link(&hook).unwrap(), Path::new("nowhere"));
}

#[test]
fn a_hook_tells_where_it_does_not_belong() {
    let (here, other) = (Repository::new(), tempfile::tempdir().unwrap());
    let shared = other.path().join("all hooks");
    here.git(&["config", "core.hooksPath", shared.to_str().unwrap()]);
    let said = text(&here.selfless(&["hook", "install"]).stdout);
    assert!(said.contains("it lies outside of this repository"), "{said}");
    // Somebody else's program moved: the hook does not pass what it could not check.
    let script = fs::read_to_string(shared.join("pre-commit")).unwrap();
    let moved = script.replace(env!("CARGO_BIN_EXE_selfless"), "/nowhere/selfless");
    fs::write(shared.join("pre-commit"), moved).unwrap();
    let mut alone = here.command("sh");
    let output = alone.arg(shared.join("pre-commit")).env("PATH", "/usr/bin:/bin").output().unwrap();
    assert!(!output.status.success() && text(&output.stderr).contains("nothing was checked"));
    here.git(&["config", "core.hooksPath", "/dev/null"]);
    here.refuses(&["hook", "install"], &["hook/unwritable"]);
    here.git(&["config", "core.hooksPath", ".husky/_"]);
    here.write(".husky/_/husky.sh", "");
    here.refuses(&["hook", "install"], &["hook/husky", "`.husky/pre-commit`"]);
    assert!(!here.path().join(".husky/_/pre-commit").exists());
    // Up to its version 8, husky had the hooks of the repository itself run.
    here.git(&["config", "core.hooksPath", ".husky"]);
    here.write(".husky/pre-commit", "#!/bin/sh\nnpm test\n");
    here.refuses(&["hook", "install"], &["hook/husky", "`.husky/pre-commit`"]);
    assert_eq!(fs::read_to_string(here.path().join(".husky/pre-commit")).unwrap(), "#!/bin/sh\nnpm test\n");
}

#[test]
fn a_hook_that_somebody_changed_is_theirs() {
    let here = Repository::new();
    let hook = here.path().join(".git/hooks/pre-commit");
    here.selfless(&["hook", "install"]);
    let script = fs::read_to_string(&hook).unwrap();
    let moved = script.replace(env!("CARGO_BIN_EXE_selfless"), "/it'\\''s there/selfless");
    assert_ne!(moved, script);
    for changed in [
        format!("{script}npm test\n"),
        script.replacen("before=", "npm test\nbefore=", 1),
        moved.replace("exit 1", ""),
    ] {
        fs::write(&hook, &changed).unwrap();
        for command in ["install", "uninstall"] {
            here.refuses(&["hook", command], &["hook/changed", "pre-commit.before-selfless"]);
            assert_eq!(fs::read_to_string(&hook).unwrap(), changed);
        }
    }
    // Only the program moved.
    fs::write(&hook, &moved).unwrap();
    assert!(here.selfless(&["hook", "install"]).status.success());
    assert_eq!(fs::read_to_string(&hook).unwrap(), script);
    fs::write(&hook, &moved).unwrap();
    assert!(here.selfless(&["hook", "uninstall"]).status.success() && !hook.exists());
}

#[test]
fn variables_of_git_count_from_where_they_were_set() {
    let here = Repository::new();
    here.write("below/a.md", PROMOTES);
    here.git(&["add", "--all"]);
    let run = |args: &[&str]| {
        let mut command = here.command("selfless");
        command.current_dir(here.path().join("below")).env("GIT_DIR", "../.git").env("GIT_WORK_TREE", "..");
        command.args(args).output().unwrap()
    };
    for args in [&["--staged", "--format", "short"][..], &["--changed-since", "HEAD", "--format", "short"]] {
        let output = run(args);
        let told = text(&output.stdout) + &text(&output.stderr);
        assert!(output.status.code() == Some(1) && told.contains("a.md:1:"), "{args:?}: {told}");
        here.commit("one");
        here.write("below/a.md", &format!("{PROMOTES}Sign up now!\n"));
    }
    assert!(run(&["hook", "install"]).status.success() && here.path().join(".git/hooks/pre-commit").exists());
}

#[test]
fn links_lead_to_what_git_knows_and_nothing_else_passes_silently() {
    let here = Repository::new();
    here.commit("none");
    here.write("real/a.md", PROMOTES);
    here.git(&["add", "--all"]);
    let elsewhere = tempfile::tempdir().unwrap();
    let link = elsewhere.path().join("link");
    std::os::unix::fs::symlink(here.path(), &link).unwrap();
    std::os::unix::fs::symlink("real", here.path().join("alias")).unwrap();
    let linked = link.join("real/a.md").display().to_string();
    for flag in ["--staged", "--changed-since HEAD"] {
        for path in ["real/a.md", "alias/a.md", "real", "alias", &linked] {
            let shown = if flag == "--staged" { "real/a.md:1" } else { path };
            let shown = if Path::new(shown).extension().is_some() && flag != "--staged" {
                format!("{shown}:1")
            } else if flag == "--staged" {
                shown.to_owned()
            } else {
                format!("{shown}/a.md:1")
            };
            here.check(&format!("{flag} {path}"), &[&shown], 1);
        }
        let outside = elsewhere.path().join("b.md");
        fs::write(&outside, TALKS).unwrap();
        let args: Vec<&str> = flag.split(' ').chain([outside.to_str().unwrap()]).collect();
        let output = here.selfless(&args);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        assert!(text(&output.stdout).contains("git/outside") || text(&output.stderr).contains("git/outside"));
    }
    here.refuses(&["--staged", "nowhere.md"], &["input/missing"]);
}

#[test]
fn a_copy_of_a_row_is_new_and_a_folder_that_lost_all_is_no_mistake() {
    let here = Repository::new();
    let row = format!("\"{}\"\n", PROMOTES.trim());
    here.write("q.csv", &format!("text\n{row}"));
    here.write("posts/a.md", PROMOTES);
    here.commit("one");
    here.write("q.csv", &format!("text\n{row}{row}"));
    here.check("--changed-since HEAD q.csv", &["q.csv:3"], 1);
    here.commit("two");
    fs::remove_file(here.path().join("posts/a.md")).unwrap();
    here.check("--changed-since HEAD posts", &[], 0);
}

#[test]
fn no_hook_is_written_where_git_runs_none() {
    let here = Repository::new();
    here.git(&["config", "core.hooksPath", ""]);
    here.refuses(&["hook", "install"], &["`core.hooksPath` is empty"]);
}

#[test]
fn a_changed_draft_counts_whatever_is_ignored_around_it() {
    let here = Repository::new();
    for name in ["a.md", "posts/m.md", "posts/later.md", "z.md", "posts/.hidden.md"] {
        here.write(name, TALKS);
    }
    here.commit("all");
    here.write(".gitignore", "posts/\n");
    here.write(".ignore", "z.md\n");
    here.commit("ignored");
    for name in ["posts/m.md", "z.md", "a.md", "posts/.hidden.md"] {
        here.write(name, &format!("{TALKS}\n{PROMOTES}"));
    }
    here.write("posts/untracked.md", PROMOTES);
    here.check("--changed-since HEAD", &["a.md:1", "posts/m.md:1", "z.md:1"], 1);
    here.check("--changed-since HEAD a.md", &["a.md:1"], 1);
    here.check("--changed-lines posts", &["posts/m.md:1"], 1);
    here.write("selfless.toml", "exclude = ['posts/m.md']\n");
    here.check("--changed-since HEAD .", &["a.md:1", "z.md:1"], 1);
    let listed = text(&here.selfless(&["check", "--changed-since", "HEAD", "--list-files"]).stdout);
    assert_eq!(listed.lines().map(|line| &line[..4]).collect::<Vec<_>>(), ["a.md", "z.md"]);
}

#[test]
fn a_repository_that_git_does_not_know_is_new() {
    let here = Repository::new();
    here.write("a.md", TALKS);
    here.commit("all");
    here.write("nest/deep/b.md", PROMOTES);
    here.git(&["init", "--quiet", "nest"]);
    assert_eq!(here.git(&["ls-files", "--others"]), "nest/");
    here.check("--changed-since HEAD", &["nest/deep/b.md:1"], 1);
    here.check("--changed-lines", &["nest/deep/b.md:1"], 1);
}

#[test]
fn line_ends_of_the_system_change_no_post() {
    let here = Repository::new();
    here.git(&["config", "core.autocrlf", "true"]);
    let table = "text\n\"Order now, only today.\n\nBuy the lamp!\"\n";
    here.write("queue.csv", &table.replace('\n', "\r\n"));
    here.commit("all");
    here.check("--changed-since HEAD queue.csv", &[], 0);
    here.write("queue.csv", &format!("{table}A new heron.\n").replace('\n', "\r\n"));
    here.check("--changed-since HEAD queue.csv --exit-zero", &["queue.csv:5"], 0);
}

#[test]
fn one_file_that_became_another_kind_of_thing_says_nothing_of_the_lines_of_others() {
    let here = Repository::new();
    here.write("a.md", PROMOTES);
    here.write("b.md", PROMOTES);
    std::os::unix::fs::symlink("a.md", here.path().join("link.md")).unwrap();
    here.commit("all");
    here.write("a.md", &format!("{PROMOTES}\nWho else was there?\n"));
    fs::remove_file(here.path().join("link.md")).unwrap();
    here.write("link.md", PROMOTES);
    fs::remove_file(here.path().join("b.md")).unwrap();
    std::os::unix::fs::symlink("a.md", here.path().join("b.md")).unwrap();
    // Of the one that is a draft now, all is new.
    let args = ["check", "--changed-lines", "--format", "short"];
    let shown = text(&here.selfless(&args).stdout);
    assert!(shown.contains("link.md:1:") && !shown.contains("a.md:1:") && !shown.contains("b.md"), "{shown}");
    here.git(&["add", "--all"]);
    let staged = text(&here.selfless(&["check", "--staged", "--changed-lines", "--format", "short"]).stdout);
    assert_eq!(staged, shown);
}
