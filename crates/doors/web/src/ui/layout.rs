//! The frame of every page: landmarks, navigation, who is here, and the head of the page.

use super::{
    act::{Weight, button, csrf, hidden},
    badge::Tone,
    holder::{HolderKind, avatar},
    icon::{Icon, icon},
    notice,
};
use crate::assets;
use maud::{DOCTYPE, Markup, html};

/// The part of the product a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What the one who looks must do next.
    MyWork,
    /// What is written.
    Processes,
    /// What is in force, to be looked up.
    Handbook,
    /// What goes on.
    Runs,
    /// Who is accountable.
    Team,
    /// Whether it is working.
    Scorecard,
    /// What is exposed.
    Audit,
    /// Accounts, tokens, workspace.
    Settings,
}

impl Part {
    /// All of them, in the order shown.
    pub const ALL: [Self; 8] = [
        Self::MyWork,
        Self::Processes,
        Self::Handbook,
        Self::Runs,
        Self::Team,
        Self::Scorecard,
        Self::Audit,
        Self::Settings,
    ];
    /// Those in the bar of a narrow screen.
    const FIRST: [Self; 4] = [Self::MyWork, Self::Processes, Self::Runs, Self::Team];
    /// Those behind "More" there.
    const REST: [Self; 4] = [Self::Handbook, Self::Scorecard, Self::Audit, Self::Settings];

    /// Its name in the navigation.
    pub fn name(self) -> &'static str {
        match self {
            Self::MyWork => "My work",
            Self::Processes => "Processes",
            Self::Handbook => "Handbook",
            Self::Runs => "Runs",
            Self::Team => "Team",
            Self::Scorecard => "Scorecard",
            Self::Audit => "Audit",
            Self::Settings => "Settings",
        }
    }

    /// Its address.
    pub fn href(self) -> &'static str {
        match self {
            Self::MyWork => "/",
            Self::Processes => "/processes",
            Self::Handbook => "/handbook",
            Self::Runs => "/runs",
            Self::Team => "/seats",
            Self::Scorecard => "/scorecard",
            Self::Audit => "/audit",
            Self::Settings => "/settings",
        }
    }

    /// The key that follows `g`.
    fn key(self) -> &'static str {
        match self {
            Self::MyWork => "w",
            Self::Processes => "p",
            Self::Handbook => "h",
            Self::Runs => "r",
            Self::Team => "t",
            Self::Scorecard => "s",
            Self::Audit => "a",
            Self::Settings => ",",
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::MyWork => Icon::Work,
            Self::Processes => Icon::Process,
            Self::Handbook => Icon::Document,
            Self::Runs => Icon::Run,
            Self::Team => Icon::Team,
            Self::Scorecard => Icon::Scorecard,
            Self::Audit => Icon::Audit,
            Self::Settings => Icon::Settings,
        }
    }
}

/// Light, dark, or what the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// What the system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// All of them, in the order shown.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word in the cookie `theme` and in the form.
    pub fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a word; anything unknown is the system's.
    pub fn of_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.word() == word).unwrap_or_default()
    }

    fn label(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light | Self::Dark => Some(self.word()),
        }
    }
}

/// How much room a page takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// A column at reading width: documents, forms, lists.
    Reading,
    /// Maps and tables.
    Wide,
    /// The whole window: the editor.
    Full,
}

/// What all pages of one visit share.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The workspace's name.
    pub workspace: &'a str,
    /// The name of the one who looks.
    pub who: &'a str,
    /// Their role in a word.
    pub role: &'a str,
    /// The token of the forms.
    pub csrf: &'a str,
    /// The theme chosen.
    pub theme: Theme,
    /// The address of this page, to come back to after a change of theme.
    pub here: &'a str,
    /// How many steps wait for the one who looks.
    pub waiting: usize,
    /// What came of the act before.
    pub flash: Option<(Tone, &'a str)>,
}

