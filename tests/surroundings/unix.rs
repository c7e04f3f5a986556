//! The surroundings, on Unix.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;

/// Longer than any run on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

const PROGRAM: &str = env!("CARGO_BIN_EXE_selfless");

/// 256 MiB of addresses, of which every thread takes its share.
const MEMORY: &str = "ulimit -v 262144";
const OPEN_FILES: &str = "ulimit -n 24";
const DRAFT: &str = "Thrilled to announce our new award. Buy now, link in bio!\n";

fn command(folder: &Path, program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).envs([("CI", "1"), ("LC_ALL", "C"), ("COLUMNS", "100"), ("GITHUB_ACTIONS", "")]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Waits for a run, and fails where it does not end.
#[track_caller]
fn ended(mut child: Child) -> Output {
    let begun = Instant::now();
    let read = |pipe: Option<Box<dyn Read + Send>>| {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
            bytes
        })
    };
    let out = read(child.stdout.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>));
    let err = read(child.stderr.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>));
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return Output { status, stdout: out.join().unwrap(), stderr: err.join().unwrap() };
        }
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it does not end");
        }
        thread::sleep(Duration::from_millis(5));
    }
}

#[track_caller]
fn run(folder: &Path, args: &[&str]) -> Output {
    ended(command(folder, PROGRAM).args(args).spawn().unwrap())
}

