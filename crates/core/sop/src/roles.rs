//! What the short names of a document stand for: "IC" for "Incident Commander".
//!
//! Only what the document itself says in full counts: "Incident Commander (IC)", "IC: Incident
//! Commander", a row of a table of roles. The letters must be the initials of the words, so that a
//! remark in brackets is never taken for a short form.

use crate::actor;
use crate::block::{Block, Kind, Piece};
use crate::draft::Draft;
use crate::inline::plain;
use crate::lexicon::Lexicon;
use crate::outline::Section;
use crate::seat;
use gemba_model::{SeatSource, StepSeat};
use std::collections::BTreeMap;

/// The most short forms that are kept of a document.
const MAX: usize = 200;

/// Full names by their short forms.
#[derive(Debug, Default)]
pub(crate) struct Roles {
    full: BTreeMap<String, String>,
    /// The names of the seats that the workspace or a list of roles knows, by what they are called in
    /// small letters; nothing where two are called so.
    people: BTreeMap<String, Option<String>>,
}

/// Words of a heading over a list of seats.
const LISTS: Lexicon = Lexicon::new(&[
    "roles",
    "responsibilities",
    "responsibility",
    "people",
    "participants",
    "who is who",
    "who does what",
    "actors",
    "staff",
    "positions",
    "seats",
]);

impl Roles {
    /// The short forms that the text of a document explains, and the seats that it lists beside those
    /// that are `known`.
    pub(crate) fn of(sections: &[Section<'_>], known: &[&str]) -> Self {
        let mut roles = Self::default();
        for name in known {
            roles.person(name);
        }
        for section in sections.iter().filter(|s| LISTS.said_in(&s.words).is_some()) {
            for block in section.blocks {
                for name in listed(block) {
                    roles.person(&name);
                }
            }
        }
        for section in sections {
            if let Some(heading) = section.heading {
                roles.bracketed(heading.plain());
            }
            let mut stack: Vec<&Block> = section.blocks.iter().rev().collect();
            while let Some(block) = stack.pop() {
                match block.kind {
                    Kind::Para | Kind::Cell => roles.said(block),
                    Kind::Row => {
                        if let [short, full, ..] = block.children.as_slice() {
                            roles.pair(short.plain(), full.plain());
                            roles.pair(full.plain(), short.plain());
                        }
                        stack.extend(block.children.iter().rev());
                    }
                    Kind::Code | Kind::Html => {}
                    _ => stack.extend(block.children.iter().rev()),
                }
            }
        }
        // "The IC" is the one whose duties stand under "Incident Commander".
        for section in sections.iter().filter(|s| s.heading.is_some()) {
            let seat = crate::listing::seat_of_heading(section.title).map(|seat| seat.name);
            let name = seat.as_deref().unwrap_or(crate::outline::without_number(section.title));
            if name.split_whitespace().count() > 1 && actor::is_only_a_seat(name) {
                let initials = name.split([' ', '-']).filter_map(|word| word.chars().next());
                let short: String = initials.filter(char::is_ascii_uppercase).collect();
                roles.keep(&short, name);
            }
        }
        roles
    }

    /// Keeps the name of a seat, and the same without the noun of the role: "on-call" for "On-call engineer".
    fn person(&mut self, name: &str) {
        let name = seat::tidy(name);
        let few = (1..=4).contains(&name.split_whitespace().count());
        let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '&' | '/'));
        let nobody = seat::is_nobody(&name) || seat::is_blank(&name) || seat::is_channel(&name);
        if !few || !plain || nobody || self.people.len() >= MAX {
            return;
        }
        let short = name.rsplit_once(' ').filter(|_| actor::names_a_role(&name));
        if let Some((short, _)) = short {
            let known =
                self.people.entry(short.to_lowercase()).or_insert_with(|| Some(name.clone()));
            if known.as_ref().is_some_and(|known| !known.eq_ignore_ascii_case(&name)) {
                *known = None;
            }
        }
        self.people.insert(name.to_lowercase(), Some(name));
    }

    /// Gives a step and its parts the seat that its title begins with, where nothing plainer names one:
    /// "The packer packs it" where there is a seat "Packer".
    pub(crate) fn seat(&self, draft: &mut Draft) {
        if draft.step.seat.is_none()
            && let Some((name, written)) = self.doer(&draft.step.title)
        {
            let mut seat = StepSeat::new(name.to_owned(), SeatSource::Sentence, None);
            seat.written = (written != name).then_some(written);
            draft.step.seat = Some(seat);
        }
        for part in &mut draft.parts {
            self.seat(part);
        }
    }

    /// The known seat that does what a sentence says, and how it is called there.
    fn doer(&self, text: &str) -> Option<(&str, String)> {
        if self.people.is_empty() {
            return None;
        }
        let words: Vec<&str> = text.split_whitespace().take(8).collect();
        let article =
            words.first().is_some_and(|w| matches!(*w, "The" | "the" | "A" | "An" | "Our"));
        let words = words.get(usize::from(article)..)?;
        (1..words.len().min(5)).rev().find_map(|count| {
            let written = words.get(..count)?.join(" ");
            let name = self.people.get(&written.to_lowercase())?.as_deref()?;
            actor::acts_at(words, count).then_some((name, written))
        })
    }

    fn said(&mut self, block: &Block) {
        let text = block.plain();
        self.bracketed(text);
        // "IC: Incident Commander", "PM - the project manager", a line each.
        let lines = block.inline.split(|i| i.piece == Piece::Break);
        for line in lines.map(plain) {
            // Whatever the mark, the short form would be the first word.
            let first = line.split_whitespace().next().unwrap_or_default();
            if !actor::is_short_form(first.strip_suffix(':').unwrap_or(first)) {
                continue;
            }
            for mark in [": ", " - ", " – ", " — ", " = ", " stands for ", " means "] {
                if let Some((short, full)) = line.split_once(mark) {
                    self.pair(short, full);
                    break;
                }
            }
        }
    }

    /// "Incident Commander (IC)" and "IC (Incident Commander)" wherever they stand.
    fn bracketed(&mut self, text: &str) {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('(') {
            let Some((inside, behind)) = after.split_once(')') else { return };
            let single = inside.strip_suffix('s').unwrap_or(inside);
            if actor::is_short_form(single) {
                let words: Vec<&str> = before.split_whitespace().collect();
                let letters = single.chars().filter(char::is_ascii_uppercase).count();
                // Small words between the capitals have no letter in the short form.
                for count in letters..=letters + 2 {
                    let from = words.len().saturating_sub(count);
                    let full = words.get(from..).unwrap_or_default().join(" ");
                    if words.len() >= count && self.keep(single, &full) {
                        break;
                    }
                }
            } else if let Some(short) = before.split_whitespace().next_back() {
                self.keep(short, inside);
            }
            rest = behind;
        }
    }

    fn pair(&mut self, short: &str, full: &str) {
        let cut = full.find([',', '.', ';', '(', ':']).unwrap_or(full.len());
        let full = full.get(..cut).unwrap_or_default();
        let full = full.trim_start_matches("the ").trim_start_matches("The ");
        self.keep(short.trim(), full);
    }

    /// Keeps a short form if its letters are the initials of the words.
    fn keep(&mut self, short: &str, full: &str) -> bool {
        if !actor::is_short_form(short) || self.full.len() >= MAX {
            return false;
        }
        let full = full.trim();
        let fits = stands_for(short, full);
        if fits {
            // "COs" are "Contracting Officers": one of them is the seat.
            let single = full.strip_suffix('s').filter(|s| !s.ends_with('s')).unwrap_or(full);
            let singular = if actor::names_a_role(single) { single } else { full };
            self.full.entry(short.to_owned()).or_insert_with(|| singular.to_owned());
        }
        fits
    }

    /// The full name, where a name is a short form that the document explains.
    pub(crate) fn full(&self, name: &str) -> Option<&str> {
        let single = name.strip_suffix('s').unwrap_or(name);
        self.full.get(name).or_else(|| self.full.get(single)).map(String::as_str)
    }

    /// Gives the seats of a step and its parts their full names; what was written is kept beside.
    pub(crate) fn name(&self, draft: &mut Draft) {
        if self.full.is_empty() {
            return;
        }
        if let Some(seat) = &mut draft.step.seat
            && let Some(full) = self.full(&seat.name)
        {
            seat.written = Some(std::mem::replace(&mut seat.name, full.to_owned()));
        }
        for name in &mut draft.step.handoff_to {
            if let Some(full) = self.full(name) {
                full.clone_into(name);
            }
        }
        for part in &mut draft.parts {
            self.name(part);
        }
    }
}