/// A whole page; the body begins with [`head`].
pub fn page(
    frame: &Frame<'_>,
    title: &str,
    part: Option<Part>,
    width: Width,
    body: &Markup,
) -> Markup {
    let class = match width {
        Width::Reading => "page",
        Width::Wide => "page wide",
        Width::Full => "page wide editing",
    };
    let content = html! {
        a class="skip" href="#main" { "Skip to the content" }
        div class="frame" {
            (side(frame, part))
            main class=(class) id="main" tabindex="-1" {
                @if let Some((tone, words)) = frame.flash { (notice::flash(tone, words)) }
                (body)
            }
        }
    };
    document(&format!("{title} · {}", frame.workspace), frame.theme, true, &content)
}

/// A page without navigation: signing in, an error before it.
pub fn plain_page(title: &str, theme: Theme, body: &Markup) -> Markup {
    let content = html! {
        div class="plain" {
            main id="main" {
                div class="plain-name" { (mark()) "Gemba" }
                (body)
            }
        }
    };
    document(&format!("{title} · Gemba"), theme, false, &content)
}

fn document(title: &str, theme: Theme, palette: bool, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" data-theme=[theme.attribute()] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="same-origin";
                meta name="htmx-config" content="includeIndicatorCSS:false";
                title { (title) }
                @for sheet in ["fonts.css", "app.css", "map.css"] {
                    @if let Some(href) = assets::address(sheet) { link rel="stylesheet" href=(href); }
                }
                @if let Some(href) = assets::address("mark.svg") {
                    link rel="icon" type="image/svg+xml" href=(href);
                }
                @if let Some(src) = assets::address("app.js") { script src=(src) defer {} }
            }
            body data-palette=[palette.then_some("/palette.json")] { (content) }
        }
    }
}

/// The sign of the product: a step, a decision, and the way between them.
fn mark() -> Markup {
    html! {
        svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="2"
            stroke-linejoin="round" aria-hidden="true" focusable="false" {
            rect x="2" y="2" width="7" height="7" rx="1.5" {}
            path d="M5.5 9v5.5H9" {}
            path d="m13.5 10 4.5 4.5-4.5 4.5L9 14.5z" fill="currentColor" stroke="none" {}
        }
    }
}

fn side(frame: &Frame<'_>, part: Option<Part>) -> Markup {
    html! {
        header class="side" {
            a class="side-name" href="/" { (mark()) (frame.workspace) }
            a class="side-find" href="/search" data-open-palette {
                (icon(Icon::Search)) "Find anything" kbd { "Ctrl K" }
            }
            nav aria-label="Main" {
                ul class="side-main" {
                    @for entry in Part::FIRST { li { (entry_link(frame, entry, part)) } }
                    li class="side-more" {
                        button class="side-link" type="button" popovertarget="side-rest" {
                            (icon(Icon::Menu)) "More"
                        }
                    }
                }
                // A popover where the screen is narrow, plainly there where it is wide.
                div class="side-rest" id="side-rest" popover {
                    ul {
                        li class="side-seek" {
                            a class="side-link" href="/search" data-open-palette {
                                (icon(Icon::Search)) "Find anything"
                            }
                        }
                        @for entry in Part::REST { li { (entry_link(frame, entry, part)) } }
                    }
                    div class="side-foot" { (person(frame)) }
                }
            }
        }
    }
}

fn entry_link(frame: &Frame<'_>, entry: Part, part: Option<Part>) -> Markup {
    let here = part == Some(entry);
    html! {
        a class="side-link" href=(entry.href()) aria-current=[here.then_some("page")]
            data-key=(entry.key()) data-name=(entry.name()) {
            (icon(entry.icon()))
            span { (entry.name()) }
            @if entry == Part::MyWork && frame.waiting > 0 {
                span class="count" { (frame.waiting) span class="hush" { " waiting" } }
            }
        }
    }
}