/// As [`run`], by a shell that first sets limits.
#[track_caller]
fn run_limited(folder: &Path, limits: &str, args: &[&str]) -> Output {
    let script = format!("{limits} || exit 77\nexec \"$0\" \"$@\"");
    ended(command(folder, "sh").args(["-c", &script, PROGRAM]).args(args).spawn().unwrap())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Holds an ending against what is allowed: an exit code, and a word on standard error.
#[track_caller]
fn check(output: &Output, code: i32, word: &str) {
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{told}");
    assert!(told.contains(word) || text(&output.stdout).contains(word), "{told:?} does not say {word:?}");
    assert!(!told.contains("panicked") && !told.contains("internal/"), "{told}");
    assert!(!told.contains('\u{1b}'), "{told:?}");
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn folder_of(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn a_full_disk_is_told() {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let folder = folder_of(&[("a.md", DRAFT), ("b.jsonl", "{\"text\":\"Why?\"}\n")]);
    for args in [
        &["a.md"][..],
        &["--format", "json", "a.md"],
        &["b.jsonl"],
        &["posts", "a.md"],
        &["rules"],
        &["schema", "config"],
        &["config", "a.md"],
    ] {
        let output = command(folder.path(), PROGRAM)
            .args(args)
            .stdout(Stdio::from(full.try_clone().unwrap()))
            .spawn()
            .map(ended)
            .unwrap();
        check(&output, 2, "cannot be written");
    }
    check(&run(folder.path(), &["--output", "json=/dev/full", "a.md"]), 2, "cannot be written");
}

/// A file system of so many kilobytes that ends with the test.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn new(kilobytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={kilobytes}k");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then_some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

fn a_disk_that_fills_up_leaves_what_was_there() {
    let disk = SmallDisk::new(64).unwrap();
    let folder = disk.0.path();
    let draft = DRAFT.repeat(300);
    fs::write(folder.join("a.md"), &draft).unwrap();
    fs::write(folder.join("out.json"), "before").unwrap();
    let before = names(folder);
    check(&run(folder, &["--output", "json=out.json", "a.md"]), 2, "cannot be written");
    check(&run(folder, &["report", "-o", "page.html", "a.md"]), 2, "cannot be written");
    assert_eq!(fs::read_to_string(folder.join("out.json")).unwrap(), "before");
    assert_eq!(fs::read_to_string(folder.join("a.md")).unwrap(), draft);
    assert_eq!(names(folder), before);
}

fn a_closed_pipe_ends_every_command_in_silence() {
    let posts = "## Post 1\n\nThrilled to announce it!\n\n".repeat(3_000);
    let folder = folder_of(&[("a.md", &posts), ("b.jsonl", &"{\"text\":\"Why?\"}\n".repeat(9_000))]);
    for args in [
        &["--exit-zero", "--format", "short", "a.md"][..],
        &["--exit-zero", "--format", "json", "a.md"],
        &["-"],
        &["b.jsonl"],
        &["posts", "a.md"],
        &["rules", "--format", "json"],
        &["schema", "rules"],
        &["explain", "brag"],
        &["completions", "bash"],
        &["man"],
        &["--help"],
    ] {
        let mut command = command(folder.path(), PROGRAM);
        command.args(args).stdin(Stdio::from(File::open(folder.path().join("b.jsonl")).unwrap()));
        if args == ["-"] {
            command.args(["--input-format", "jsonl"]);
        }
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        out.read_line(&mut first).unwrap();
        drop(out);
        let output = ended(child);
        assert!(!first.is_empty(), "{args:?} wrote nothing");
        let quiet = text(&output.stderr);
        // What is told of drafts goes on, and nothing is told of the pipe.
        assert!(!quiet.contains("written") && !quiet.to_lowercase().contains("pipe"), "{args:?}: {quiet}");
        assert!(!quiet.contains("panicked") && !quiet.contains("internal/"), "{args:?}: {quiet}");
        assert!(matches!(output.status.code(), Some(0 | 1)), "{args:?}: {:?}: {quiet}", output.status);
    }
}

fn closed_standard_streams_are_no_crash() {
    let folder = folder_of(&[("a.md", DRAFT)]);
    for closed in [">&-", "2>&-", "<&-", "<&- >&- 2>&-"] {
        let script = format!("exec \"$0\" \"$@\" {closed}");
        let output =
            ended(command(folder.path(), "sh").args(["-c", &script, PROGRAM, "a.md", "-"]).spawn().unwrap());
        assert!(matches!(output.status.code(), Some(0..=2)), "{closed}: {:?}", output.status);
        assert!(!text(&output.stderr).contains("panicked"), "{closed}");
    }
}

/// A folder in which nothing can be written, whoever asks; none where there is no way to have one.
fn read_only(folder: &Path) -> Option<Box<dyn FnOnce()>> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o555)).unwrap();
    let writable = || File::create(folder.join("probe")).is_ok();
    if !writable() {
        let folder = folder.to_owned();
        return Some(Box::new(move || fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap()));
    }
    fs::remove_file(folder.join("probe")).unwrap();
    // The superuser writes anywhere but where the file system itself says no.
    let mount = |option: &str| {
        let mut mount = Command::new("mount");
        mount.args(["-o", option]).arg(folder).stderr(Stdio::null());
        if option == "bind" {
            mount.arg(folder);
        }
        mount.status().is_ok_and(|status| status.success())
    };
    if !mount("bind") {
        return None;
    }
    let place = folder.to_owned();
    let back = move || {
        let _ = Command::new("umount").arg(place).status();
    };
    if mount("remount,bind,ro") && !writable() {
        return Some(Box::new(back));
    }
    back();
    None
}

fn in_a_read_only_folder_drafts_are_judged_and_nothing_is_written() {
    let draft = "It is very very good!!\n";
    let folder = folder_of(&[("a.md", draft), (".git/HEAD", "ref: refs/heads/main\n"), ("known.txt", "")]);
    let before = names(folder.path());
    let back = read_only(folder.path()).unwrap();
    let judged = run(folder.path(), &["--exit-zero", "a.md"]);
    let written = [
        run(folder.path(), &["--output", "json=out.json", "a.md"]),
        run(folder.path(), &["report", "-o", "page.html", "a.md"]),
        run(folder.path(), &["baseline", "-o", "new.txt", "a.md"]),
        run(folder.path(), &["baseline", "-o", "known.txt", "a.md"]),
        run(folder.path(), &["init", "--bare"]),
        run(folder.path(), &["man", "."]),
    ];
    back();
    check(&judged, 0, "1 draft");
    for output in written {
        check(&output, 2, "cannot be written");
    }
    assert_eq!(names(folder.path()), before);
    assert_eq!(fs::read_to_string(folder.path().join("a.md")).unwrap(), draft);
}

