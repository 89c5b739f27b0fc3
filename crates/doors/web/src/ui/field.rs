//! Fields of forms: label above, hint, the error in its place, and the summary of all errors.

use super::{
    badge::{Tone, shape},
    prose::line,
};
use maud::{Markup, html};

/// What every field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    name: &'a str,
    label: &'a str,
    hint: Option<&'a str>,
    error: Option<&'a str>,
    optional: bool,
}

impl<'a> Field<'a> {
    /// A field that must be filled; its name is also its id.
    pub fn new(name: &'a str, label: &'a str) -> Self {
        Self { name, label, hint: None, error: None, optional: false }
    }

    /// What helps to fill it.
    #[must_use]
    pub fn hint(self, hint: &'a str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// What is wrong with what was sent, if anything.
    #[must_use]
    pub fn error(self, error: Option<&'a str>) -> Self {
        Self { error, ..self }
    }

    /// May stay empty, and says so.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    fn described_by(&self) -> Option<String> {
        let hint = self.hint.map(|_| format!("{}-hint", self.name));
        let error = self.error.map(|_| format!("{}-error", self.name));
        match (hint, error) {
            (Some(hint), Some(error)) => Some(format!("{hint} {error}")),
            (hint, error) => hint.or(error),
        }
    }

    fn invalid(&self) -> Option<&'static str> {
        self.error.map(|_| "true")
    }

    fn class(&self) -> &'static str {
        if self.error.is_some() { "field wrong" } else { "field" }
    }

    fn words(&self) -> Markup {
        html! {
            (self.label)
            @if self.optional { span class="optional" { " (optional)" } }
        }
    }

    fn notes(&self) -> Markup {
        html! {
            @if let Some(hint) = self.hint { p class="hint" id={ (self.name) "-hint" } { (hint) } }
            @if let Some(error) = self.error {
                p class="error" id={ (self.name) "-error" } {
                    (shape(Tone::Bad))
                    span { span class="hush" { "Error: " } (line(error)) }
                }
            }
        }
    }

    fn around(&self, control: &Markup) -> Markup {
        html! {
            div class=(self.class()) {
                label for=(self.name) { (self.words()) }
                (self.notes())
                (control)
            }
        }
    }
}

/// What a line of text holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Any text.
    Text,
    /// An e-mail address of a person who signs in.
    Email,
    /// The password known already.
    Password,
    /// A password to be set.
    NewPassword,
    /// A number, with or without decimals.
    Number,
    /// A day.
    Date,
    /// The address of a page.
    Url,
    /// Words to look for.
    Search,
}

impl Input {
    fn kind(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Email => "email",
            Self::Password | Self::NewPassword => "password",
            Self::Number => "number",
            Self::Date => "date",
            Self::Url => "url",
            Self::Search => "search",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Number | Self::Date => "input short",
            Self::Text
            | Self::Email
            | Self::Password
            | Self::NewPassword
            | Self::Url
            | Self::Search => "input",
        }
    }

    fn autocomplete(self) -> Option<&'static str> {
        match self {
            Self::Email => Some("username"),
            Self::Password => Some("current-password"),
            Self::NewPassword => Some("new-password"),
            Self::Search => Some("off"),
            Self::Text | Self::Number | Self::Date | Self::Url => None,
        }
    }
}

/// A line of text.
pub fn text(field: &Field<'_>, input: Input, value: &str) -> Markup {
    let step = (input == Input::Number).then_some("any");
    field.around(&html! {
        input class=(input.class()) type=(input.kind()) id=(field.name) name=(field.name)
            value=(value) step=[step] autocomplete=[input.autocomplete()]
            aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
    })
}

/// A line of text with offers while one types; anything else may be typed as well.
pub fn suggest(field: &Field<'_>, offers: &[&str], value: &str) -> Markup {
    let list = format!("{}-offers", field.name);
    html! {
        (offered(field, &list, value))
        datalist id=(list) { @for offer in offers { option value=(offer) {} } }
    }
}

/// A line of text with the offers of a list that stands once on the page for several fields.
pub fn offered(field: &Field<'_>, list: &str, value: &str) -> Markup {
    field.around(&html! {
        input class="input" type="text" id=(field.name) name=(field.name) value=(value)
            list=(list) autocomplete="off" spellcheck="false"
            aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
    })
}

/// A file to bring along; the form around it is sent as `multipart/form-data`.
pub fn file(field: &Field<'_>) -> Markup {
    field.around(&html! {
        input class="input" type="file" id=(field.name) name=(field.name)
            aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
    })
}

/// Files to bring along, of the kinds that `accept` names.
pub fn files(field: &Field<'_>, accept: &str) -> Markup {
    field.around(&html! {
        input class="input" type="file" id=(field.name) name=(field.name) accept=(accept) multiple
            aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
    })
}

