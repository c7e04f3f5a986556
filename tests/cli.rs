//! The program as it is used: cases as files in `tests/cmd`, and what files cannot say.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Longer than any run on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// What would change the output from one machine to the next.
const ENVIRONMENT: [(&str, &str); 6] = [
    ("CI", "1"),
    ("LC_ALL", "C"),
    ("COLUMNS", "100"),
    ("NO_COLOR", "1"),
    ("GITHUB_ACTIONS", ""),
    ("WT_SESSION", ""),
];

fn selfless(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selfless"));
    command.args(args).current_dir(folder).envs(ENVIRONMENT);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[expect(clippy::unwrap_used, reason = "only tests call it")]
fn run(folder: &Path, args: &[&str]) -> Output {
    selfless(folder, args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn cases() {
    let cases = trycmd::TestCases::new();
    for (name, value) in ENVIRONMENT {
        cases.env(name, value);
    }
    cases.case("tests/cmd/*.toml").case("tests/cmd/*.trycmd");
}

/// Runs `check --watch` in a folder, and reads what it says until each of `steps` is seen, after it was done.
#[expect(clippy::unwrap_used, clippy::panic, reason = "only tests call it")]
fn watched(folder: &Path, flags: &[&str], steps: &[(&dyn Fn(), &str)]) -> Vec<u8> {
    let mut args = vec!["check", "--watch", "--format", "short"];
    args.extend(flags);
    let mut child = selfless(folder, &args).spawn().unwrap();
    let (sender, said) = mpsc::channel();
    let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let forward = |stream: Box<dyn std::io::Read + Send>| {
        let sender = sender.clone();
        thread::spawn(move || BufReader::new(stream).lines().for_each(|line| sender.send(line.unwrap()).unwrap()));
    };
    forward(Box::new(out));
    forward(Box::new(err));
    let mut all = String::new();
    for (act, expected) in steps {
        act();
        let (mut seen, mut rests) = (false, false);
        // The next step waits until the program waits.
        while !seen || !rests {
            let line = said.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no `{expected}` after {all}"));
            seen |= line.contains(expected);
            // What it says on the other stream may come later.
            rests |= line.starts_with("watching ");
            all.push_str(&line);
            all.push('\n');
        }
    }
    assert_eq!(child.try_wait().unwrap(), None, "{all}");
    child.kill().unwrap();
    child.wait().unwrap();
    all.into_bytes()
}

#[test]
fn a_watch_sees_drafts_rules_and_config_change_and_not_what_it_writes() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("a.md", "What would you do?");
    let said = watched(
        folder.path(),
        &["--output", "markdown=out.md", "."],
        &[
            (&|| {}, "1 draft: "),
            (&|| write("a.md", "Order now, only today!"), "a.md:1:1: "),
            (&|| write("b.md", "Follow us for more!"), "2 drafts: "),
            (
                &|| {
                    write(
                        "house.toml",
                        "category = 'house'\n[[rule]]\nname = 'x'\nmessage = 'm'\nphrases = ['for more']\n",
                    )
                },
                "2 drafts: ",
            ),
            (&|| write("selfless.toml", "rules = ['house.toml']\n"), "house/x"),
            (&|| write("selfless.toml", "exclude = ['b.md']\n"), "1 draft: "),
            (&|| fs::remove_file(folder.path().join("selfless.toml")).unwrap(), "2 drafts: "),
        ],
    );
    let said = text(&said);
    assert!(folder.path().join("out.md").exists() && !said.contains('\u{1b}'), "{said}");
    // One run a step, but for what two looks may see of one.
    let runs = said.matches("watching ").count();
    assert!((7..=8).contains(&runs), "{runs} runs: {said}");
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for flags in [&["-"][..], &["--fix", "."], &["--list-files", "."]] {
        let output = run(folder.path(), &[&["check", "--watch"], flags].concat());
        assert_eq!(output.status.code(), Some(2), "{flags:?}");
    }
}

#[test]
fn a_record_is_answered_before_the_next_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut child: Child =
        selfless(folder.path(), &["check", "--input-format", "jsonl", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let (sender, answers) = mpsc::channel();
    thread::spawn(move || output.lines().for_each(|line| sender.send(line.unwrap()).unwrap()));
    for record in 0..5 {
        writeln!(input, r#"{{"text":"What would you do?","id":"{record}"}}"#).unwrap();
        let answer = answers.recv_timeout(PATIENCE).expect("no answer while the next record is held back");
        assert!(answer.starts_with(r#"{"source":"<stdin>""#), "{answer}");
    }
    writeln!(input, "{{").unwrap();
    let answer = answers.recv_timeout(PATIENCE).unwrap();
    assert!(answer.contains(r#""error":"#), "{answer}");
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

#[test]
fn a_broken_pipe_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let records = "{\"text\":\"What would you do?\"}\n".repeat(20_000);
    fs::write(folder.path().join("a.jsonl"), records).unwrap();
    let mut child = selfless(folder.path(), &["a.jsonl"]).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with('{'), "{first}");
    let output = child.wait_with_output().unwrap();
    assert_eq!((text(&output.stderr), output.status.code()), (String::new(), Some(0)));
}

#[test]
fn the_output_is_the_same_at_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..60 {
        let path = folder.path().join(format!("{number}.md"));
        match number % 7 {
            0 => fs::write(path, b"caf\xe9").unwrap(),
            1 => fs::write(path, "# Title\n\nWhat would you do?\n".repeat(2000)).unwrap(),
            _ => fs::write(path, format!("Draft {number}: what would you do?\n")).unwrap(),
        }
    }
    fs::write(folder.path().join("30a.jsonl"), "{\"text\":\"Why?\"}\n{\n{\"text\":\"How?\"}\n").unwrap();
    for format in selfless::emit::OutputFormat::NAMES {
        let at = |threads: &str| run(folder.path(), &["--format", format, "-j", threads, ".", "30a.jsonl"]);
        let (one, four) = (at("1"), at("4"));
        assert_eq!((text(&one.stdout), text(&one.stderr)), (text(&four.stdout), text(&four.stderr)));
        assert_eq!((one.status.code(), four.status.code()), (Some(2), Some(2)));
    }
}

#[test]
fn a_file_holds_what_standard_output_would_and_is_no_draft_of_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.md"), "Thrilled to announce it. Buy now, link in bio!\n").unwrap();
    fs::write(folder.path().join("b.txt"), "What would you do?\n").unwrap();
    let formats = selfless::emit::OutputFormat::NAMES;
    let outputs: Vec<String> = formats.iter().map(|name| format!("--output={name}=out.{name}.md")).collect();
    let args: Vec<&str> = outputs.iter().map(String::as_str).chain(["--quiet", "."]).collect();
    for _ in 0..2 {
        let output = run(folder.path(), &args);
        assert_eq!(
            (text(&output.stdout), output.status.code()),
            (String::new(), Some(1)),
            "{}",
            text(&output.stderr)
        );
        for name in formats {
            let written = fs::read_to_string(folder.path().join(format!("out.{name}.md"))).unwrap();
            assert!(!written.is_empty(), "{name}");
            let printed = run(folder.path(), &["--format", name, "a.md", "b.txt"]);
            assert_eq!(written, text(&printed.stdout), "{name}");
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2 + formats.len());
}

#[test]
fn a_large_source_is_judged_as_a_small_one_is() {
    let folder = tempfile::tempdir().unwrap();
    let row = |number: usize| {
        let status = ["published", "scheduled", "draft"][number % 3];
        format!("\"Draft {number}: what would you do? Thrilled to announce it.\",{status},x\n")
    };
    let table =
        |rows: std::ops::Range<usize>| "Text,Status,Platform\n".to_owned() + &rows.map(row).collect::<String>();
    fs::write(folder.path().join("small.csv"), table(0..30)).unwrap();
    let large = table(0..40_000);
    assert!(large.len() > 2 << 20);
    fs::write(folder.path().join("large.csv"), large).unwrap();
    let args = |name: &'static str| ["--exit-zero", "--format", "short", name];
    let (small, large) = (run(folder.path(), &args("small.csv")), run(folder.path(), &args("large.csv")));
    // What is found of the queue stands at the end of a run.
    let small = text(&small.stdout).replace("small.csv", "large.csv");
    let small: String = small.split_inclusive('\n').take_while(|line| !line.contains("[queue/")).collect();
    assert!(small.lines().count() > 20 && text(&large.stdout).starts_with(&small), "{small}");
    let told = text(&large.stderr);
    assert!(told.contains("13334 of 40000 posts are out already"), "{told}");
    assert!(told.contains("26666 drafts: "), "{told}");
    assert!(text(&large.stdout).contains("[queue/promo-share]"), "a queue also where it is not held");
    let listed = run(folder.path(), &["--exit-zero", "--format", "jsonl", "-j", "2", "large.csv", "small.csv"]);
    assert_eq!(text(&listed.stdout).lines().count(), 26_666 + 20);
}

#[test]
fn what_git_ignores_is_not_walked_but_may_be_named() {
    let folder = tempfile::tempdir().unwrap();
    for path in [".git/HEAD", "drafts/a.md", "drafts/old.md", "built/b.md"] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "What would you do?\n").unwrap();
    }
    fs::write(folder.path().join(".gitignore"), "old.md\n/built/\n").unwrap();
    let list = |paths: &[&str]| text(&run(folder.path(), &[&["--list-files"], paths].concat()).stdout);
    assert_eq!(list(&["."]), "drafts/a.md  Markdown, found in .\n");
    assert_eq!(list(&["drafts/old.md"]), "drafts/old.md  Markdown, named on the command line\n");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_read_but_standard_input_has_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new("mkfifo").arg(folder.path().join("pipe")).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo is part of every Unix");
    let output = run(folder.path(), &["--format", "short", "pipe", "/dev/null"]);
    let told = text(&output.stderr);
    assert!(told.starts_with("pipe: error[input/not-a-file]: "), "{told}");
    assert!(told.contains("/dev/null: error[input/not-a-file]: "), "{told}");
    assert_eq!(output.status.code(), Some(2));
    let output = run(folder.path(), &["--format", "short", "/dev/stdin"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret.md");
    fs::write(&secret, "What would you do?\n").unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).unwrap();
    let readable = fs::File::open(&secret).is_ok();
    let output = run(folder.path(), &["--format", "short", "secret.md"]);
    // The superuser may read everything.
    let (code, told) =
        if readable { (0, "1 draft") } else { (2, "secret.md: error[input/unreadable]: cannot be read: ") };
    assert!(text(&output.stderr).starts_with(told), "{}", text(&output.stderr));
    assert_eq!(output.status.code(), Some(code));
}

#[test]
fn naming_one_more_file_never_turns_a_failure_into_a_pass() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| fs::write(folder.path().join(name), text).unwrap();
    write("promotional.txt", b"Humbled and honored to be named to the list. Link in bio!");
    write(
        "mixed.txt",
        b"Run the build with one thread first. Link in bio for the rest. What do others try first?",
    );
    write("conversational.md", b"What would you have done, Jo?");
    write("empty.txt", b"");
    write("latin.txt", b"caf\xe9");
    write("binary.txt", b"a\0b");
    let files =
        ["promotional.txt", "mixed.txt", "conversational.md", "empty.txt", "latin.txt", "binary.txt", "none.txt"];
    let mut seen = std::collections::BTreeSet::new();
    for fail_on in ["error", "mixed", "warning", "never"] {
        let code = |names: &[&str]| {
            let output = run(folder.path(), &[&["--fail-on", fail_on, "--format", "json"], names].concat());
            output.status.code().unwrap()
        };
        for first in files {
            for second in files.into_iter().filter(|second| *second != first) {
                let (one, both) = (code(&[first]), code(&[first, second]));
                assert!(both >= one, "{first} exits {one}, with {second} {both} (--fail-on {fail_on})");
                assert_eq!(both, one.max(code(&[second])), "{first} and {second} (--fail-on {fail_on})");
                seen.insert((one, both));
            }
        }
    }
    assert!(seen.contains(&(1, 1)) && seen.contains(&(0, 1)) && seen.contains(&(1, 2)), "{seen:?}");
}

#[test]
fn a_draft_reads_the_same_in_any_spelling() {
    let folder = tempfile::tempdir().unwrap();
    let drafts = [
        ("plain.txt", "We're thrilled to announce our new app. Sign up now!"),
        ("emphasis.md", "We're **thrilled** to *announce* our new app. Sign&#32;up now\\!"),
        ("curly.txt", "We\u{2019}re thrilled to announce our new app. Sign up now!"),
        ("bold.txt", "We're 𝘁𝗵𝗿𝗶𝗹𝗹𝗲𝗱 𝘁𝗼 𝗮𝗻𝗻𝗼𝘂𝗻𝗰𝗲 our new app. Sign up now!"),
        ("joined.txt", "We're thri\u{200B}lled to announce our new app. Sign up now!"),
    ];
    let mut seen = Vec::new();
    for (name, text) in drafts {
        fs::write(folder.path().join(name), text).unwrap();
        let output = run(folder.path(), &["--format", "json", "--exit-zero", name]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = report["posts"][0]["findings"].as_array().unwrap().clone();
        let rules: Vec<String> =
            findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect();
        assert!(rules.len() > 2, "{name}: {rules:?}");
        for finding in &findings {
            let at = |end: &str| usize::try_from(finding["span"][end]["byte"].as_u64().unwrap()).unwrap();
            assert_eq!(finding["text"].as_str(), text.get(at("start")..at("end")), "{name}");
        }
        seen.push(rules);
    }
    assert!(seen.iter().all(|rules| *rules == seen[0]), "{seen:?}");
}

#[test]
fn carets_stand_under_the_words_in_long_lines_and_minified_json() {
    let folder = tempfile::tempdir().unwrap();
    let before = "The heron is back \u{1F426} on the \"canal\". ".repeat(130);
    let text = format!("{before}Thrilled to announce a 漢字 map. {before}");
    let json =
        serde_json::json!([{ "text": text, "platform": "x" }]).to_string().replace('\u{1F426}', "\\ud83d\\udc26");
    let csv = format!("Date,Text,Network\n1,\"{}\",x\n", text.replace('"', "\"\""));
    for (name, content) in [("a.json", json), ("a.csv", csv)] {
        fs::write(folder.path().join(name), &content).unwrap();
        let output = run(folder.path(), &["--exit-zero", "--all", name]);
        let (mut seen, shown) = (0, self::text(&output.stdout));
        let lines: Vec<&str> = shown.lines().collect();
        for pair in lines.windows(2).filter(|pair| pair[1].trim_start().starts_with("| ") && pair[1].contains('^'))
        {
            let start = pair[1].chars().position(|next| next == '^').unwrap();
            let length = pair[1].chars().skip(start).take_while(|next| *next == '^').count();
            let (mut column, mut marked) = (0, String::new());
            for next in pair[0].chars() {
                if (start..start + length).contains(&column) {
                    marked.push(next);
                }
                column += unicode_width::UnicodeWidthChar::width(next).unwrap_or(0);
            }
            assert!(column <= 100, "{name}: {}", pair[0]);
            seen += usize::from(marked == "Thrilled to announce");
        }
        assert!(seen > 0, "{name}: {shown}");
    }
}

/// Twelve posts of two accounts, one a day from 2 March on; every third one promotes.
fn planned(day: usize) -> (String, String, &'static str) {
    let text = match day % 3 {
        0 => format!("Sign up for class {day} now, only {day} places left, link in bio!"),
        1 => format!("What did you find under stone {day}?"),
        _ => format!("Thanks to @noor for map {day} of the bar."),
    };
    (text, format!("2026-03-{:02} 09:00", day + 2), ["shop", "club"][day / 6])
}

/// The findings of all queues, by rule, message and the times of their posts, and the exit code.
#[expect(clippy::unwrap_used, reason = "only tests call it")]
fn queue_findings(folder: &Path, args: &[&str]) -> (Vec<String>, Option<i32>) {
    let output = run(folder, &[&["check", "--format", "json"], args].concat());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let time = |at: &serde_json::Value| {
        let post = &report["posts"][usize::try_from(at.as_u64().unwrap()).unwrap()];
        post["scheduled"].as_str().unwrap_or("-").to_owned()
    };
    let told = report["queue"].as_array().unwrap().iter().map(|finding| {
        let mut times: Vec<String> = finding["posts"].as_array().unwrap().iter().map(time).collect();
        times.sort();
        format!("{} {} {}", finding["rule"], finding["message"], times.join(", "))
    });
    let mut told: Vec<String> = told.collect();
    told.sort();
    (told, output.status.code())
}

#[test]
fn a_queue_is_the_same_in_any_order_of_rows_and_files_and_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let table = |name: &str, days: &[usize]| {
        let mut text = "Text,Date,Account\n".to_owned();
        for (post, date, account) in days.iter().map(|day| planned(*day)) {
            text.push_str(&format!("\"{post}\",{date},{account}\n"));
        }
        fs::write(folder.path().join(name), text).unwrap();
    };
    let all: Vec<usize> = (0..12).collect();
    table("all.csv", &all);
    table("back.csv", &all.iter().copied().rev().collect::<Vec<_>>());
    table("even.csv", &all.iter().copied().filter(|day| day % 2 == 0).collect::<Vec<_>>());
    table("odd.csv", &all.iter().copied().filter(|day| day % 2 == 1).collect::<Vec<_>>());
    fs::write(folder.path().join("selfless.toml"), "[[queue]]\nfiles = ['even.csv', 'odd.csv']\n").unwrap();
    fs::create_dir(folder.path().join("posts")).unwrap();
    for day in all {
        let (post, date, account) = planned(day);
        let text = format!("---\ndate: {date}\naccount: {account}\n---\n\n{post}\n");
        fs::write(folder.path().join("posts").join(format!("{}.md", (day * 5) % 12)), text).unwrap();
    }
    let (told, code) = queue_findings(folder.path(), &["all.csv"]);
    assert!(told.len() >= 2 && code == Some(1), "{told:#?}");
    for args in [&["back.csv"][..], &["even.csv", "odd.csv"], &["odd.csv", "even.csv"], &["posts"]] {
        assert_eq!(queue_findings(folder.path(), args), (told.clone(), code), "{args:?}");
    }
    // Files of one post that are named are drafts, and the pitches among them fail.
    let files: Vec<String> = (0..12).map(|number| format!("posts/{number}.md")).collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    assert_eq!(queue_findings(folder.path(), &files), (vec![], Some(1)));
}

#[test]
fn a_queue_is_as_long_as_its_posts_are_however_they_are_sent() {
    let folder = tempfile::tempdir().unwrap();
    // One pitch to three networks, with its time and its text spelled thrice, and so many posts of other people's.
    let plan = |others: usize| {
        let pitch = "Our kiln course is open. Sign up now, link in bio!";
        let times = ["2026-03-02T09:00:00Z", "2026-03-02T10:00:00+01:00", "2026-03-02 09:00"];
        let dress = ["**", "", "\u{1f525} "];
        let pitches = (0..3)
            .map(|at| format!("{{\"text\": \"{}{}\", \"scheduledFor\": \"{}\"}}", dress[at], pitch, times[at]));
        let others = (0..others).map(|day| {
            format!("{{\"text\": \"Which glaze was it on day {day}, @jo?\", \"scheduledFor\": \"2026-03-1{day}T09:00:00Z\"}}")
        });
        let all: Vec<String> = pitches.chain(others).collect();
        fs::write(folder.path().join("plan.json"), format!("[{}]", all.join(",\n"))).unwrap();
        let output = run(folder.path(), &["check", "--format", "json", "plan.json"]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let posts = report["posts"].as_array().unwrap().iter();
        (posts.filter(|one| one["pass"] == false).count(), output.status.code())
    };
    assert_eq!(plan(3), (3, Some(1)), "four posts are too few for a budget");
    assert_eq!(plan(4), (0, Some(0)), "of five, one may promote");
}

#[test]
fn what_waits_for_its_queue_is_written_in_order_at_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..90 {
        let (post, date, account) = planned(number % 12);
        let text = match number % 4 {
            0 => format!("---\ndate: {date}\naccount: {account}\n---\n\n{post}\n"),
            _ => format!("{post}\n"),
        };
        let path = folder.path().join(format!("{}/{number:02}.md", ["a", "a/c", "b"][number % 3]));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::write(
        folder.path().join("a/30.csv"),
        "Text,Image URL,Tags,Posting Time\nWhy?,,,2026-03-02\nHow?,,,2026-03-03\n",
    )
    .unwrap();
    for format in ["short", "json", "jsonl"] {
        let at = |threads: &str| run(folder.path(), &["--format", format, "-j", threads, "."]);
        let (one, four) = (at("1"), at("4"));
        assert_eq!((text(&one.stdout), text(&one.stderr)), (text(&four.stdout), text(&four.stderr)));
    }
    let listed = run(folder.path(), &["--format", "jsonl", "."]);
    let listed = text(&listed.stdout);
    let source = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["source"].to_string();
    let sources: Vec<String> = listed.lines().map(source).collect();
    assert_eq!(sources.len(), 92);
    assert!(sources.is_sorted(), "{sources:?}");
}

#[test]
fn a_report_is_written_whole_and_only_over_reports() {
    let folder = tempfile::tempdir().unwrap();
    let (draft, page) = (folder.path().join("a.txt"), folder.path().join("a.html"));
    fs::write(&draft, "Thrilled to announce my course. Link in bio!").unwrap();
    let report = |args: &[&str]| {
        let output = run(folder.path(), &[&["report"], args].concat());
        (output.status.code(), text(&output.stdout))
    };
    assert_eq!(report(&["a.txt", "-o", "a.html"]), (Some(0), "wrote a.html\n".to_owned()));
    let first = fs::read_to_string(&page).unwrap();
    assert!(first.starts_with("<!DOCTYPE html>") && first.ends_with("</html>\n") && first.contains("my course"));
    // What stands there already is an earlier report, and nothing in it depends on when or where it is written.
    let absolute = draft.to_str().unwrap();
    assert_eq!(report(&[absolute, "-o", "a.html"]).0, Some(0));
    assert_eq!(fs::read_to_string(&page).unwrap(), first);
    assert_eq!(report(&["a.txt", "-o", "-"]), (Some(0), first.clone()));
    // What could not be read is on the page, too.
    assert_eq!(report(&["gone.txt", "-o", "a.html"]).0, Some(2));
    assert!(fs::read_to_string(&page).unwrap().contains("gone.txt"));
    assert_eq!(report(&["a.txt", "-o", "a.txt"]).0, Some(2));
    assert!(fs::read_to_string(&draft).unwrap().starts_with("Thrilled"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_is_opened_only_if_that_is_asked_for() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let opener = folder.path().join("xdg-open");
    fs::write(folder.path().join("a.txt"), "What would you keep?").unwrap();
    fs::write(
        &opener,
        "#!/bin/sh\nprintf '%s' \"$1\" >\"${0%/*}/opened.part\"\nmv \"${0%/*}/opened.part\" \"${0%/*}/opened\"\n",
    )
    .unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
    let opened = folder.path().join("opened");
    let report = |args: &[&str]| {
        let path = format!("{}:/usr/bin:/bin", folder.path().display());
        let status = selfless(folder.path(), &[&["report", "a.txt", "-o", "a.html"], args].concat())
            .env("PATH", path)
            .output()
            .unwrap()
            .status;
        assert_eq!(status.code(), Some(0));
    };
    report(&[]);
    assert!(!opened.exists());
    report(&["--open"]);
    let began = std::time::Instant::now();
    while !opened.exists() && began.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(20));
    }
    let expected = folder.path().join("a.html");
    assert_eq!(fs::read_to_string(&opened).unwrap(), expected.to_str().unwrap());
}
