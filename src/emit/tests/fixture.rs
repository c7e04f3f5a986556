//! A report whose sources, paths and rules are as nasty as they come.
//!
//! Writes nothing. Invariant: every format gets the same.

use super::*;

/// A draft with a byte order mark, joined emoji, ANSI escapes, commands of CI runners, bidi controls, tabs and CRLF.
pub(super) const DRAFT: &str = "\u{feff}Humbled and honored 👩‍👩‍👧 to be \u{1b}[31mnamed\u{1b}[0m to the list.\r\n\
    \r\n\
    ::error file=x::owned ##[error]too\r\n\
    \tGrab it \u{202e}now\u{202c}\u{9b}2J, link in bio! 漢字 Which list would @ana pick?\r\n";

pub(super) fn at(source: &Source, words: &str) -> Span {
    let start = source.text().find(words).unwrap();
    Span::of(start..start + words.len())
}

pub(super) fn found(diagnostic: Diagnostic, points: f64) -> ReportedFinding {
    let credit = diagnostic.level == Level::Credit;
    let label = diagnostic.labels.first().map_or("", |label| label.source.slice(label.span));
    let fingerprint = Fingerprint::of_text(&diagnostic.code, label);
    let verdict = match &*diagnostic.code {
        "verdict/promotional" => Some(VerdictKind::Promotional),
        "verdict/mixed" => Some(VerdictKind::Mixed),
        _ => None,
    };
    ReportedFinding { diagnostic, points, credit, judges: true, verdict, shown: true, fingerprint }
}

pub(super) fn post(source: &Arc<Source>, verdict: Verdict, scores: (f64, f64)) -> PostReport {
    PostReport {
        source: Arc::clone(source),
        id: None,
        locator: Locator::Whole,
        start: 0,
        account: None,
        platforms: Vec::new(),
        kind: PostKind::Post,
        scheduled: None,
        status: None,
        words: 0,
        about: About::default(),
        pass: true,
        known: 0,
        bar: Bar { fail_on: FailOn::Error, verdict },
        score: Score { promotion: scores.0, conversation: scores.1, verdict, by_category: Vec::new() },
        sections: Vec::new(),
        hottest: None,
        word_choice: Vec::new(),
        findings: Vec::new(),
        explanation: None,
        needs: None,
        written: None,
        left_out: 0,
        suppressed: Vec::new(),
        parts: Vec::new(),
    }
}