/// The names that open the items of a list or the rows of a table.
fn listed(block: &Block) -> Vec<String> {
    let lead = |para: &Block| {
        let text = para.plain();
        let marks = [": ", " - ", " – ", " — ", " ("];
        let cut = marks.iter().filter_map(|mark| text.find(mark)).min();
        let name = cut.and_then(|at| text.get(..at)).unwrap_or(text).trim_end_matches([':', '.']);
        (!crate::verbs::is_act(name) || actor::names_a_role(name)).then(|| name.to_owned())
    };
    match block.kind {
        Kind::List(_) => block
            .children
            .iter()
            .filter_map(|item| item.children.first())
            .filter_map(lead)
            .collect(),
        Kind::Table => {
            let rows = block.children.iter().skip(1);
            rows.filter_map(|row| row.children.first()).filter_map(lead).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a short form is the initials of several words.
pub(crate) fn stands_for(short: &str, full: &str) -> bool {
    let initial = |word: &str| word.chars().next().map(|c| c.to_ascii_uppercase());
    let small = |word: &&str| !matches!(*word, "of" | "the" | "and" | "for" | "&");
    let of_words: String =
        full.split([' ', '-']).filter(|w| small(w)).filter_map(initial).collect();
    let letters: String = short.chars().filter(char::is_ascii_uppercase).collect();
    !letters.is_empty() && of_words == letters && full.split_whitespace().count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{block, outline};

    #[track_caller]
    fn check(text: &str, short: &str, expected: Option<&str>) {
        let tree = block::read(text, 0);
        let roles = Roles::of(&outline::sections(&tree.blocks), &[]);
        assert_eq!(roles.full(short), expected, "{text}");
    }

    #[test]
    fn a_short_form_is_explained_by_its_initials() {
        check("The Incident Commander (IC) decides.", "IC", Some("Incident Commander"));
        check("Ask the PM (project manager) first.", "PM", Some("project manager"));
        check(
            "- **QMO**: Quality Management Officer, who signs",
            "QMO",
            Some("Quality Management Officer"),
        );
        check(
            "| Role | Name |\n|---|---|\n| DM | Delivery Manager |",
            "DM",
            Some("Delivery Manager"),
        );
        check("Contracting Officers (COs) sign.", "CO", Some("Contracting Officer"));
        check("The Head of Sales (HS) signs.", "HS", Some("Head of Sales"));
        check("Send it by post (UPS).", "UPS", None);
        check("The budget (IT) is small.", "IT", None);
        check("PM writes it.", "PM", None);
        check("## Incident Commander\n\nThe IC decides.", "IC", Some("Incident Commander"));
        check("## Steps for Duty Officer\n\nThe DO decides.", "DO", Some("Duty Officer"));
        check("## Closing Remarks\n\nThe CR decides.", "CR", None);
    }
}
