//! Tables as single vendors want them: each header as its vendor writes it, with cells of our own.

use proptest::prelude::*;

use crate::document::testing::{all_told, read, spelled};
use crate::document::{Chosen, ExtractOptions, Format, PostKind, PostStatus, extract};
use crate::text::{Platform, Source};

#[track_caller]
fn check(table: &str, expected: &[&str]) {
    assert_eq!(all_told(table, &Format::Csv.into()), expected, "\n{table}");
}

/// Tables that their columns' names tell of.
#[test]
fn names_of_most_vendors_are_known() {
    // Buffer; its tags are labels.
    check(
        "Text,Image URL,Tags,Posting Time\r\n\"Soup is on.\",https://soup.example/1.png,lunch,2026-05-04 09:00\r\n",
        &["row 2, column \"Text\": text \"Soup is on.\", due 2026-05-04 09:00"],
    );
    // Sprout Social.
    check(
        "date,time_24hr,message_text,instagram_first_comment\n04/05/2026,09:00,Soup is on.,Thanks to Ana.\n",
        &["row 2, column \"message_text\": text \"Soup is on.\" first-comment at row 2, column \
           \"instagram_first_comment\" \"Thanks to Ana.\", due 04/05/2026 09:00"],
    );
    // Vista Social.
    check(
        "message,type,link,time,comment1,comment2,title,description\n\
         Soup is on.,image,https://soup.example,2026-05-04 5:05 pm,One.,Two.,Lunch,Warm.\n",
        &[
            "row 2, column \"message\": title at row 2, column \"title\" \"Lunch\" text \"Soup is on.\" description at row \
           2, column \"description\" \"Warm.\" first-comment at row 2, column \"comment1\" \"One.\" first-comment at row \
           2, column \"comment2\" \"Two.\", due 2026-05-04 5:05 pm",
        ],
    );
    // Agorapulse.
    check(
        "post_content,post_link,video_url,image_url\nSoup is on.,https://soup.example,,\n",
        &["row 2, column \"post_content\": text \"Soup is on.\""],
    );
    // HubSpot.
    check(
        "Account,Date,Message,Link,Photo URL,Campaign\nsoup kitchen,05/04/2026 09:00,Soup || bread.,,,May\n",
        &["row 2, column \"Message\": text \"Soup || bread.\", of soup kitchen, due 05/04/2026 09:00"],
    );
    // Oktopost.
    check(
        "Network,Message,LinkUrl,LinkTitle,ImageUrl,Description,Picture\nLinkedIn,Soup is on.,,,,All of it.,\n",
        &[
            "row 2, column \"Message\": text \"Soup is on.\" description at row 2, column \"Description\" \"All of it.\", \
           on linkedin",
        ],
    );
    // Ayrshare.
    check(
        "post,platforms,mediaUrls,scheduleDate\nSoup is on.,\"twitter,bluesky\",,2026-05-04T09:00:00Z\n",
        &["row 2, column \"post\": text \"Soup is on.\", on x, on bluesky, due 2026-05-04T09:00:00Z"],
    );
    // SocialBee.
    check(
        "text,link,imageUrls,gifUrls,videoUrls,postAtSpecificTime\nSoup is on.,,,,,2026-05-04T09:00\nBread.,,,,,\n",
        &[
            "row 2, column \"text\": text \"Soup is on.\", due 2026-05-04T09:00",
            "row 3, column \"text\": text \"Bread.\"",
        ],
    );
    // What people write for Hootsuite.
    check(
        "Message,Scheduled Date,Scheduled Time,Social Network\nSoup is on.,05/04/2026,09:00,Twitter\n",
        &["row 2, column \"Message\": text \"Soup is on.\", on x, due 05/04/2026 09:00"],
    );
}

const PUBLER: &str = "Date - Intl. format or prompt,Text,Link(s) - Separated by comma for FB carousels,Media URL(s) - \
    Separated by comma,\"Title - For the video, pin, PDF ..\",Label(s) - Separated by comma,Alt text(s) - Separated by \
    ||,Comment(s) - Separated by ||,\"Pin board, FB album, or Google category\",\"Post subtype - I.e. story, reel, PDF \
    ..\",CTA - For Facebook links or Google,\"Reminder - For stories, reels, shorts, and TikToks\"";

#[test]
fn publer_has_several_comments_in_a_cell() {
    check(
        &format!(
            "{PUBLER}\nnext Friday at 2 PM,\"Soup \"\"is\"\" on.\",,,Lunch,may,A pot,\"From \"\"Ana\"\". || Ask her.|| \",,,,\n"
        ),
        &[
            "row 2, column \"Text\": title at row 2, column \"Title - For the video, pin, PDF ..\" \"Lunch\" text \"Soup \
           \\\"is\\\" on.\" first-comment at row 2, column \"Comment(s) - Separated by ||\" \"From \\\"Ana\\\". \" \
           first-comment at row 2, column \"Comment(s) - Separated by ||\" \" Ask her.\", due next Friday at 2 PM",
        ],
    );
    let table = format!("{PUBLER}\n,Soup.,,,,,,\"a \"\"b\"\"||c \"\"d\"\"\",,,,\n");
    let (source, extracted) = read(&table, Format::Csv);
    assert_eq!(spelled(&source, &extracted.posts[0].parts[2], "c \"d\""), "c \"\"d\"\"");
    // The older form has captions of several pictures in one cell.
    check(
        "Date,Message,Link,Media,Labels,Board\n2026/05/04 09:00,Soup.||Bread.,,,,\n",
        &["row 2, column \"Message\": text \"Soup.\" text \"Bread.\", due 2026/05/04 09:00"],
    );
}

