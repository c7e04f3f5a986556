//! Tables of which several lie on top of each other: their fields, keys, reading and layering, from one list each.
//!
//! Invariant: a field that [`layer!`] declares has a key, is read, and is layered.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use super::{Globs, PathSetting, Setting};
use crate::document::{AccountKind, ColumnRoles};
use crate::text::{Platform, Source, Span};

/// What paths and globs in a file are relative to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Folders<'a> {
    /// The folder of the file, for paths.
    pub(super) own: &'a Path,
    /// The folder whose drafts it is for, for globs: that of the file that extends it, if one does.
    pub(super) drafts: &'a Path,
}

/// A value as it is shown, and where it stands.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The value.
    pub value: Value,
    /// The file it stands in.
    pub source: Arc<Source>,
    /// Its place there, or that of its key.
    pub span: Span,
}

/// What lies in layers.
pub(super) trait Layered {
    /// Takes from an outer layer what counts beside what is here.
    fn take_outer(&mut self, outer: &Self);

    /// The value, where there is one.
    fn shown(&self) -> Option<Shown> {
        None
    }
}

/// The nearest counts.
impl<T: Show + Clone> Layered for Option<Setting<T>> {
    fn take_outer(&mut self, outer: &Self) {
        if self.is_none() {
            self.clone_from(outer);
        }
    }

    fn shown(&self) -> Option<Shown> {
        let setting = self.as_ref()?;
        Some(Shown { value: setting.value.show(), source: Arc::clone(&setting.source), span: setting.span })
    }
}

/// What can be shown as a value.
pub trait Show {
    /// As it could be written, but for the syntax.
    fn show(&self) -> Value;
}

impl Show for String {
    fn show(&self) -> Value {
        self.as_str().into()
    }
}

impl Show for bool {
    fn show(&self) -> Value {
        (*self).into()
    }
}

impl Show for u64 {
    fn show(&self) -> Value {
        (*self).into()
    }
}

impl Show for AccountKind {
    fn show(&self) -> Value {
        self.name().into()
    }
}

impl Show for super::FailOn {
    fn show(&self) -> Value {
        self.name().into()
    }
}

impl Show for Platform {
    fn show(&self) -> Value {
        self.name().into()
    }
}

impl Show for PathSetting {
    fn show(&self) -> Value {
        self.written.show()
    }
}

impl<T: Show> Show for Setting<T> {
    fn show(&self) -> Value {
        self.value.show()
    }
}

impl<T: Show> Show for Vec<T> {
    fn show(&self) -> Value {
        self.iter().map(Show::show).collect()
    }
}

impl Show for Arc<Globs> {
    fn show(&self) -> Value {
        self.patterns().iter().map(String::as_str).collect()
    }
}

impl Show for ColumnRoles {
    fn show(&self) -> Value {
        self.iter().map(|(role, names)| (role.name().to_owned(), names.show())).collect()
    }
}

/// Declares a table that lies in layers: a field a line, with its key, what holds without it, what it holds, how it is
/// read, and what it is, which becomes its documentation and that of the key.
macro_rules! layer {
    (@default) => { None };
    (@default $default:literal) => { Some($default) };
    (
        $(#[$meta:meta])*
        $name:ident, $keys:ident {
            $($field:ident: $type:ty = $key:literal $(or $default:literal)?, $form:expr, $read:path, $about:literal;)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default)]
        pub struct $name {
            $(#[doc = $about] pub $field: $type,)*
        }

        #[doc = concat!("The keys of [`", stringify!($name), "`].")]
        pub(super) const $keys: &[$crate::table::Key] = &[
            $($crate::table::Key {
                name: $key,
                form: $form,
                about: $about,
                default: layer!(@default $($default)?),
                needed: false,
            },)*
        ];

        impl $name {
            pub(super) fn read(
                reader: &mut $crate::table::Reader,
                table: &mut $crate::table::Table<'_>,
                folders: $crate::config::layer::Folders<'_>,
            ) -> Self {
                Self { $($field: $read(reader, table, $key, folders),)* }
            }

            /// Takes from an outer layer what counts beside what is here.
            pub fn take_outer(&mut self, outer: &Self) {
                $($crate::config::layer::Layered::take_outer(&mut self.$field, &outer.$field);)*
            }

            /// Each key whose value can be shown as one, with that value where there is one.
            #[must_use]
            pub fn shown(&self) -> Vec<(&'static $crate::table::Key, Option<$crate::config::Shown>)> {
                let values = [$($crate::config::layer::Layered::shown(&self.$field),)*];
                $keys.iter().zip(values).collect()
            }
        }
    };
}

pub(super) use layer;
