//! Badges: a word with a shape of its own, so that colour is never the only sign.

use maud::{Markup, html};

/// What a word about state means for the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to judge.
    Neutral,
    /// Going on now.
    Live,
    /// As it should be.
    Good,
    /// Wants attention.
    Warn,
    /// Wrong, late or at risk.
    Bad,
}

impl Tone {
    /// The class that gives its colours.
    pub fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Live => "live",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// A word about state.
pub fn badge(tone: Tone, word: &str) -> Markup {
    html! { span class={ "badge " (tone.class()) } { (shape(tone)) (word) } }
}

/// The shape of a tone: ring, filled disc, ticked disc, triangle, square with a bar.
pub fn shape(tone: Tone) -> Markup {
    html! {
        svg class="shape" viewBox="0 0 10 10" aria-hidden="true" focusable="false" {
            @match tone {
                Tone::Neutral => { circle cx="5" cy="5" r="3.25" fill="none" stroke-width="1.5" {} }
                Tone::Live => {
                    circle cx="5" cy="5" r="4.25" fill="none" stroke-width="1" {}
                    circle cx="5" cy="5" r="2.25" stroke="none" {}
                }
                Tone::Good => {
                    path d="m1.5 5.5 2.5 2.5 4.5-6" fill="none" stroke-width="1.75"
                        stroke-linecap="round" stroke-linejoin="round" {}
                }
                Tone::Warn => { path d="M5 .9 9.4 9H.6z" stroke-width="1" stroke-linejoin="round" {} }
                Tone::Bad => { rect x="1" y="1" width="8" height="8" rx="1.5" stroke="none" {} }
            }
        }
    }
}
