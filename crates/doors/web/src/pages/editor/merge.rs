//! Two who wrote at once: what each changed, to be brought together by hand. Nothing is overwritten.

use super::{Opened, again};
use crate::{
    gate::Sent,
    refusal::{Fault, Refusal},
    ui::{
        act::{self, Weight},
        badge::Tone,
        field,
        layout::{self, Part, Width},
        moment, notice,
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{extract::Path, http::StatusCode, response::Response};
use gemba_app::{
    Error,
    merging::{self, By, Changed, Choice, Piece},
    processes::{self, DraftView},
};
use maud::{Markup, html};

/// How many lines that all have are shown around a change.
const CONTEXT: usize = 3;

/// A text that was made from `base`, while the stored one became another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rival<'a> {
    pub(super) base: &'a str,
    pub(super) mine: &'a str,
}

type Fields = Vec<(String, String)>;

fn value<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
}

fn text(fields: &Fields, name: &str) -> String {
    value(fields, name).unwrap_or_default().replace("\r\n", "\n")
}

/// What was chosen for the changed piece with this number.
fn choice(fields: &Fields, n: usize) -> Option<Choice> {
    match value(fields, &format!("choice-{n}"))? {
        "mine" => Some(Choice::Mine),
        "theirs" => Some(Choice::Theirs),
        "both" => Some(Choice::Both),
        "words" => Some(Choice::Words(text(fields, &format!("words-{n}")))),
        _ => None,
    }
}

/// Saves what was chosen, or opens it in the editor.
pub(super) async fn settle(Path(slug): Path<String>, Sent { visit, form }: Sent<Fields>) -> Answer {
    let (base, mine) = (text(&form, "base"), text(&form, "mine"));
    let version: i64 = value(&form, "version").and_then(|v| v.parse().ok()).unwrap_or(0);
    let stored = processes::draft(&visit.app, &visit.who, &slug).await?;
    let rival = Rival { base: &base, mine: &mine };
    if stored.version != version {
        let fault = Fault::new("choice-0", "The stored text changed once more. Look at it again.");
        return Ok(page(&visit, &stored, rival, &form, Some(&fault)));
    }
    let pieces = merging::pieces(&base, &mine, &stored.source);
    let n = pieces.iter().filter(|piece| matches!(piece, Piece::Changed(_))).count();
    let choices: Vec<Option<Choice>> = (0..n).map(|n| choice(&form, n)).collect();
    let Some(merged) = merging::settled(&pieces, &choices) else {
        let fault = Fault::new("choice-0", "Choose for each place that both of you changed.");
        return Ok(page(&visit, &stored, rival, &form, Some(&fault)));
    };
    if value(&form, "act") == Some("open") {
        let opened = Opened { version, base: stored.source.clone() };
        let said = "This is the merged text. Look at it, then save the draft.";
        return again(&visit, &slug, opened, &merged, Some(said)).await;
    }
    match processes::save_draft(&visit.app, &visit.who, &slug, merged, version).await {
        Ok(_) => Ok(go(&format!("/processes/{slug}/edit"), Done::Merged)),
        Err(Error::Changed { .. }) => {
            let stored = processes::draft(&visit.app, &visit.who, &slug).await?;
            let says = "The stored text changed once more. Look at it again.";
            Ok(page(&visit, &stored, rival, &form, Some(&Fault::new("choice-0", says))))
        }
        Err(other) => Err(Refusal::App(other)),
    }
}

/// The page on which two texts are brought together.
pub(super) fn page(
    visit: &Visit,
    stored: &DraftView,
    rival: Rival<'_>,
    fields: &Fields,
    fault: Option<&Fault>,
) -> Response {
    let home = format!("/processes/{}", stored.slug);
    let pieces = merging::pieces(rival.base, rival.mine, &stored.source);
    let both = pieces.iter().filter(|p| matches!(p, Piece::Changed(c) if c.by == By::Both)).count();
    let title = format!("Two texts of {}", stored.checked.process.title);
    let other = if stored.by == visit.who.name { "You, in another window," } else { &stored.by };
    let body = html! {
        (super::crumbs(stored, &home))
        (layout::head(&title, None, &[], &[]))
        (field::error_summary(&Fault::all(fault)))
        (notice::banner(Tone::Warn, &html! {
            (other) " saved this draft " (moment::time(stored.at, visit.now, &visit.zone))
            ", after you opened it. Nothing was overwritten. "
            @match both {
                0 => "You changed different places, so both fit together: look at them, then save.",
                1 => "You both changed one place: choose what it says.",
                _ => "You both changed the same places: choose what each says.",
            }
        }, None))
        form class="merge" method="post" action={ (home) "/merge" } data-merge {
            (act::csrf(&visit.csrf))
            (act::hidden("version", &stored.version.to_string()))
            textarea name="base" hidden { "\n" (rival.base) }
            textarea name="mine" hidden { "\n" (rival.mine) }
            (told(&pieces, &stored.by, fields))
            div class="buttons" {
                (act::value_button("Save the merged text", Weight::Primary, "act", "save"))
                (act::value_button("Open it in the editor", Weight::Secondary, "act", "open"))
                (act::link_button(&format!("{home}/edit"), "Leave mine and edit theirs", Weight::Quiet))
            }
        }
    };
    let status =
        if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
    visit.page_with(status, &title, Some(Part::Processes), Width::Wide, &body)
}

