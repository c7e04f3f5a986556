//! Tables as schedulers and people write them, and what holds for any.

use std::sync::Arc;
use std::time::Instant;

use proptest::prelude::*;

use crate::document::testing::{all_told, read, spelled, told};
use crate::document::{Chosen, ExtractOptions, Format, Role, extract};
use crate::text::{Encoding, Source};

#[track_caller]
fn check_with(table: &str, options: &ExtractOptions, expected: &[&str]) {
    assert_eq!(all_told(table, options), expected, "\n{table}");
}

#[track_caller]
fn check(table: &str, expected: &[&str]) {
    check_with(table, &Format::Csv.into(), expected);
}

fn options() -> ExtractOptions {
    Format::Csv.into()
}

#[test]
fn a_row_is_a_post_and_its_cells_are_parts() {
    check(
        "Date,Text,First Comment,Title,Hashtags,Network\r\n\
         2026-05-04 09:00,\"Soup is on, says Ana.\",The recipe is hers.,Lunch,\"soup, #lunch\",Twitter/X\r\n",
        &["row 2, column \"Text\": title at row 2, column \"Title\" \"Lunch\" text \"Soup is on, says Ana.\" \
           hashtags at row 2, column \"Hashtags\" \"#soup #lunch\" \
           first-comment at row 2, column \"First Comment\" \"The recipe is hers.\", on x, due 2026-05-04 09:00"],
    );
}

#[test]
fn a_cell_of_several_lines_is_in_one_row() {
    check(
        "text,date\r\n\"Soup.\n\nBread \"\"too\"\".\",1\r\n\r\nTea.,2\r\n",
        &[
            "row 2, column \"text\": text \"Soup.\\n\\nBread \\\"too\\\".\", due 1",
            "row 4, column \"text\": text \"Tea.\", due 2",
        ],
    );
    let (source, extracted) = read("id,text\n1,\"So \"\"good\"\"\n soup\"\n", Format::Csv);
    let part = &extracted.posts[0].parts[0];
    assert_eq!(spelled(&source, part, "\"good\"\n"), "\"\"good\"\"\n");
    assert_eq!(spelled(&source, part, "soup"), "soup");
    assert_eq!(source.line_column(extracted.posts[0].start).line, 2);
}

#[test]
fn delimiters_are_told_by_what_they_make_of_the_header() {
    check(
        "Date;Post Text\n1;Soup, bread; tea\n",
        &[
            "row 2, column \"Post Text\": text \"Soup, bread\", due 1",
            "warning a cell beyond the last column of the header at \" tea\"",
        ],
    );
    check("Date\tText\n1\tSoup, bread; tea\n", &["row 2, column \"Text\": text \"Soup, bread; tea\", due 1"]);
    check("sep=|\nnote|text\n1|Soup, bread\n", &["row 3, column \"text\": text \"Soup, bread\""]);
    check("text\nSoup, bread; tea\n", &["row 2, column \"text\": text \"Soup, bread; tea\""]);
    let tabs = ExtractOptions { format: Some(Format::Tsv), ..options() };
    check_with("text\tdate\nSoup, bread\t1\n", &tabs, &["row 2, column \"text\": text \"Soup, bread\", due 1"]);
}

#[test]
fn what_is_said_of_a_post_is_read() {
    check(
        "post,account,channel,date,time,timezone,status,id,in reply to\n\
         Soup.,kitchen,,2026-05-04,09:00,Europe/Oslo,Queued,7,\n\
         Bread.,linkedin,instagram,,10:00,,Draft,,99\n",
        &[
            "row 2, column \"post\": text \"Soup.\", id 7, of kitchen, due 2026-05-04 09:00 Europe/Oslo, scheduled",
            "row 3, column \"post\": text \"Bread.\", a reply, on linkedin, on instagram, due 10:00, draft",
        ],
    );
    check(
        "caption,published at,draft\nSoup.,2026-05-04,\nBread.,,TRUE\nTea.,false,no\n",
        &[
            "row 2, column \"caption\": text \"Soup.\", due 2026-05-04, published",
            "row 3, column \"caption\": text \"Bread.\", draft",
            "row 4, column \"caption\": text \"Tea.\"",
        ],
    );
}

