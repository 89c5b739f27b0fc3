//! Two texts side by side: what went on the left, what came on the right, with the lines around it. On a
//! narrow screen one stands below the other.

use crate::ui::act::{self, Weight};
pub(super) use gemba_app::changes::text::Piece;
use gemba_app::changes::{Block, ChangesView, State, text::words};
use maud::{Markup, html};

/// How many lines that stayed are shown around what changed.
const AROUND: usize = 3;
/// The most lines that are shown; the rest is said to be left out.
const MOST: usize = 600;

/// One line of the comparison.
enum Line<'a> {
    /// It stayed: its old and its new number, and the words.
    Same(usize, usize, &'a str),
    /// What went and what came in its place, each with its number.
    Changed(Option<(usize, &'a str)>, Option<(usize, &'a str)>),
    /// So many lines that stayed are left out here.
    Left(usize),
}

pub(super) fn compared(view: &ChangesView) -> Markup {
    let lines = lines(&view.text);
    let home = format!("/processes/{}", view.slug);
    let place = |state| match state {
        State::Revision(number) => format!("{home}/revisions/{number}"),
        State::Draft => format!("{home}/edit"),
        State::Proposal => format!("{home}/proposal"),
    };
    let (n_removed, n_added) = view
        .text
        .iter()
        .filter(|block| !block.is_same)
        .fold((0, 0), |(old, new), block| (old + block.old.len(), new + block.new.len()));
    html! {
        p class="muted small" {
            (n_removed) @if n_removed == 1 { " line" } @else { " lines" } " removed, "
            (n_added) " added. Left: " (super::name(view.from)) "; right: " (super::name(view.to)) "."
        }
        div class="diff" role="region" aria-label="The two texts compared" tabindex="0" {
            @for line in lines.iter().take(MOST) { (row(line)) }
        }
        @if lines.len() > MOST {
            p class="muted" { "The comparison goes on for " (lines.len() - MOST) " lines. Read both texts in whole:" }
            div class="buttons" {
                (act::link_button(&place(view.from), "The older text", Weight::Secondary))
                (act::link_button(&place(view.to), "The newer text", Weight::Secondary))
            }
        }
    }
}

fn row(line: &Line<'_>) -> Markup {
    html! {
        @match line {
            Line::Same(old, new, text) => {
                div class="diff-row" {
                    div class="diff-side old" { span class="diff-n" aria-hidden="true" { (old) } span class="diff-words" { (text) } }
                    // The same words again for the eye that compares; they are read out once.
                    div class="diff-side again" aria-hidden="true" { span class="diff-n" { (new) } span class="diff-words" { (text) } }
                }
            }
            Line::Changed(old, new) => {
                @let (was, is) = match (old, new) {
                    (Some((_, old)), Some((_, new))) => words(old, new),
                    (old, new) => (whole(old.map(|o| o.1)), whole(new.map(|n| n.1))),
                };
                div class="diff-row" {
                    @match old {
                        Some((number, _)) => {
                            del class="diff-side old" {
                                span class="diff-n" aria-hidden="true" { (number) } span class="hush" { "Removed: " }
                                span class="diff-words" { (pieces(&was)) }
                            }
                        }
                        None => div class="diff-side none" {},
                    }
                    @match new {
                        Some((number, _)) => {
                            ins class="diff-side new" {
                                span class="diff-n" aria-hidden="true" { (number) } span class="hush" { "Added: " }
                                span class="diff-words" { (pieces(&is)) }
                            }
                        }
                        None => div class="diff-side none" {},
                    }
                }
            }
            Line::Left(1) => p class="diff-left" { "1 line that stayed" },
            Line::Left(n) => p class="diff-left" { (n) " lines that stayed" },
        }
    }
}

fn whole(text: Option<&str>) -> Vec<Piece> {
    let piece = |text: &str| Piece { text: text.to_owned(), differs: false };
    text.map(piece).into_iter().collect()
}

/// The pieces of a line; those that differ are marked where the line is not new as a whole.
pub(super) fn pieces(pieces: &[Piece]) -> Markup {
    let some_stay = pieces.iter().any(|piece| !piece.differs);
    html! {
        @for piece in pieces {
            @if piece.differs && some_stay { mark { (piece.text) } } @else { (piece.text) }
        }
    }
}

fn lines(blocks: &[Block]) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let last = blocks.len().saturating_sub(1);
    for (at, block) in blocks.iter().enumerate() {
        if !block.is_same {
            let n = block.old.len().max(block.new.len());
            let side =
                |lines: &'_ [String], first: usize, i: usize| lines.get(i).map(|_| first + i);
            for i in 0..n {
                let old =
                    side(&block.old, block.old_line, i).zip(block.old.get(i).map(String::as_str));
                let new =
                    side(&block.new, block.new_line, i).zip(block.new.get(i).map(String::as_str));
                lines.push(Line::Changed(old, new));
            }
            continue;
        }
        let n = block.old.len();
        let (before, after) =
            (if at == 0 { 0 } else { AROUND }, if at == last { 0 } else { AROUND });
        let is_left = |i: usize| n > before + after + 1 && i >= before && i < n - after;
        let n_left = (0..n).filter(|i| is_left(*i)).count();
        for (i, text) in block.old.iter().enumerate() {
            if !is_left(i) {
                lines.push(Line::Same(block.old_line + i, block.new_line + i, text));
            } else if i == before {
                lines.push(Line::Left(n_left));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use gemba_app::changes::text::blocks;

    #[test]
    fn three_lines_around_a_change_are_shown_and_the_rest_is_counted() {
        let old: String = (1..=20).map(|n| n.to_string() + "\n").collect();
        let new = old.replace("\n10\n", "\nten\n");
        let blocks = blocks(&old, &new);
        let shown: Vec<String> = lines(&blocks)
            .iter()
            .map(|line| match line {
                Line::Same(old, new, text) => format!("{old} {new} {text}"),
                Line::Changed(old, new) => format!("{old:?} {new:?}"),
                Line::Left(n) => format!("({n})"),
            })
            .collect();
        assert_eq!(
            shown,
            [
                "(6)",
                "7 7 7",
                "8 8 8",
                "9 9 9",
                "Some((10, \"10\")) Some((10, \"ten\"))",
                "11 11 11",
                "12 12 12",
                "13 13 13",
                "(7)",
            ]
        );
    }
}
