//! Half-open byte ranges, one type for each text.
//!
//! Does not know any text, so it cannot check character borders; the makers of spans do. Invariant:
//! `start <= end`, which the constructors keep by swapping.

use std::ops::Range;

macro_rules! span_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name {
            start: u32,
            end: u32,
        }

        impl $name {
            /// The range from `start` to `end` in bytes; the two are swapped if they stand the wrong way round.
            #[must_use]
            pub const fn new(start: u32, end: u32) -> Self {
                if start <= end { Self { start, end } } else { Self { start: end, end: start } }
            }

            /// The same from `usize`, which is how Rust counts; offsets past `u32::MAX` are clamped (sources and
            /// records are limited to less than that).
            #[must_use]
            pub fn of(range: Range<usize>) -> Self {
                let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
                Self::new(clamp(range.start), clamp(range.end))
            }

            /// First byte.
            #[must_use]
            pub const fn start(self) -> u32 {
                self.start
            }

            /// One past the last byte.
            #[must_use]
            pub const fn end(self) -> u32 {
                self.end
            }

            /// Length in bytes.
            #[must_use]
            pub const fn len(self) -> u32 {
                self.end - self.start
            }

            /// Whether it covers no byte.
            #[must_use]
            pub const fn is_empty(self) -> bool {
                self.start == self.end
            }

            /// For slicing a `str`.
            #[must_use]
            pub const fn range(self) -> Range<usize> {
                self.start as usize..self.end as usize
            }

            /// The smallest span that covers both.
            #[must_use]
            pub fn cover(self, other: Self) -> Self {
                Self { start: self.start.min(other.start), end: self.end.max(other.end) }
            }

            /// Whether `other` lies inside.
            #[must_use]
            pub const fn contains(self, other: Self) -> bool {
                self.start <= other.start && other.end <= self.end
            }

            /// Whether the two share at least one byte.
            #[must_use]
            pub const fn overlaps(self, other: Self) -> bool {
                self.start < other.end && other.start < self.end
            }
        }
    };
}

span_type! {
    /// A range of bytes in the text of a [`Source`](super::Source).
    Span
}
span_type! {
    /// A range of bytes in the decoded text of a part of a post.
    TextSpan
}
