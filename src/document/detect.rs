//! How a source is written, by its name and content.
//!
//! Does not read posts. Invariant: a name that tells is believed, and content is only asked where it does not.

use std::sync::Arc;

use super::{Format, csv, json, yaml};
use crate::text::Source;

/// The format of a source that nobody said: what is neither JSON nor a table or queue of
/// posts by its content is text.
pub(super) fn format(source: &Arc<Source>) -> Format {
    Format::from_path(source.name()).unwrap_or_else(|| by_content(source))
}

fn by_content(source: &Arc<Source>) -> Format {
    let text = source.text();
    match json::shape(text) {
        Some(json::Shape::Whole) => Format::Json,
        Some(json::Shape::Lines) => Format::Jsonl,
        None if csv::is_table_of_posts(text) => Format::Csv,
        None if yaml::is_queue(source) => Format::Yaml,
        None => Format::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_believed_and_content_asked_else() {
        #[track_caller]
        fn check(name: &str, text: &str, expected: Format) {
            assert_eq!(format(&Arc::new(Source::from_text(name, text))), expected, "{name}: {text}");
        }
        check("a.txt", "{\"text\":\"a b\"}", Format::Text);
        check("<stdin>", " [{\"text\":\"a b\"}]\n", Format::Json);
        check("a.queue", "{\"text\":\"a b\"}\n{\"text\":\"c d\"}", Format::Jsonl);
        check("<stdin>", "[draft] Soup is on.", Format::Text);
        check("<stdin>", "{\"text\":", Format::Text);
        check("<stdin>", "Date,Text\n1,Soup is on.\n", Format::Csv);
        check("<stdin>", "Date;Text\n1;Soup is on.\n2;Bread.\n", Format::Csv);
        check("<stdin>", "Text, date and time are up to Ana.\nSoup, bread and tea\n", Format::Text);
        check("<stdin>", "Post, text\n", Format::Text);
        check("<stdin>", "posts:\n- text: Soup is on.\n", Format::Yaml);
        check("<stdin>", "# Week 1\n- caption: Soup is on.\n  platform: x\n", Format::Yaml);
        check("<stdin>", "Note: soup is on.\n", Format::Text);
        check("<stdin>", "text: Soup is on.\n", Format::Text);
        check("<stdin>", "- Soup: it is on.\n- Bread.\n", Format::Text);
        check("<stdin>", "", Format::Text);
    }
}