/// A folder to send with all that is in it; a browser that knows no folders offers files instead.
pub fn folder(field: &Field<'_>) -> Markup {
    field.around(&html! {
        input class="input" type="file" id=(field.name) name=(field.name) webkitdirectory multiple
            aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
    })
}

/// Several lines of text.
pub fn textarea(field: &Field<'_>, value: &str, rows: u8) -> Markup {
    field.around(&html! {
        // A browser drops the first line break of a textarea, so one of ours goes before.
        textarea class="input" id=(field.name) name=(field.name) rows=(rows)
            aria-describedby=[field.described_by()] aria-invalid=[field.invalid()] { "\n" (value) }
    })
}

/// One thing to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice<'a> {
    /// What the form sends.
    pub value: &'a str,
    /// What the reader sees.
    pub label: &'a str,
    /// What choosing it means.
    pub hint: Option<&'a str>,
}

impl<'a> Choice<'a> {
    /// A choice without a hint.
    pub fn new(value: &'a str, label: &'a str) -> Self {
        Self { value, label, hint: None }
    }
}

/// One of many, as a list that opens. An empty value as first choice stands for none.
pub fn select(field: &Field<'_>, choices: &[Choice<'_>], chosen: &str) -> Markup {
    field.around(&html! {
        select class="input" id=(field.name) name=(field.name)
            aria-describedby=[field.described_by()] aria-invalid=[field.invalid()] {
            @for choice in choices {
                option value=(choice.value) selected[choice.value == chosen] { (choice.label) }
            }
        }
    })
}

/// One of few, all in view.
pub fn radios(field: &Field<'_>, choices: &[Choice<'_>], chosen: Option<&str>) -> Markup {
    group(field, choices, "radio", |value| chosen == Some(value))
}

/// Any of few, all in view; the name is sent once for each.
pub fn checkboxes(field: &Field<'_>, choices: &[Choice<'_>], chosen: &[&str]) -> Markup {
    group(field, choices, "checkbox", |value| chosen.contains(&value))
}

fn group(
    field: &Field<'_>,
    choices: &[Choice<'_>],
    kind: &str,
    is_chosen: impl Fn(&str) -> bool,
) -> Markup {
    // The first one carries the field's id, so that the summary of errors can lead to it.
    let id = |place: usize| match place {
        0 => field.name.to_owned(),
        place => format!("{}-{place}", field.name),
    };
    html! {
        fieldset class=(field.class()) aria-describedby=[field.described_by()] {
            legend { (field.words()) }
            (field.notes())
            @for (place, choice) in choices.iter().enumerate() {
                div class="pick" {
                    input type=(kind) id=(id(place)) name=(field.name) value=(choice.value)
                        checked[is_chosen(choice.value)]
                        aria-describedby=[choice.hint.map(|_| format!("{}-choice-hint", id(place)))];
                    label for=(id(place)) { (choice.label) }
                    @if let Some(hint) = choice.hint {
                        p class="hint" id={ (id(place)) "-choice-hint" } { (hint) }
                    }
                }
            }
        }
    }
}

/// A single yes; the value sent is "yes".
pub fn checkbox(field: &Field<'_>, checked: bool) -> Markup {
    html! {
        div class=(field.class()) {
            @if let Some(error) = field.error {
                p class="error" id={ (field.name) "-error" } { (shape(Tone::Bad)) span { (line(error)) } }
            }
            div class="pick" {
                input type="checkbox" id=(field.name) name=(field.name) value="yes"
                    checked[checked] aria-describedby=[field.described_by()]
                    aria-invalid=[field.invalid()];
                label for=(field.name) { (field.label) }
                @if let Some(hint) = field.hint {
                    p class="hint" id={ (field.name) "-hint" } { (hint) }
                }
            }
        }
    }
}

/// All errors of a form, above it, each leading to its field; nothing when there is none.
pub fn error_summary(errors: &[(&str, &str)]) -> Markup {
    html! {
        @if !errors.is_empty() {
            div class="summary" role="alert" tabindex="-1" {
                h2 { "There is a problem" }
                ul { @for (name, message) in errors { li { a href={ "#" (name) } { (line(message)) } } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_points_to_its_hint_and_its_error() {
        let field = Field::new("due", "Due").hint("In days").error(Some("Enter a number of days"));
        let out = text(&field, Input::Number, "x").into_string();
        for part in [
            "for=\"due\"",
            "aria-describedby=\"due-hint due-error\"",
            "aria-invalid=\"true\"",
            "id=\"due-error\"",
        ] {
            assert!(out.contains(part), "{part} in {out}");
        }
    }

    #[test]
    fn what_was_typed_is_never_markup() {
        let out = textarea(&Field::new("note", "Note"), "</textarea><script>", 3).into_string();
        assert!(out.contains("&lt;/textarea&gt;&lt;script&gt;"), "{out}");
    }
}
