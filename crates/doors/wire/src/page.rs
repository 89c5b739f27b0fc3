//! A part of a list, and how one asks for the next.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The items of a page where nothing else is asked.
pub const DEFAULT_LIMIT: u32 = 50;
/// The most items of a page.
pub const MAX_LIMIT: u32 = 200;

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "{T}Page")]
pub struct Page<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// Give this as `cursor` for what follows; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The part of a whole list after the item that `cursor` names; `None` where no item has that name
    /// any more.
    pub fn of_all(
        all: impl IntoIterator<Item = T>,
        name: impl Fn(&T) -> String,
        limit: u32,
        cursor: Option<&str>,
    ) -> Option<Self> {
        let mut rest = all.into_iter();
        if let Some(cursor) = cursor {
            rest.by_ref().find(|item| name(item) == cursor)?;
        }
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut items: Vec<T> = rest.take(limit.saturating_add(1)).collect();
        let more = items.len() > limit;
        items.truncate(limit);
        Some(Self { next_cursor: items.last().filter(|_| more).map(name), items })
    }

    /// A page that was read with a limit: where it is full, the name of its last item leads on.
    pub fn read(items: Vec<T>, name: impl Fn(&T) -> String, limit: u32) -> Self {
        let full = u32::try_from(items.len()).is_ok_and(|n| n >= limit);
        Self { next_cursor: items.last().filter(|_| full).map(name), items }
    }

    /// The same page with each item said in another way.
    pub fn map<U>(self, say: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(say).collect(), next_cursor: self.next_cursor }
    }
}

/// Which part of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// At most this many items, 1 to 200; 50 where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32", range(min = 1, max = 200))]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cursor: Option<&str>, limit: u32, expected: Option<(&[u32], Option<&str>)>) {
        let page = Page::of_all(1..=5_u32, u32::to_string, limit, cursor);
        let got = page.as_ref().map(|p| (p.items.as_slice(), p.next_cursor.as_deref()));
        assert_eq!(got, expected);
    }

    #[test]
    fn a_list_is_read_page_by_page() {
        check(None, 2, Some((&[1, 2], Some("2"))));
        check(Some("2"), 2, Some((&[3, 4], Some("4"))));
        check(Some("4"), 2, Some((&[5], None)));
        check(None, 5, Some((&[1, 2, 3, 4, 5], None)));
        check(Some("9"), 5, None);
    }

    #[test]
    fn a_full_page_leads_on() {
        assert_eq!(Page::read(vec![1, 2], i32::to_string, 2).next_cursor.as_deref(), Some("2"));
        assert_eq!(Page::read(vec![1], i32::to_string, 2).next_cursor, None);
    }
}
