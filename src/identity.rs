//! Floor 2: whose self: the accounts of a run, and which one a post belongs to.
//!
//! Does not look at tokens; the matcher marks them. Invariant: every post has exactly one account, at worst the
//! unnamed one that only knows first person.

use std::path::Path;
use std::sync::Arc;

use crate::config::{Globs, Settings};
use crate::document::{AccountKind, IdentityKeys, Post};

/// Who "self" is for a post.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Its name in config; none for `[identity]` and for identities that a record brings along.
    pub name: Option<String>,
    /// What is known of it.
    pub keys: Arc<IdentityKeys>,
}

impl Account {
    /// One of this name, of which so much is known.
    #[must_use]
    pub fn new(name: Option<String>, keys: IdentityKeys) -> Self {
        Self { name, keys: Arc::new(keys) }
    }

    /// Person, brand or cause.
    #[must_use]
    pub fn kind(&self) -> AccountKind {
        self.keys.kind
    }

    /// Whether it knows anything beside first person.
    #[must_use]
    pub fn is_known(&self) -> bool {
        let keys = &self.keys;
        [&keys.names, &keys.handles, &keys.products, &keys.domains].iter().any(|list| !list.is_empty())
    }
}

/// The accounts that the layers over a folder declare.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    declared: Vec<(Account, Option<Arc<Globs>>)>,
    otherwise: Account,
}

impl Accounts {
    /// The accounts of merged layers.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let declared = settings
            .accounts
            .iter()
            .map(|table| {
                let name = table.name.as_ref().map(|name| name.value.clone());
                (
                    Account::new(name, table.identity.keys()),
                    table.paths.as_ref().map(|paths| Arc::clone(&paths.value)),
                )
            })
            .collect();
        Self { declared, otherwise: Account::new(None, settings.identity.keys()) }
    }

    /// The account of a post at an absolute path (none for standard input without a name): the identity that the
    /// post brings along; or the declared account that the post, or else the flag `named`, names; or where neither
    /// names any, the first whose globs fit the path; or `[identity]`. A name that nobody declares only names.
    #[must_use]
    pub fn resolve(&self, post: &Post, named: Option<&str>, path: Option<&Path>) -> Account {
        let name = post.account_name().or(named);
        if let Some(keys) = &post.identity {
            return Account::new(name.map(str::to_owned), (**keys).clone());
        }
        let declared = self.position(name, path).and_then(|position| self.declared.get(position));
        match (declared, name) {
            (Some((account, _)), _) => account.clone(),
            (None, Some(name)) => Account { name: Some(name.to_owned()), keys: Arc::clone(&self.otherwise.keys) },
            (None, None) => self.otherwise.clone(),
        }
    }

    /// Which declared account is called `name`, or without a name, is the first whose globs fit the path.
    #[must_use]
    pub fn position(&self, name: Option<&str>, path: Option<&Path>) -> Option<usize> {
        let fits = |globs: &Option<Arc<Globs>>| {
            path.is_some_and(|path| globs.as_ref().is_some_and(|globs| globs.matches(path)))
        };
        self.declared.iter().position(|(account, globs)| match name {
            Some(name) => account.name.as_deref() == Some(name),
            None => fits(globs),
        })
    }

    /// Names of the declared accounts, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.declared.iter().filter_map(|(account, _)| account.name.as_deref())
    }

    /// Whether any of them knows more than first person.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.otherwise.is_known() || self.declared.iter().any(|(account, _)| account.is_known())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ConfigFile;
    use crate::document::Stated;
    use crate::text::{Source, Span};

    const CONFIG: &str = "
        [identity]
        names = ['Me']
        [[account]]
        name = 'shop'
        match = ['shop/**']
        kind = 'brand'
        names = ['The Shop']
        [[account]]
        name = 'club'
        match = ['*.toot']
        kind = 'cause'
        names = ['The Club']
        [[account]]
        name = 'spare'
        names = ['Spare']
    ";

    /// `post` is what the post itself brings: `account`, `identity`.
    fn resolve(config: &str, post: [Option<&str>; 2], flag: Option<&str>, path: Option<&str>) -> String {
        let source = Arc::new(Source::from_text("/a/selfless.toml", config));
        let (file, mistakes) = ConfigFile::read(&source, Path::new("/a"));
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let accounts = Accounts::of(&Settings::merge(&[Arc::new(file)]));
        let mut draft = Post::new(&source);
        draft.account = post[0].map(|name| Stated { value: name.to_owned(), span: Span::default() });
        draft.identity =
            post[1].map(|name| Box::new(IdentityKeys { names: vec![name.to_owned()], ..IdentityKeys::default() }));
        let account = accounts.resolve(&draft, flag, path.map(Path::new));
        let name = account.name.as_deref().unwrap_or("-");
        format!("{name} {} {}", account.kind().name(), account.keys.names.join(","))
    }

    #[track_caller]
    fn check(post: [Option<&str>; 2], flag: Option<&str>, path: Option<&str>, expected: &str) {
        assert_eq!(resolve(CONFIG, post, flag, path), expected);
    }

    #[test]
    fn the_nearest_word_on_who_is_speaking_holds() {
        let path = Some("/a/shop/x.toot");
        check([Some("club"), Some("Own")], Some("shop"), path, "club person Own");
        check([None, Some("Own")], None, path, "- person Own");
        check([Some("club"), None], Some("shop"), path, "club cause The Club");
        check([None, None], Some("spare"), path, "spare person Spare");
        check([None, None], None, path, "shop brand The Shop");
        check([None, None], None, Some("/a/x.toot"), "club cause The Club");
        check([None, None], None, Some("/a/x.md"), "- person Me");
        check([None, None], None, Some("/b/shop/x.md"), "- person Me");
        check([None, None], None, None, "- person Me");
    }

    #[test]
    fn a_name_that_nobody_declares_only_names() {
        check([Some("else"), None], None, Some("/a/shop/x.md"), "else person Me");
        assert_eq!(resolve("", [Some("else"), None], None, None), "else person ");
        assert_eq!(resolve("", [None, None], None, Some("/a/x.md")), "- person ");
    }
}