#[test]
fn an_unknown_network_is_told_once() {
    check(
        "text,platform\na b,myspace\nc d,MySpace\n",
        &[
            "row 2, column \"text\": text \"a b\"",
            "row 3, column \"text\": text \"c d\"",
            "warning unknown platform `myspace` at \"myspace\"",
        ],
    );
}

#[test]
fn nothing_is_guessed() {
    check(
        "caption,message\na b,c d\n",
        &["error several columns may hold the text: `caption`, `message` at \"caption,message\""],
    );
    check("name,price\nsoup,3\n", &["error no column is known to hold the text at \"name,price\""]);
    check("Post,Theme\n1,soup\n2,bread\n", &["error no column is known to hold the text at \"Post,Theme\""]);
    check("text\n\n", &["error no posts in this CSV"]);
    check("", &["error an empty table"]);
    let all = |text: &str| extract(&Arc::new(Source::from_text("a.csv", text)), &options());
    let unrecognised = all("caption,message\na b,c d\n").unrecognised.unwrap();
    assert_eq!(unrecognised.notes, ["2 columns were seen: `caption`, `message`"]);
    assert!(unrecognised.help.unwrap().starts_with("`--text-column \"caption\"` takes one of them"));
}

#[test]
fn values_settle_what_names_leave_open() {
    check(
        "Post,Caption\n1,Soup is on.\n2,Bread too.\n",
        &["row 2, column \"Caption\": text \"Soup is on.\"", "row 3, column \"Caption\": text \"Bread too.\""],
    );
    check(
        "Message,Description\nSoup.,A link about soup.\n",
        &[
            "row 2, column \"Message\": text \"Soup.\" description at row 2, column \"Description\" \"A link about soup.\"",
        ],
    );
    check(
        "Title,Description\nSoup,All about it.\n",
        &["row 2, column \"Description\": title at row 2, column \"Title\" \"Soup\" text \"All about it.\""],
    );
    check(
        "status,date\nThe soup is on again.,1\n",
        &["row 2, column \"status\": text \"The soup is on again.\", due 1"],
    );
}

#[test]
fn flags_and_config_name_columns() {
    let flags = |names: &[&str]| ExtractOptions {
        text_columns: names.iter().map(|&name| name.to_owned()).collect(),
        ..options()
    };
    let table = "Hook,Copy (EN),When?\nSoup!,It is on.,1\n";
    check_with(table, &flags(&["copy"]), &["row 2, column \"Copy (EN)\": text \"It is on.\", due 1"]);
    check_with(
        table,
        &flags(&["Hook", "2"]),
        &["row 2, column \"Hook\": text \"Soup!\" text at row 2, column \"Copy (EN)\" \"It is on.\", due 1"],
    );
    check_with(table, &flags(&["Hok"]), &["error no column is called `Hok` at \"Hook,Copy (EN),When?\""]);
    let columns = vec![(Role::Text, vec!["Hook".to_owned()]), (Role::Account, vec!["When?".to_owned()])];
    let config = ExtractOptions { columns, ..options() };
    check_with(table, &config, &["row 2, column \"Hook\": text \"Soup!\", of 1"]);
    check_with("text\na b\n", &config, &["row 2, column \"text\": text \"a b\""]);
}

#[test]
fn a_table_without_a_header_is_read_by_numbers() {
    let columns = vec![(Role::Date, vec!["1".to_owned()]), (Role::Text, vec!["2".to_owned()])];
    let config = ExtractOptions { columns, ..options() };
    check_with(
        "05/04/2026 09:00,Soup is on.,\n05/05/2026 09:00,Bread.,\n",
        &config,
        &[
            "row 1, column \"2\": text \"Soup is on.\", due 05/04/2026 09:00",
            "row 2, column \"2\": text \"Bread.\", due 05/05/2026 09:00",
        ],
    );
}