fn person(frame: &Frame<'_>) -> Markup {
    html! {
        details class="menu" {
            summary {
                (avatar(frame.who, HolderKind::Person))
                span class="menu-who" {
                    span { (frame.who) }
                    span class="muted small" { (frame.role) }
                }
            }
            div class="menu-box" {
                form method="post" action="/theme" data-theme-form {
                    (csrf(frame.csrf))
                    (hidden("back", frame.here))
                    div class="choice" role="group" aria-label="Theme" {
                        @for theme in Theme::ALL {
                            button type="submit" name="theme" value=(theme.word())
                                aria-pressed=(theme == frame.theme) { (theme.label()) }
                        }
                    }
                }
                form method="post" action="/sign-out" {
                    (csrf(frame.csrf))
                    (button("Sign out", Weight::Quiet))
                }
            }
        }
    }
}

/// The way back up: names and addresses, outermost first, without the page itself.
pub fn breadcrumbs(trail: &[(&str, &str)]) -> Markup {
    html! {
        nav class="crumbs" aria-label="Breadcrumbs" {
            ol { @for (name, href) in trail { li { a href=(href) { (name) } } } }
        }
    }
}

/// The head of a page: its one first-rank heading, what is so about it, what can be done.
pub fn head(title: &str, lead: Option<&str>, facts: &[Markup], acts: &[Markup]) -> Markup {
    html! {
        div class="head" {
            div class="head-words" {
                h1 { (title) }
                @if let Some(lead) = lead { p class="head-lead" { (lead) } }
                @if !facts.is_empty() {
                    div class="head-facts" { @for fact in facts { span { (fact) } } }
                }
            }
            @if !acts.is_empty() { div class="head-acts" { @for act in acts { (act) } } }
        }
    }
}

/// A part of a page under a second-rank heading; the note stands beside it.
pub fn section(title: &str, note: Option<&str>, body: &Markup) -> Markup {
    html! {
        section class="section" {
            div class="section-head" {
                h2 { (title) }
                @if let Some(note) = note { span class="section-note" { (note) } }
            }
            (body)
        }
    }
}

/// The content with a panel beside it (who, when, versions); below it where it is narrow.
pub fn beside(content: &Markup, label: &str, panel: &Markup) -> Markup {
    html! {
        div class="beside" {
            div { (content) }
            aside aria-label=(label) { (panel) }
        }
    }
}

/// One view of the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tab<'a> {
    /// Its name.
    pub label: &'a str,
    /// Its address.
    pub href: &'a str,
    /// How many things it holds.
    pub count: Option<usize>,
    /// Whether it is the one in view.
    pub current: bool,
}

/// The views of one thing, as links.
pub fn tabs(label: &str, tabs: &[Tab<'_>]) -> Markup {
    html! {
        nav class="tabs" aria-label=(label) {
            ul {
                @for tab in tabs {
                    li {
                        a href=(tab.href) aria-current=[tab.current.then_some("page")] {
                            (tab.label)
                            @if let Some(count) = tab.count { span class="count" { (count) } }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame<'static> {
        Frame {
            workspace: "Northlight",
            who: "Ada Lovelace",
            role: "owner",
            csrf: "token",
            theme: Theme::Dark,
            here: "/audit",
            waiting: 3,
            flash: None,
        }
    }

    #[test]
    fn a_page_runs_nothing_of_its_own() {
        let body = head("Audit", None, &[], &[]);
        let out = page(&frame(), "Audit", Some(Part::Audit), Width::Wide, &body).into_string();
        for banned in [" style=", " onclick=", "javascript:", "<style"] {
            assert!(!out.contains(banned), "{banned}");
        }
        let scripts = out.matches("<script").count();
        assert_eq!(scripts, out.matches("<script src=\"/assets/").count());
        assert_eq!(out.matches("<h1>").count(), 1);
        assert_eq!(out.matches("aria-current=\"page\"").count(), 1);
        assert!(out.contains("data-theme=\"dark\""));
    }

    #[test]
    fn an_unknown_theme_is_the_system_s() {
        for (word, theme) in
            [("dark", Theme::Dark), ("light", Theme::Light), ("\"x", Theme::System)]
        {
            assert_eq!(Theme::of_word(word), theme);
        }
    }
}