pub(super) fn launch() -> FileReport {
    let source = Arc::new(Source::decode("la\u{1b}[2Junch.md", DRAFT.as_bytes().to_vec()).unwrap());
    let mut post = post(&source, Verdict::Promotional, (86.96, 11.0));
    post.words = 25;
    post.pass = false;
    post.about = About { author: 4, reader: 1, others: 0, topic: 1 };
    post.score.by_category = vec![("brag".into(), 28.98), ("ask".into(), 28.99), ("pressure".into(), 28.99)];
    let section = |name, words, promotion, part: &str| SectionReport {
        name,
        span: at(&source, part),
        words,
        promotion,
        conversation: 0.0,
    };
    post.sections = vec![
        section(SectionName::First(3), 3, 40.0, "Humbled and honored"),
        section(SectionName::Last(5), 5, 0.0, "Which list would @ana pick?"),
        section(SectionName::Words(17, 20), 4, 97.25, "\u{9b}2J, link in bio!"),
    ];
    post.hottest = Some(2);
    let verdict = Diagnostic::error("verdict/promotional", "the draft reads as promotion")
        .label(&source, at(&source, "Humbled and honored"), "weighs most")
        .label(&source, at(&source, "link in bio"), "")
        .note("most of its points come from brag and ask")
        .note("a second remark\n::warning::of two lines")
        .help("begin with what the reader gets");
    let brag = Diagnostic::new(Level::Warning, "brag/humility", "humility shown off")
        .label(&source, at(&source, "Humbled and honored"), "")
        .note("the feeling is the headline, the news is not")
        .help("name the list and what it is about");
    let mut ask = Diagnostic::new(Level::Warning, "ask/hard", "a bare ask")
        .label(&source, at(&source, "link in bio"), "asks \u{1b}[5mfor\n a click")
        .label(&source, at(&source, "\u{202e}now\u{202c}"), "presses");
    ask.fix = Some(Fix {
        message: "delete \"link in bio\"".to_owned(),
        applicability: Applicability::Unsafe,
        edits: vec![Edit { span: at(&source, ", link in bio"), text: "".into() }],
    });
    let pressure = Diagnostic::new(Level::Note, "pressure/urgency", "a hurry \u{7}that\r\nnobody has").label(
        &source,
        at(&source, "owned ##[error]too\r\n\tGrab it"),
        "over two lines",
    );
    let question = Diagnostic::new(Level::Credit, "credit/genuine-question", "asks something real").label(
        &source,
        at(&source, "Which list"),
        "",
    );
    let person = Diagnostic::new(Level::Credit, "credit/names-others", "names a person").label(
        &source,
        at(&source, "@ana"),
        "",
    );
    post.findings = vec![
        found(verdict, 0.0),
        ReportedFinding { shown: false, ..found(brag, 28.98) },
        found(ask, 28.99),
        found(question, 5.5),
        found(person, 5.5),
        found(pressure, 28.99),
    ];
    let without = |promotion, conversation, verdict| {
        Some(Without { promotion, conversation, verdict, pass: verdict != Verdict::Promotional })
    };
    let effect = |finding, without, shown| Effect { finding, without, shown };
    post.explanation = Some(Explanation {
        effects: vec![
            effect(2, without(70.04, 11.0, Verdict::Promotional), true),
            effect(5, without(41.0, 11.0, Verdict::Mixed), true),
            effect(1, None, false),
            effect(3, without(86.96, 5.5, Verdict::Promotional), true),
            effect(4, without(86.96, 5.5, Verdict::Promotional), true),
        ],
    });
    let needed = |finding: usize, hidden| Needed { finding: post.findings[finding].clone(), hidden };
    let findings = vec![needed(2, false), needed(5, true), needed(1, false)];
    let bare = Without { promotion: 0.0, conversation: 11.0, verdict: Verdict::Conversational, pass: true };
    post.needs = Some(Needs { findings, smallest: false, without: bare });
    let (rule, reason) = ("brag".to_owned(), Some("the list \u{1b}[2J asked".to_owned()));
    post.suppressed =
        vec![Suppressed { rule, source: Arc::clone(&source), span: Span::new(0, 3), reason, findings: 2 }];
    FileReport { posts: vec![post], ..FileReport::default() }
}

pub(super) fn posts() -> FileReport {
    let text = "Text,When\nBuy now,today\n\"Ça va, how did your week go?\",later\n";
    let source = Arc::new(Source::from_text("posts.csv", text));
    let mut one = post(&source, Verdict::Mixed, (40.0, 20.0));
    one.locator = Locator::Row(2, "Text".into());
    one.start = 10;
    one.id = Some(PostId::Text("a1".to_owned()));
    one.account = Some("bakery".to_owned());
    one.platforms = vec![Platform::X, Platform::Mastodon];
    one.scheduled = Some("today".to_owned());
    one.score.by_category = vec![("ask".into(), 40.0)];
    one.findings = vec![found(Diagnostic::new(Level::Warning, "verdict/mixed", "no place of its own"), 40.0)];
    one.explanation = Some(Explanation::default());
    one.needs = Some(Needs {
        findings: Vec::new(),
        smallest: false,
        without: Without { pass: false, ..Without::of(&one) },
    });
    one.sections = vec![SectionReport {
        name: SectionName::Last(60),
        span: Span::new(14, 17),
        words: 60,
        promotion: 81.0,
        conversation: 11.0,
    }];
    one.hottest = Some(0);
    let mut two = post(&source, Verdict::Conversational, (0.0, 61.0));
    two.locator = Locator::Row(3, "Text\u{1b}".into());
    two.about.reader = 1;
    two.start = 24;
    two.explanation = Some(Explanation::default());
    two.needs = Some(Needs { findings: Vec::new(), smallest: true, without: Without::of(&two) });
    let mut three = post(&source, Verdict::Unjudged, (0.0, 0.0));
    three.kind = PostKind::Reply;
    three.locator = Locator::Row(4, "Text".into());
    let quote = Diagnostic::error("input/csv", "a quote is never closed").label(&source, Span::new(24, 25), "");
    FileReport { posts: vec![one, two, three], diagnostics: vec![quote], unreadable: None }
}