fn a_fifo_is_refused_or_left_out_and_never_waited_for() {
    let folder = folder_of(&[("a.md", DRAFT)]);
    assert!(Command::new("mkfifo").arg(folder.path().join("pipe.md")).status().unwrap().success());
    symlink("pipe.md", folder.path().join("link.md")).unwrap();
    check(&run(folder.path(), &["pipe.md"]), 2, "not a file");
    check(&run(folder.path(), &["link.md"]), 2, "not a file");
    check(&run(folder.path(), &["--exit-zero", "."]), 0, "1 draft");
    // Nor for what else may be named.
    for args in [
        &["--config", "pipe.md", "a.md"][..],
        &["--rules", "pipe.md", "a.md"],
        &["--baseline", "pipe.md", "a.md"],
        &["--history", "pipe.md", "a.md"],
        &["eval", "pipe.md"],
    ] {
        check(&run(folder.path(), args), 2, "pipe.md");
    }
    fs::remove_file(folder.path().join("link.md")).unwrap();
    fs::rename(folder.path().join("pipe.md"), folder.path().join("selfless.toml")).unwrap();
    let found = run(folder.path(), &["--exit-zero", "a.md"]);
    assert!(matches!(found.status.code(), Some(0 | 2)), "{}", text(&found.stderr));
}

