//! A panic, which is a bug of ours: it ends the reading of one file or the judging of one post, and not the run.
//!
//! There is none known. Invariant: what is told of one names the file, this version, and what to do about it.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::{Mutex, PoisonError};

use crate::diagnostic::Diagnostic;
use crate::document::Post;

/// What [`Diagnostic::code`] says of a panic.
pub(super) const CODE: &str = "internal/panic";

thread_local! {
    /// Where the last panic of this thread was.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Where the last panic of any thread was: one that shares in a long post panics for the thread that judges it.
static LAST: Mutex<Option<String>> = Mutex::new(None);

/// Has panics keep their places and say nothing: what they would print is neither clean nor of use to whoever sees it.
pub(super) fn quiet() {
    panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        let place = info.location().map(|at| format!("{}:{}:{}", at.file(), at.line(), at.column()));
        LAST.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&place);
        PLACE.with_borrow_mut(|known| *known = place);
    }));
}

/// Does some work, and tells what panicked in it.
///
/// # Errors
/// The diagnostic of a bug, about nothing yet. What the work changed until then stays as it is.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Box<Diagnostic>> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|payload| Box::new(bug(&*payload)))
}

/// As [`caught`], of work on a whole file.
///
/// # Errors
/// As [`caught`], about the file.
pub(super) fn caught_in<T>(name: &str, work: impl FnOnce() -> T) -> Result<T, Box<Diagnostic>> {
    caught(work).map_err(|bug| Box::new(bug.about(name).note("the rest of this file was not checked")))
}

/// As [`caught`], of work on one post.
///
/// # Errors
/// As [`caught`], at the post.
pub(super) fn caught_at<T>(post: &Post, work: impl FnOnce() -> T) -> Result<T, Box<Diagnostic>> {
    caught(work).map_err(|bug| {
        let bug = bug.label(&post.source, post.head(), "in this post").located(post.locator.words());
        Box::new(bug.note("this post was not checked"))
    })
}

fn bug(payload: &(dyn Any + Send)) -> Diagnostic {
    let text = payload.downcast_ref::<&str>().copied();
    let said = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given");
    let last = || LAST.lock().unwrap_or_else(PoisonError::into_inner).take();
    let place = PLACE.with_borrow_mut(Option::take).or_else(last);
    let place = place.map(|place| format!(" ({place})")).unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION");
    Diagnostic::error(CODE, format!("a bug in selfless {version}: {said}{place}"))
        .help("report it to the makers of selfless, with this message and, if it may be shown, the file")
}

/// What lets tests have a panic where there is none.
#[cfg(test)]
pub(super) const TRIP: &str = "[a post that panics]";

/// Panics in tests, if the text asks for it.
#[cfg(test)]
pub(super) fn trip(text: &str) {
    assert!(text.trim() != TRIP, "tripped over `{text}`");
}

#[cfg(not(test))]
pub(super) const fn trip(_: &str) {}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::Source;

    #[test]
    fn a_panic_is_told_with_version_place_and_remedy() {
        assert_eq!(caught(|| 7).ok(), Some(7));
        let bug = caught_in("a.md", || panic!("{} is no number", "x")).map(|()| 0).unwrap_err();
        let version = env!("CARGO_PKG_VERSION");
        assert!(
            bug.message.starts_with(&format!("a bug in selfless {version}: x is no number")),
            "{}",
            bug.message
        );
        assert_eq!((bug.source_name(), &*bug.code), (Some("a.md"), CODE));
        assert!(bug.help.is_some_and(|help| help.starts_with("report it")));
        let bug = caught(|| panic::panic_any(7)).map(|()| 0).unwrap_err();
        assert!(bug.message.contains("no reason given"), "{}", bug.message);
    }

    #[test]
    fn a_panic_over_a_post_is_told_where_it_begins() {
        let source = Arc::new(Source::from_text("a.txt", "one\n\u{e9}two"));
        let post = Post { start: 4, ..Post::new(&source) };
        let bug = caught_at(&post, || panic!("no")).map(|()| 0).unwrap_err();
        assert_eq!(source.slice(bug.labels[0].span), "\u{e9}");
        // One that starts nowhere is told all the same.
        let post = Post { start: 99, ..Post::new(&source) };
        assert!(caught_at(&post, || panic!("no")).map(|()| 0).is_err());
    }
}