pub(super) fn record() -> FileReport {
    let broken = Diagnostic::error("input/json", "expected a string").about("<stdin>");
    FileReport {
        posts: Vec::new(),
        diagnostics: vec![broken],
        unreadable: Some((Some("{\"n\":7}".to_owned()), "line 3: expected a string\u{1b}".to_owned())),
    }
}

pub(super) fn end(files: &[FileReport]) -> RunReport {
    let a = Arc::new(Source::from_text("rules/a.toml", "[[rule]]\nname = \"x\"\n\n[[rule]]\nname = \"x\"\n"));
    let b = Arc::new(Source::from_text("rules/b.toml", "[[rule]]\nname = \"x\"\n"));
    let twice = Diagnostic::error("rule/duplicate-name", "three rules are called `x`")
        .label(&a, Span::new(37, 40), "declared again")
        .label(&a, Span::new(16, 19), "declared here")
        .label(&b, Span::new(16, 19), "and here")
        .help("give each a name of its own");
    let missing = Diagnostic::error("input/not-found", "no such file").about("::error::\u{1b}]0;x\u{7}.md");
    let table = Arc::new(Source::from_text("queue.csv", "Text\nBuy now\n"));
    let other = Arc::new(Source::from_text("last.csv", "Sale today\u{1b}[2J\n"));
    let share = Diagnostic::new(Level::Warning, "queue/promo-share", "two of five posts promote")
        .label(&table, Span::new(5, 8), "promotes")
        .located(Some("row 2, column \"Te\u{1b}xt\"".into()))
        .label(&other, Span::new(0, 4), "promotes ##[error]")
        .help("post a conversation in between");
    let mut summary = Summary { sources: 3, ..Summary::default() };
    let mut statistics = Statistics::default();
    for file in files {
        summary.add_file(file);
        statistics.add_file(file);
    }
    RunReport {
        tool: tool(),
        queues: vec![queue_of(QueueFinding {
            diagnostic: share,
            measure: 2.0 / 5.0 + 1e-12,
            max: 0.2,
            entries: vec![0, 3],
            suggestion: Some("move the post of today to next week".to_owned()),
        })],
        diagnostics: vec![twice, missing],
        summary,
        statistics: Some(statistics),
    }
}

/// A queue of five posts, each as many as its place.
pub(super) fn queue_of(finding: QueueFinding) -> QueueReport {
    let source = Arc::new(Source::from_text("queue.csv", "Text\n"));
    let entry = |post| QueueEntry {
        source: Arc::clone(&source),
        span: Span::new(0, 4),
        locator: None,
        post: Some(post),
        kind: PostKind::Post,
        platforms: Vec::new(),
        time: None,
        verdict: Verdict::Conversational,
        pitch: false,
        promotion: 0.0,
        share: None,
    };
    QueueReport {
        name: "queue.csv".to_owned(),
        account: None,
        platform: None,
        profile: "80-20".to_owned(),
        max_share: 0.2,
        window: 10,
        judged: true,
        entries: (0..5).map(entry).collect(),
        findings: vec![finding],
    }
}
/// One rule of those that find something, with text that means something to readers of Markdown and SARIF.
pub(super) const RULES: &str = r#"
category = "ask"
[[rule]]
name = "hard"
level = "warning"
message = "a hard ask: \"{match}\" <b>"
why = "an order is no question, says @ana in #12"
source = "a page"
help = "ask something, [here](https://a.example)"
before = "Buy now: ::error::x ##[error]"
after = "What is\n::warning::missing?"
phrases = ["buy now"]
examples.flagged = ["Buy now.", "Buy now!", "So buy now."]
examples.clean = ["Buy it.", "Now.", "Later."]
"#;

pub(super) fn tool() -> Tool {
    let file = Arc::new(Source::from_text("ask.toml", RULES));
    let index = RuleIndex::new(vec![Arc::new(RuleSet::of_files(&[file]).0)]);
    let pages = RulePages::parse("https://rules.example/{category}#{name}").ok();
    Tool { version: "0.1.0", rules: "5f1dab1e".to_owned(), index, pages }
}