fn ignore_files_are_never_waited_for() {
    let folder =
        folder_of(&[("a.md", DRAFT), ("deep/b.md", DRAFT), ("deep/c.md", DRAFT), ("deep/.gitignore", "c.md\n")]);
    fs::create_dir(folder.path().join(".git")).unwrap();
    let at = |name: &str| folder.path().join(name);
    for name in [".ignore", ".gitignore", ".git/info/exclude", "deep/.ignore"] {
        let path = at(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        for kind in ["fifo", "device", "large"] {
            let made = match kind {
                "fifo" => Command::new("mkfifo").arg(&path).status().is_ok_and(|status| status.success()),
                "device" => symlink("/dev/zero", &path).is_ok(),
                _ => fs::write(&path, "a.md\n".repeat(1 << 16)).is_ok(),
            };
            assert!(made, "{name}");
            for args in [&["--exit-zero", "."][..], &["--exit-zero", "deep"], &["--list-files", "deep"]] {
                let found = run(folder.path(), args);
                check(&found, 2, "input/ignore-file");
                assert!(text(&found.stdout).contains("b.md"), "{name}: {}", text(&found.stdout));
                let goes_without = name == ".gitignore";
                assert_eq!(text(&found.stdout).contains("c.md"), goes_without, "{name}: {}", text(&found.stdout));
            }
            fs::remove_file(&path).unwrap();
        }
    }
}

fn circles_of_links_are_not_walked() {
    let folder = folder_of(&[("posts/a.md", DRAFT)]);
    symlink("..", folder.path().join("posts/up")).unwrap();
    symlink("self.md", folder.path().join("posts/self.md")).unwrap();
    symlink("two.md", folder.path().join("posts/one.md")).unwrap();
    symlink("one.md", folder.path().join("posts/two.md")).unwrap();
    check(&run(folder.path(), &["--exit-zero", "."]), 0, "1 draft");
    let named = run(folder.path(), &["posts/one.md"]);
    assert!(matches!(named.status.code(), Some(2)), "{}", text(&named.stderr));
    symlink("circle.toml", folder.path().join("circle.toml")).unwrap();
    check(&run(folder.path(), &["--config", "circle.toml", "posts/a.md"]), 2, "circle.toml");
}

fn files_that_change_while_they_are_read_are_no_crash() {
    let long = "Text,Date\n".to_owned() + &"\"What would the heron do?\",2026-03-02\n".repeat(4_000);
    let folder = folder_of(&[("a.csv", &long), ("b.jsonl", &"{\"text\":\"Why?\"}\n".repeat(9_000))]);
    let deadline = Instant::now() + Duration::from_secs(4);
    let path = folder.path().to_owned();
    let changing = thread::spawn(move || {
        let mut round = 0;
        while Instant::now() < deadline {
            for (name, content) in [("a.csv", long.as_str()), ("b.jsonl", "{\"text\":\"How?\"}\n{\"te")] {
                let file = path.join(name);
                match round % 4 {
                    0 => drop(fs::remove_file(&file)),
                    1 => drop(fs::write(&file, content.repeat(2))),
                    2 => drop(File::options().write(true).open(&file).and_then(|file| file.set_len(17))),
                    _ => drop(fs::write(&file, b"\xFF\xFE\x00")),
                }
            }
            round += 1;
            thread::sleep(Duration::from_millis(3));
        }
    });
    let mut runs = 0;
    while Instant::now() < deadline {
        let output = run(folder.path(), &["--format", "jsonl", "-j", "2", "a.csv", "b.jsonl", "."]);
        assert!(matches!(output.status.code(), Some(0..=2)), "{:?}", output.status);
        let told = text(&output.stderr);
        assert!(!told.contains("internal/") && !told.contains("panicked"), "{told}");
        for line in text(&output.stdout).lines() {
            assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
        }
        runs += 1;
    }
    changing.join().unwrap();
    assert!(runs > 0);
}

fn little_memory_is_enough() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let records =
        "{\"text\":\"What would the heron do on the canal?\",\"note\":\"".to_owned() + &"x".repeat(50_000);
    let records = (records + "\"}\n").repeat(200);
    assert!(records.len() > 10_000_000);
    let folder = folder_of(&[("a.jsonl", &records), ("b.txt", &"The heron is back. ".repeat(20_000))]);
    let limit = MEMORY;
    let examples = run_limited(&root.join("examples"), limit, &["--exit-zero", "--no-config", "-j", "2", "."]);
    assert!(matches!(examples.status.code(), Some(0 | 2)), "{}", text(&examples.stderr));
    check(&run_limited(folder.path(), limit, &["--exit-zero", "-j", "2", "a.jsonl"]), 0, "");
    check(&run_limited(folder.path(), limit, &["--exit-zero", "-j", "2", "b.txt"]), 0, "1 draft");
    let large = run_limited(folder.path(), limit, &["--exit-zero", "-j", "8", "--format", "json", "a.jsonl"]);
    check(&large, 0, "");
}

fn ten_thousand_files_need_few_open_ones() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..10_000 {
        let below = folder.path().join(format!("{}", number % 100));
        if number < 100 {
            fs::create_dir(&below).unwrap();
        }
        File::create(below.join(format!("{number}.md"))).unwrap().write_all(b"Why?\n").unwrap();
    }
    let output = run_limited(folder.path(), OPEN_FILES, &["--format", "short", "-j", "4", "."]);
    check(&output, 0, "10000 drafts");
}

