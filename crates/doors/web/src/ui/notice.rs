//! Notices: banners over a page and places that are still empty.

use super::{
    badge::{Tone, shape},
    icon::{Icon, large_icon},
};
use maud::{Markup, html};

/// A line that concerns the whole page, with what to do about it.
pub fn banner(tone: Tone, words: &Markup, act: Option<&Markup>) -> Markup {
    html! {
        div class={ "banner " (tone.class()) } {
            (shape(tone))
            p { (words) }
            @if let Some(act) = act { (act) }
        }
    }
}

/// What came of the act before this page.
pub fn flash(tone: Tone, words: &str) -> Markup {
    html! {
        div class={ "banner " (tone.class()) } role="status" { (shape(tone)) p { (words) } }
    }
}

/// A place with nothing in it yet: what it will show, why that matters, the act to begin with.
pub fn empty_state(sign: Icon, title: &str, why: &str, act: Option<&Markup>) -> Markup {
    html! {
        div class="empty" {
            (large_icon(sign))
            h2 { (title) }
            p { (why) }
            @if let Some(act) = act { div class="buttons" { (act) } }
        }
    }
}