#[test]
fn rows_that_are_not_right_are_told() {
    check(
        "text,date\n,2026\nSoup.,\n,\n\"Bread\" too,1\n,3\n",
        &[
            "row 3, column \"text\": text \"Soup.\"",
            "row 5, column \"text\": text \"Bread too\", due 1",
            "warning text behind a closing quotation mark at \" too\"",
            "note 2 rows without a text were left out at \",2026\"",
        ],
    );
    check(
        "text,date\nSoup.,1\n\"Bread,2\nTea.,3\n",
        &[
            "row 2, column \"text\": text \"Soup.\", due 1",
            "error the quotation mark that opens a cell of row 3 is never closed at \"\\\"\"",
        ],
    );
    check(
        "text,date\nSoup.,1\ntext,date\nTea.,3\n",
        &["row 2, column \"text\": text \"Soup.\", due 1", "row 4, column \"text\": text \"Tea.\", due 3"],
    );
}

#[test]
fn a_walk_takes_only_what_is_surely_posts() {
    let found = ExtractOptions { chosen: Chosen::Found, ..options() };
    for table in ["Text,Date\na b,1\n", "name,description\na,b c\n", "date,level,message\n1,info,started\n"] {
        let extracted = extract(&Arc::new(Source::from_text("a.csv", table)), &found);
        assert!(extracted.posts.is_empty() && extracted.unrecognised.is_some(), "{table}");
    }
    for table in ["Text,Posting Time\na b,1\n", "message,network\na b,x\n", "caption\na b\n"] {
        let extracted = extract(&Arc::new(Source::from_text("a.csv", table)), &found);
        assert_eq!((extracted.posts.len(), extracted.unrecognised.is_some()), (1, false), "{table}");
    }
}

#[test]
fn only_drafts_are_taken_where_that_is_asked() {
    let drafts = ExtractOptions { drafts_only: true, ..options() };
    check_with(
        "text,status\na b,draft\nc d,scheduled\n",
        &drafts,
        &["row 2, column \"text\": text \"a b\", draft"],
    );
    check_with("text,status\nc d,scheduled\n", &drafts, &[]);
}

#[test]
fn encodings_of_spreadsheets_are_read() {
    let table = "Text,Date\n\"Soup – für Änne\",1\n";
    let utf16: Vec<u8> = std::iter::once(0xFEFF).chain(table.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let latin = b"Text,Date\n\"Soup \x96 f\xFCr \xC4nne\",1\n".to_vec();
    let marked = [b"\xEF\xBB\xBF", table.as_bytes()].concat();
    for (bytes, width, mark) in [(utf16, 2, 2), (latin, 1, 0), (marked, 0, 3)] {
        let source = Arc::new(Source::decode_table("a.csv", bytes).unwrap());
        let extracted = extract(&source, &options());
        assert_eq!(
            extracted.posts.iter().map(told).collect::<Vec<_>>(),
            ["row 2, column \"Text\": text \"Soup – für Änne\", due 1"]
        );
        assert_eq!(extracted.diagnostics.len(), usize::from(source.encoding() == Encoding::Windows1252));
        let part = &extracted.posts[0].parts[0];
        let at = part.text.find("Änne").unwrap();
        let place = part.map.to_source(crate::text::TextSpan::of(at..at + 5));
        let before = &table[..table.find("Änne").unwrap()];
        let expected = if width == 0 { before.len() } else { before.chars().count() * width };
        assert_eq!(source.raw(place.start()), (expected + mark) as u64);
    }
}

#[test]
fn hostile_tables_are_read_in_linear_time() {
    let begun = Instant::now();
    let wide = |row: &str| vec![row; 100_000].join(",");
    assert!(extract(&Arc::new(Source::from_text("a", wide("x"))), &options()).unrecognised.is_some());
    assert!(extract(&Arc::new(Source::from_text("a", wide("text"))), &options()).unrecognised.is_some());
    let posts = format!("{},text\n{},a b\n", wide("x"), wide("y"));
    assert_eq!(extract(&Arc::new(Source::from_text("a", posts)), &options()).posts.len(), 1);
    let huge = format!("text,date\n\"{}\",1\nTea.,2\n", "a\"\"".repeat(1 << 22));
    let extracted = extract(&Arc::new(Source::from_text("a", huge)), &options());
    assert_eq!((extracted.posts.len(), extracted.diagnostics.len()), (1, 1));
    let half = format!("text,date\n{}\"", "\"\"\"a\n".repeat(200_000));
    let _ = extract(&Arc::new(Source::from_text("a", half)), &options());
    let many = format!("text,date\n{}", "Soup is on.,1\n".repeat(100_000));
    assert_eq!(extract(&Arc::new(Source::from_text("a", many)), &options()).posts.len(), 100_000);
    // Far more than it takes, on a machine that is busy with other things.
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

/// Cells as a table, each quoted or not as `dice` says, where it may be left unquoted.
fn encode(rows: &[Vec<String>], delimiter: char, line_end: &str, dice: &[bool]) -> String {
    let mut dice = dice.iter().cycle();
    let mut table = String::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            if column > 0 {
                table.push(delimiter);
            }
            let must = cell.contains([delimiter, '"', '\n', '\r']);
            if must || dice.next() == Some(&true) {
                table.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
            } else {
                table.push_str(cell);
            }
        }
        table.push_str(line_end);
    }
    table
}

