//! Who holds a seat: initials in a circle, and a notch on the circle of an agent.

use maud::{Markup, html};

/// What kind of holder a seat has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolderKind {
    /// A person.
    Person,
    /// An AI agent.
    Agent,
}

/// The circle alone, for places where the name stands beside it already.
pub fn avatar(name: &str, kind: HolderKind) -> Markup {
    circle(name, kind, "")
}

/// The circle at twice the size.
pub fn large_avatar(name: &str, kind: HolderKind) -> Markup {
    circle(name, kind, " large")
}

/// The circle and the name; an agent is also named so.
pub fn holder(name: &str, kind: HolderKind) -> Markup {
    html! {
        span class="holder" {
            (avatar(name, kind))
            span {
                (name)
                @if kind == HolderKind::Agent { span class="muted small" { " agent" } }
            }
        }
    }
}

/// A seat that nobody holds.
pub fn vacant() -> Markup {
    html! {
        span class="holder bad" {
            span class="avatar vacant" aria-hidden="true" { "?" }
            span { "Vacant" }
        }
    }
}

fn circle(name: &str, kind: HolderKind, size: &str) -> Markup {
    let notch = match kind {
        HolderKind::Person => "",
        HolderKind::Agent => " agent",
    };
    html! {
        span class={ "avatar tone-" (tone(name)) (notch) (size) } aria-hidden="true" {
            (initials(name))
        }
    }
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let letter = |word: &str| word.chars().find(|c| c.is_alphanumeric());
    let first = words.next().and_then(letter);
    let last = words.next_back().and_then(letter);
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// One of six tones, always the same for a name, so that a face is found again.
fn tone(name: &str) -> u32 {
    name.chars().fold(7_u32, |sum, c| sum.wrapping_mul(31).wrapping_add(u32::from(c))) % 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_the_first_and_the_last_word_s() {
        let check = |name: &str, expected: &str| assert_eq!(initials(name), expected, "{name}");
        check("Ada Lovelace", "AL");
        check("Jean-Paul van der Berg", "JB");
        check("kpi-pusher", "K");
        check("émile (temp)", "ÉT");
        check("", "");
    }
}
