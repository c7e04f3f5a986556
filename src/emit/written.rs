//! Whether a file holds what was written here once, so that it may be written over.
//!
//! Reads no more than a beginning. Invariant: whatever a format writes is known again.

/// What documents begin with.
const BEGINNINGS: [&str; 10] = [
    "{\"version\":1,\"tool\":{\"version\":",
    "{\"$schema\":\"https://docs.oasis-open.org/sarif/",
    "{\"source\":{\"name\":\"selfless\"}",
    "[\n{\"description\":",
    "[\n]",
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"selfless\">",
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=",
    "### selfless\n",
    "::error ",
    "::warning ",
];

/// Levels, before the name of a rule.
const LEVELS: [&str; 4] = ["error[", "warning[", "note[", "credit["];

/// Whether a file that begins so is an output of an earlier run, in whatever format.
pub(crate) fn is_output(beginning: &str) -> bool {
    BEGINNINGS.iter().any(|known| beginning.starts_with(known))
        || beginning.starts_with("::notice ")
        || beginning.starts_with("{\"source\":") && beginning.contains(",\"locator\":")
        || beginning.starts_with("{\"id\":") && beginning.contains(",\"error\":\"")
        || beginning.lines().any(is_line)
}

/// Whether a line is one that people get.
fn is_line(line: &str) -> bool {
    let names = |level: &&str| {
        let name = line.split_once(*level).and_then(|(_, rest)| rest.split_once("]: "));
        name.is_some_and(|(name, _)| name.contains('/') && !name.contains(' '))
    };
    let counts = || {
        let rest = line.trim_start_matches(|next: char| next.is_ascii_digit());
        let counted = [" draft", " drafts", " queue", " queues"];
        rest.len() < line.len() && counted.contains(&rest.split(':').next().unwrap_or(rest))
    };
    LEVELS.iter().any(names) || line.contains(": promotion ") && line.contains(", conversation ") || counts()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_wrote_is_no_output() {
        for text in [
            "Thrilled to announce our new award.\n",
            "# selfless\n\nA tool that I like.\n",
            "3 drafts are ready, and 2 queues.\n",
            "let x = note[0];\n",
            "{\"source\":\"web\",\"posts\":[]}",
            "[\n  {\"text\": \"Hi\"}\n]",
            "packs = []\n",
            "",
        ] {
            assert!(!is_output(text), "{text}");
        }
    }
}
