//! Acts: buttons, links that look like them, one-button forms and their questions.

use super::icon::{Icon, icon};
use maud::{Markup, html};

/// How much an act stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The one next act of a page.
    Primary,
    /// Other acts.
    Secondary,
    /// Acts that stay in the background.
    Quiet,
    /// Acts that take something away.
    Danger,
}

impl Weight {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button primary",
            Self::Secondary => "button secondary",
            Self::Quiet => "button quiet",
            Self::Danger => "button danger",
        }
    }
}

/// The hidden field that shows a form came from one of our pages.
pub fn csrf(token: &str) -> Markup {
    hidden("csrf", token)
}

/// A hidden field.
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// The button that sends the form around it; the label says the act.
pub fn button(label: &str, weight: Weight) -> Markup {
    html! { button class=(weight.class()) type="submit" { (label) } }
}

/// A button that sends the form around it with a value of its own.
pub fn value_button(label: &str, weight: Weight, name: &str, value: &str) -> Markup {
    html! { button class=(weight.class()) type="submit" name=(name) value=(value) { (label) } }
}

/// A link that leads to an act.
pub fn link_button(href: &str, label: &str, weight: Weight) -> Markup {
    html! { a class=(weight.class()) href=(href) { (label) } }
}

/// A link with an icon that leads to an act.
pub fn icon_link(href: &str, sign: Icon, label: &str, weight: Weight) -> Markup {
    html! { a class=(weight.class()) href=(href) { (icon(sign)) (label) } }
}

/// The link that the key `e` follows.
pub fn edit_link(href: &str, label: &str) -> Markup {
    html! { a class="button secondary" href=(href) data-edit { (icon(Icon::Edit)) (label) } }
}

/// A form of one button.
pub fn act(action: &str, token: &str, label: &str, weight: Weight) -> Markup {
    html! {
        form class="inline" method="post" action=(action) { (csrf(token)) (button(label, weight)) }
    }
}

/// An act that cannot be undone: the first press shows the question, the second does it.
pub fn ask_act(action: &str, token: &str, opener: &str, question: &str, label: &str) -> Markup {
    html! {
        details class="ask" {
            summary class="button danger" { (opener) }
            form class="ask-box" method="post" action=(action) {
                (csrf(token))
                p { (question) }
                (button(label, Weight::Danger))
            }
        }
    }
}

/// A row of acts.
pub fn buttons(acts: &[Markup]) -> Markup {
    html! { div class="buttons" { @for act in acts { (act) } } }
}

/// A value worth taking along: an id, an address, a token.
pub fn copyable(value: &str, what: &str) -> Markup {
    html! {
        span class="copyable" {
            code { (value) }
            button class="button quiet compact" type="button" data-copy=(value) hidden {
                (icon(Icon::Copy))
                span data-word { "Copy" }
                span class="hush" { " " (what) }
            }
        }
    }
}