fn names_that_are_no_text_are_shown_and_keep_json_valid() {
    let folder = tempfile::tempdir().unwrap();
    let odd: [&[u8]; 4] = [b"caf\xe9.md", b"\x1b[31mred.md", b"two\nlines.md", "\u{202e}gnp.md".as_bytes()];
    for name in odd {
        fs::write(folder.path().join(OsStr::from_bytes(name)), DRAFT).unwrap();
    }
    for format in selfless::emit::OutputFormat::NAMES {
        let output = run(folder.path(), &["--format", format, "."]);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(1), "{format}: {err}");
        assert!(!out.contains('\u{1b}') && !err.contains('\u{1b}'), "{format}: {out:?} {err:?}");
        if matches!(format, "human" | "short" | "github" | "markdown") {
            assert!(!out.contains('\u{202e}') && !out.contains("two\nlines"), "{format}: {out:?}");
        }
        match format {
            "json" | "sarif" | "gitlab" | "rdjson" => {
                assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{format}: {out}");
            }
            "jsonl" => {
                let lines: Vec<_> = out.lines().map(serde_json::from_str::<serde_json::Value>).collect();
                assert!(lines.len() == odd.len() && lines.iter().all(Result::is_ok), "{out}");
            }
            _ => {}
        }
    }
    for args in [
        &["posts", "."][..],
        &["--list-files", "."],
        &["queue", "."],
        &["--diff", "."],
        &["config", "caf\u{e9}.md"],
    ] {
        let output = run(folder.path(), args);
        let said = text(&output.stdout) + &text(&output.stderr);
        assert!(!said.contains('\u{1b}') && !said.contains('\u{202e}'), "{args:?}: {said:?}");
    }
}

fn folders_without_permission_are_told_and_the_rest_is_read() {
    let folder = folder_of(&[("a.md", DRAFT), ("secret/b.md", DRAFT)]);
    let secret = folder.path().join("secret");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).unwrap();
    let output = run(folder.path(), &["--exit-zero", "."]);
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o755)).unwrap();
    check(&output, 2, "cannot be read");
    assert!(text(&output.stdout).contains("1 draft"), "{}", text(&output.stdout));
}

fn what_has_no_end_is_not_read_to_its_end() {
    let folder = folder_of(&[("a.md", DRAFT)]);
    check(&run(folder.path(), &["/dev/zero"]), 2, "not a file");
    let sparse = File::create(folder.path().join("sparse.md")).unwrap();
    if sparse.set_len(1 << 40).is_ok() {
        check(&run(folder.path(), &["--exit-zero", "sparse.md", "a.md"]), 2, "larger than");
        fs::rename(folder.path().join("sparse.md"), folder.path().join("selfless.toml")).unwrap();
        check(&run(folder.path(), &["--exit-zero", "a.md"]), 2, "selfless.toml");
    }
    for name in ["text", "jsonl", "csv"] {
        let mut endless = command(folder.path(), PROGRAM);
        endless.args(["--input-format", name, "--max-file-size", "1 MiB", "-"]).stdin(Stdio::piped());
        let mut child = endless.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        // One record of JSON lines may be too long, and the next is read; so it has an end there.
        let writing = thread::spawn(move || {
            let block = [b'a'; 1 << 16];
            (0..64).try_for_each(|_| input.write_all(&block))
        });
        check(&ended(child), 2, "larger than 1 MiB");
        let _ = writing.join().unwrap();
    }
}

fn odd_arguments_are_answered() {
    let folder = folder_of(&[("a.md", DRAFT), ("-.md", DRAFT), ("-j", DRAFT)]);
    check(&run(folder.path(), &[""]), 2, "");
    check(&run(folder.path(), &["--exit-zero", "--", "-j"]), 0, "1 draft");
    check(&run(folder.path(), &["--exit-zero", "./-.md"]), 0, "1 draft");
    check(&run(folder.path(), &["--exit-zero", "-", "-"]), 0, "named twice");
    check(&run(folder.path(), &["a.md/"]), 2, "a.md/");
    let long = "x".repeat(5_000);
    check(&run(folder.path(), &[&long]), 2, "cannot be read");
    for args in [
        &["--format", ""][..],
        &["--config", ""],
        &["--output", "json="],
        &["--platform", ""],
        &["report", "-o", ""],
    ] {
        assert_eq!(run(folder.path(), args).status.code(), Some(2), "{args:?}");
    }
    let mut odd = command(folder.path(), PROGRAM);
    check(&ended(odd.arg(OsStr::from_bytes(b"caf\xe9.md")).spawn().unwrap()), 2, "no such file");
}