#[test]
fn metricool_says_yes_or_no_to_each_network() {
    check(
        "Text,Date,Time,Draft,Facebook,Twitter/X,LinkedIn,GBP,Pinterest Pin Title,First Comment Text,LinkedIn Poll Option 1,Brand name\n\
         \"Soup\n\"\"is\"\" on.\",2026-05-04,09:00:00,false,true,TRUE,false,true,A soup,From Ana.,Yes,kitchen\n\
         Bread.,,,true,false,false,false,false,,,,kitchen\n",
        &[
            "row 2, column \"Text\": title at row 2, column \"Pinterest Pin Title\" \"A soup\" text \"Soup\\n\\\"is\\\" on.\" \
             poll-option at row 2, column \"LinkedIn Poll Option 1\" \"Yes\" first-comment at row 2, column \"First Comment \
             Text\" \"From Ana.\", of kitchen, on facebook, on x, on google, due 2026-05-04 09:00:00",
            "row 3, column \"Text\": text \"Bread.\", of kitchen, draft",
        ],
    );
    // A column of texts says neither.
    check("Text,Threads\nSoup is on.,Bread too.\n", &["row 2, column \"Text\": text \"Soup is on.\""]);
}

#[test]
fn highlevel_has_two_rows_of_names_some_of_them_twice() {
    check(
        "postAtSpecificTime (YYYY-MM-DD HH:mm:ss),content,link (OGmetaUrl),imageUrls,gifUrl,videoUrls\n\
         2026-05-04 09:00:00,Soup is on.,,,,\n,Bread.,,,,\n",
        &[
            "row 2, column \"content\": text \"Soup is on.\", due 2026-05-04 09:00:00",
            "row 3, column \"content\": text \"Bread.\", draft",
        ],
    );
    let table = "All Social,,,,Facebook,,Google,YouTube,\n\
         postAtSpecificTime (YYYY-MM-DD HH:mm:ss),content,followUpComment,imageUrls,type (post/story/reel),title,title,title,type (video/short)\n\
         2026-05-04 09:00:00,Soup is on.,From Ana.,,post,,Lunch,Soup!,short\n";
    check(
        table,
        &[
            "row 3, column \"content\": title at row 3, column \"title (Google)\" \"Lunch\" title at row 3, column \"title \
           (YouTube)\" \"Soup!\" text \"Soup is on.\" first-comment at row 3, column \"followUpComment\" \"From Ana.\", due \
           2026-05-04 09:00:00",
        ],
    );
}

#[test]
fn hootsuite_and_zoho_have_no_header() {
    check(
        "05/04/2026 09:00,\"Soup, and bread.\",https://soup.example\n05/05/2026 09:00,Tea.,\n",
        &[
            "row 1, column \"2\": text \"Soup, and bread.\", due 05/04/2026 09:00",
            "row 2, column \"2\": text \"Tea.\", due 05/05/2026 09:00",
        ],
    );
    check(
        "2026-05-04 09:00:00,Soup is on.,,https://soup.example/1.png,LEARN_MORE,https://soup.example\n",
        &["row 1, column \"2\": text \"Soup is on.\", due 2026-05-04 09:00:00"],
    );
    // Numbers behind a date are no texts, and names are no dates.
    check(
        "2026-05-04,12,13\n2026-05-05,14,15\n",
        &["error no column is known to hold the text at \"2026-05-04,12,13\""],
    );
    check(
        "day,what,where\n2026-05-04,a b,c\n",
        &["error no column is known to hold the text at \"day,what,where\""],
    );
}

/// A LinkedIn export: each line break of a text closes and opens its quotation marks.
fn shares(texts: &[String]) -> String {
    let mut table = "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n".to_owned();
    for text in texts {
        let cell = text.replace('\n', "\"\n\"").replace('"', "\"\"");
        table.push_str(&format!("2025-07-01 14:33:22,https://l.example/1,\"{cell}\",,,MEMBER_NETWORK\n"));
    }
    table
}