fn told(pieces: &[Piece], them: &str, fields: &Fields) -> Markup {
    let last = pieces.len().saturating_sub(1);
    let mut numbers = 0..;
    html! {
        @for (at, piece) in pieces.iter().enumerate() {
            @match piece {
                Piece::Same(text) => (same(text, at > 0, at < last)),
                Piece::Changed(changed) => {
                    (place(numbers.next().unwrap_or_default(), changed, them, fields))
                }
            }
        }
    }
}

/// Lines that nobody changed: those beside a change are shown, the others counted.
fn same(text: &str, is_after: bool, is_before: bool) -> Markup {
    let lines: Vec<&str> = text.lines().collect();
    let head = if is_after { CONTEXT } else { 0 };
    let tail = if is_before { CONTEXT } else { 0 };
    let hidden = lines.len().saturating_sub(head + tail);
    let shown = |from: usize, to: usize| lines.get(from..to).unwrap_or_default().join("\n");
    html! {
        @if hidden < 2 {
            pre class="merge-same" { (shown(0, lines.len())) }
        } @else {
            @if head > 0 { pre class="merge-same" { (shown(0, head)) } }
            p class="muted small" { (super::count(hidden, "line")) " that nobody changed" }
            @if tail > 0 { pre class="merge-same" { (shown(lines.len() - tail, lines.len())) } }
        }
    }
}

/// One place that was changed, with what can become of it.
fn place(n: usize, changed: &Changed, them: &str, fields: &Fields) -> Markup {
    let name = format!("choice-{n}");
    let chosen = value(fields, &name).or(match changed.by {
        By::Me => Some("mine"),
        By::Them => Some("theirs"),
        By::Both => None,
    });
    let legend = match changed.by {
        By::Me => "You changed this".to_owned(),
        By::Them => format!("{them} changed this"),
        By::Both => format!("You and {them} both changed this"),
    };
    let take = format!("Take what {them} wrote");
    let leave = format!("Leave it as {them} has it");
    let options: Vec<(&str, &str)> = match changed.by {
        By::Me => vec![("mine", "Keep my change"), ("theirs", &leave)],
        By::Them => vec![("theirs", &take), ("mine", "Leave it as I have it")],
        By::Both => vec![
            ("mine", "Keep what I wrote"),
            ("theirs", &take),
            ("both", "Both, mine first"),
            ("words", "Other words:"),
        ],
    };
    let words = value(fields, &format!("words-{n}")).unwrap_or(&changed.mine);
    html! {
        fieldset class={ "merge-place" @if changed.by == By::Both { " both" } } id=(name) {
            legend { (legend) }
            div class="merge-texts" {
                @if changed.by == By::Both || changed.by == By::Me {
                    (side("Mine", &changed.base, &changed.mine))
                }
                @if changed.by == By::Both || changed.by == By::Them {
                    (side(them, &changed.base, &changed.theirs))
                }
            }
            div class="merge-choices" {
                @for (value, label) in options {
                    label {
                        input type="radio" name=(name) value=(value) checked[chosen == Some(value)];
                        " " (label)
                    }
                }
                @if changed.by == By::Both {
                    textarea class="input" name={ "words-" (n) } rows="3"
                        aria-label={ "Other words for place " (n + 1) } { "\n" (words) }
                }
            }
        }
    }
}

/// What one side has in a place, and what stood there before.
fn side(who: &str, before: &str, now: &str) -> Markup {
    html! {
        div class="merge-side" {
            p class="small muted" { (who) }
            pre {
                @if !before.is_empty() && before != now { del { span class="hush" { "Before: " } (before) } }
                @if now.is_empty() { em { "(taken out)" } } @else { ins { span class="hush" { "Now: " } (now) } }
            }
        }
    }
}

/// The answer of a save in the background: what became of it, in words and for the script.
pub(super) fn kept(visit: &Visit, version: i64, at: jiff::Timestamp) -> Markup {
    let time = at.to_zoned(visit.zone.clone()).strftime("%H:%M").to_string();
    html! { p data-kept data-version=(version) { "Saved " (time) } }
}

/// The same where somebody else saved first.
pub(super) fn overtaken(visit: &Visit, stored: &DraftView) -> Markup {
    let time = stored.at.to_zoned(visit.zone.clone()).strftime("%H:%M").to_string();
    let who = if stored.by == visit.who.name { "You, in another window," } else { &stored.by };
    html! {
        p data-overtaken data-version=(stored.version) {
            (who) " saved this draft at " (time) ", after you opened it. Nothing was overwritten: your \
             text is here and kept on this device."
        }
    }
}