fn an_interrupted_run_leaves_no_half_written_file() {
    let posts = "## Post 1\n\nThrilled to announce it, very very soon!!\n\n".repeat(200_000);
    let folder = folder_of(&[("a.md", &posts), ("out.json", "before"), ("page.html", "")]);
    let before = names(folder.path());
    for (round, signal) in ["INT", "TERM", "INT", "INT"].iter().enumerate() {
        let args: &[&str] = match round % 2 {
            0 => &["--exit-zero", "--output", "json=out.json", "a.md"],
            _ => &["report", "-o", "page.html", "a.md"],
        };
        let child = command(folder.path(), PROGRAM).args(args).spawn().unwrap();
        let begun = Instant::now();
        // As soon as the file beside its place is there, the run is in the midst of it.
        while names(folder.path()) == before && begun.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_millis(round as u64 * 20));
        let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the run was over before it was interrupted");
        let status = ended(child).status;
        let expected = if *signal == "INT" { 2 } else { 15 };
        assert_eq!(status.signal(), Some(expected), "{status:?}");
        assert_eq!(names(folder.path()), before, "something is left behind");
        assert_eq!(fs::read_to_string(folder.path().join("out.json")).unwrap(), "before");
        assert_eq!(fs::read_to_string(folder.path().join("page.html")).unwrap(), "");
    }
    // A shell makes 143 of it, once the file is there. Its jobs ignore Ctrl-C from the beginning where it controls none.
    let wait = "until ls .out.json.*.part >/dev/null 2>&1; do sleep 0.05; done";
    let script = format!("\"$0\" --output json=out.json a.md & {wait}; kill -s TERM $!; wait $!; echo $?");
    let output = ended(command(folder.path(), "sh").args(["-c", &script, PROGRAM]).spawn().unwrap());
    assert!(text(&output.stdout).ends_with("143\n"), "{}", text(&output.stdout));
}

fn what_was_ignored_from_the_beginning_ends_no_run() {
    let folder = folder_of(&[("out.json", "before")]);
    let script = "trap '' HUP; exec \"$0\" --exit-zero --output json=out.json -";
    let mut child =
        command(folder.path(), "sh").args(["-c", script, PROGRAM]).stdin(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while names(folder.path()).len() < 2 && begun.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(1));
    }
    let sent = Command::new("kill").args(["-s", "HUP", &child.id().to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()));
    // It would have ended by then.
    thread::sleep(Duration::from_millis(200));
    child.stdin.take().unwrap().write_all(DRAFT.as_bytes()).unwrap();
    check(&ended(child), 0, "1 draft");
    assert!(fs::read_to_string(folder.path().join("out.json")).unwrap().contains("\"posts\""));
}

fn a_killed_run_of_fixes_leaves_drafts_whole() {
    let draft = |number: usize| format!("Draft {number}: it is very very good!!\n").repeat(40);
    let folder = tempfile::tempdir().unwrap();
    let write = || {
        (0..60).for_each(|number| fs::write(folder.path().join(format!("{number}.md")), draft(number)).unwrap())
    };
    write();
    let whole = run(folder.path(), &["--fix", "--exit-zero", "."]);
    assert_eq!(whole.status.code(), Some(0), "{}", text(&whole.stderr));
    let read = |number: usize| fs::read_to_string(folder.path().join(format!("{number}.md"))).unwrap();
    let fixed: Vec<String> = (0..60).map(read).collect();
    for round in 0..6 {
        write();
        let mut child = command(folder.path(), PROGRAM).args(["--fix", "--exit-zero", "."]).spawn().unwrap();
        thread::sleep(Duration::from_millis(40 + round * 60));
        child.kill().unwrap();
        ended(child);
        for (number, fixed) in fixed.iter().enumerate() {
            let found = read(number);
            assert!(found == draft(number) || found == *fixed, "{number}.md is half written");
        }
    }
}