#[test]
fn linkedin_breaks_lines_in_a_way_of_its_own() {
    let text = "Soup is \"on\".\n\nBread \"too\"\n\"Tea\".".to_owned();
    check(
        &shares(&[text]),
        &[
            "row 2, column \"ShareCommentary\": text \"Soup is \\\"on\\\".\\n\\nBread \\\"too\\\"\\n\\\"Tea\\\".\", on linkedin, \
           due 2025-07-01 14:33:22, published",
        ],
    );
    let (source, extracted) = read(&shares(&["a b.\nc d".to_owned()]), Format::Csv);
    assert_eq!(spelled(&source, &extracted.posts[0].parts[0], ".\nc"), ".\"\"\n\"\"c");
    check(
        "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n\
         2025-07-01 14:33:22,,Ana's soup.,https://www.linkedin.com/feed/update/urn:li:activity:1,,MEMBER_NETWORK\n\
         2025-07-02 14:33:22,,,https://soup.example,,MEMBER_NETWORK\n",
        &[
            "row 2, column \"ShareCommentary\": text \"Ana's soup.\", a share, on linkedin, due 2025-07-01 14:33:22, published",
            "note a row without a text was left out at \"2025-07-02 14:33:22,,,https://soup.example,,MEMBER_NETWORK\"",
        ],
    );
}

#[test]
fn the_older_export_of_linkedin_is_utf16_with_tabs() {
    let table = "Date\tShare Link\tShare Commentary\tShared URL\tVisibility\r\n\
         2017/06/08 08:15:44 UTC\thttps://l.example/1\t\"Soup – 𝗼𝗻\"\t\tMEMBER_NETWORK\r\n";
    let bytes: Vec<u8> = std::iter::once(0xFEFF).chain(table.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let source = std::sync::Arc::new(Source::decode_table("Shares.csv", bytes).unwrap());
    let extracted = extract(&source, &ExtractOptions::default());
    let post = &extracted.posts[0];
    assert_eq!((post.parts[0].text.as_str(), post.platforms().next()), ("Soup – 𝗼𝗻", Some(Platform::Linkedin)));
    assert_eq!(post.status.as_ref().map(|status| status.value), Some(PostStatus::Published));
    assert_eq!(post.kind, PostKind::Post);
}

#[test]
fn a_walk_takes_tables_of_vendors_we_know() {
    let posts = |table: &str| {
        let options = ExtractOptions { chosen: Chosen::Found, ..Format::Csv.into() };
        extract(&std::sync::Arc::new(Source::from_text("a.csv", table)), &options).posts.len()
    };
    assert_eq!(posts(&format!("{PUBLER}\n,Soup is on.,,,,,,,,,,\n")), 1);
    assert_eq!(posts(&shares(&["Soup is on.".to_owned()])), 1);
    assert_eq!(posts("Text,Date,LinkedIn,Threads\nSoup is on.,1,true,false\n"), 1);
    // A log looks the same as a queue without a header.
    assert_eq!(posts("2026-05-04 09:00,the server was started,1\n"), 0);
}

proptest! {
    #[test]
    fn texts_come_back_from_an_export_of_linkedin(texts in prop::collection::vec("(?s)[a-c\"',\n 𝗯é-]{0,12}", 1..6)) {
        let texts: Vec<String> = texts.iter().map(|text| format!("soup {text}")).collect();
        // Two quotation marks around a line break are what the export makes of the break alone.
        prop_assume!(texts.iter().all(|text| !text.contains("\"\n\"")));
        let (source, extracted) = read(&shares(&texts), Format::Csv);
        prop_assert!(extracted.diagnostics.is_empty() && extracted.unrecognised.is_none(), "{:?}", extracted);
        let found: Vec<&str> = extracted.posts.iter().map(|post| post.parts[0].text.as_str()).collect();
        prop_assert_eq!(found, texts.iter().collect::<Vec<_>>());
        for post in &extracted.posts {
            let raw = spelled(&source, &post.parts[0], &post.parts[0].text);
            prop_assert_eq!(&raw.replace("\"\"", "\"").replace("\"\n\"", "\n"), &post.parts[0].text);
        }
    }

    #[test]
    fn comments_come_back_from_publer(comments in prop::collection::vec("[a-c\"', \n𝗯é-]{0,9}", 1..5)) {
        let comments: Vec<String> = comments.iter().enumerate().map(|(at, text)| format!("{at}{text}")).collect();
        let cell = comments.join("||").replace('"', "\"\"");
        let table = format!("{PUBLER}\n,Soup is on.,,,,,,\"{cell}\",,,,\n");
        let (_, extracted) = read(&table, Format::Csv);
        let found: Vec<&str> = extracted.posts[0].parts[1..].iter().map(|part| part.text.as_str()).collect();
        prop_assert_eq!(found, comments.iter().collect::<Vec<_>>());
    }

    #[test]
    fn anything_of_a_vendor_can_be_read(pieces in prop::collection::vec(prop::sample::select(vec![
        "Comment(s) - Separated by ||", "Text", "Message", "Date", "Link", "||", ",", "\"", "\n", "\"\"\n\"\"", "ShareCommentary",
        "SharedUrl", "LinkedIn", "true", "All Social", "postAtSpecificTime", "content", "title", "2026-05-04 09:00", "a b é",
    ]), 0..40)) {
        read(&pieces.concat(), Format::Csv);
    }
}