proptest! {
    #[test]
    fn posts_come_back_from_any_way_to_write_them(
        texts in prop::collection::vec("(?s)[a-c\"',;\t\n\r 𝗯é-]{0,12}", 1..6),
        delimiter in prop::sample::select(vec![',', ';', '\t', '|']),
        line_end in prop::sample::select(vec!["\n", "\r\n"]),
        dice in prop::collection::vec(any::<bool>(), 1..9),
    ) {
        let mut rows = vec![vec!["Nr".to_owned(), "Text".to_owned(), "Comment".to_owned()]];
        rows.extend(texts.iter().map(|text| vec!["1".to_owned(), format!("soup {text}"), text.clone()]));
        let table = encode(&rows, delimiter, line_end, &dice);
        let (source, extracted) = read(&table, Format::Csv);
        prop_assert!(extracted.diagnostics.is_empty() && extracted.unrecognised.is_none(), "{:?}", extracted);
        prop_assert_eq!(extracted.posts.len(), texts.len());
        for (post, text) in extracted.posts.iter().zip(&texts) {
            prop_assert_eq!(&post.parts[0].text, &format!("soup {text}"));
            let comment = (!text.trim().is_empty()).then_some(text);
            prop_assert_eq!(post.parts.get(1).map(|part| part.text.as_str()), comment.map(String::as_str));
            // What the raw bytes of a text decode to is the text.
            let raw = spelled(&source, &post.parts[0], &post.parts[0].text);
            prop_assert_eq!(raw.replace("\"\"", "\""), post.parts[0].text.as_str());
        }
    }

    #[test]
    fn anything_can_be_read(pieces in prop::collection::vec(prop::sample::select(vec![
        "text", "Date", "Post", "message", ",", ";", "\t", "|", "\"", "\"\"", "\n", "\r\n", "\r", "a b", "é", "sep=", "\u{FEFF}", "#",
    ]), 0..40)) {
        read(&pieces.concat(), Format::Csv);
        read(&pieces.concat(), Format::Tsv);
    }
}

#[test]
fn a_row_of_far_too_many_cells_ends_the_table() {
    let told = |text: String| {
        let (_, extracted) = read(&text, Format::Csv);
        let told = extracted.diagnostics.iter().chain(extracted.unrecognised.as_deref());
        (extracted.posts.len(), told.map(|one| one.message.to_string()).collect::<Vec<_>>())
    };
    let refused = |row| vec![format!("row {row} has more than 131072 cells")];
    assert_eq!(told(",".repeat(1 << 17)), (0, refused(1)));
    assert_eq!(told(format!("Text,Date\na b c,1\nd e{}\nf g h,2\n", ",".repeat(1 << 17))), (1, refused(3)));
    let wide = told(format!("Text{0}\na b c{0}\n", ",x".repeat(100_000)));
    assert_eq!(wide, (1, Vec::new()));
}