/// Whether a shell can set a limit.
fn limits(limit: &str) -> bool {
    Command::new("sh").args(["-c", limit]).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn has_fifos() -> bool {
    let folder = tempfile::tempdir().unwrap();
    Command::new("mkfifo").arg(folder.path().join("a")).status().is_ok_and(|status| status.success())
}

fn has_odd_names() -> bool {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(OsStr::from_bytes(b"caf\xe9")), "").is_ok()
}

fn is_kept_out() -> bool {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o000)).unwrap();
    let out = fs::read_dir(folder.path()).is_err();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    out
}

fn has_read_only_folders() -> bool {
    let folder = tempfile::tempdir().unwrap();
    read_only(folder.path()).map(|back| back()).is_some()
}

/// Each test, what it needs, and what is missing where that is not there.
pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    let mut add = |name: &str, test: fn(), missing: Option<&str>| {
        let name = missing.map_or_else(|| name.to_owned(), |missing| format!("{name} ({missing})"));
        let trial = Trial::test(name, move || {
            test();
            Ok(())
        });
        trials.push(trial.with_ignored_flag(missing.is_some()));
    };
    let needs = |there: bool, missing: &'static str| (!there).then_some(missing);
    add(
        "a_full_disk_is_told",
        a_full_disk_is_told,
        needs(Path::new("/dev/full").exists(), "there is no /dev/full"),
    );
    add(
        "a_disk_that_fills_up_leaves_what_was_there",
        a_disk_that_fills_up_leaves_what_was_there,
        needs(SmallDisk::new(64).is_some(), "no file system can be mounted"),
    );
    add("a_closed_pipe_ends_every_command_in_silence", a_closed_pipe_ends_every_command_in_silence, None);
    add("closed_standard_streams_are_no_crash", closed_standard_streams_are_no_crash, None);
    add(
        "in_a_read_only_folder_drafts_are_judged_and_nothing_is_written",
        in_a_read_only_folder_drafts_are_judged_and_nothing_is_written,
        needs(has_read_only_folders(), "no folder can be made read-only"),
    );
    add(
        "a_fifo_is_refused_or_left_out_and_never_waited_for",
        a_fifo_is_refused_or_left_out_and_never_waited_for,
        needs(has_fifos(), "there is no mkfifo"),
    );
    add(
        "ignore_files_are_never_waited_for",
        ignore_files_are_never_waited_for,
        needs(has_fifos(), "there is no mkfifo"),
    );
    add(
        "what_was_ignored_from_the_beginning_ends_no_run",
        what_was_ignored_from_the_beginning_ends_no_run,
        needs(Path::new("/proc/self/status").exists(), "the system does not tell what is ignored"),
    );
    add("circles_of_links_are_not_walked", circles_of_links_are_not_walked, None);
    add(
        "files_that_change_while_they_are_read_are_no_crash",
        files_that_change_while_they_are_read_are_no_crash,
        None,
    );
    add(
        "little_memory_is_enough",
        little_memory_is_enough,
        needs(limits(MEMORY), "the shell sets no limit of memory"),
    );
    add(
        "ten_thousand_files_need_few_open_ones",
        ten_thousand_files_need_few_open_ones,
        needs(limits(OPEN_FILES), "the shell sets no limit of open files"),
    );
    add(
        "names_that_are_no_text_are_shown_and_keep_json_valid",
        names_that_are_no_text_are_shown_and_keep_json_valid,
        needs(has_odd_names(), "the file system takes only names that are text"),
    );
    add(
        "folders_without_permission_are_told_and_the_rest_is_read",
        folders_without_permission_are_told_and_the_rest_is_read,
        needs(is_kept_out(), "the superuser enters every folder"),
    );
    add("what_has_no_end_is_not_read_to_its_end", what_has_no_end_is_not_read_to_its_end, None);
    add("odd_arguments_are_answered", odd_arguments_are_answered, None);
    add("an_interrupted_run_leaves_no_half_written_file", an_interrupted_run_leaves_no_half_written_file, None);
    add("a_killed_run_of_fixes_leaves_drafts_whole", a_killed_run_of_fixes_leaves_drafts_whole, None);
    trials
}
