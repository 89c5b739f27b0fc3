//! What people and agents say while they work: titles, reasons, notes and evidence.

use crate::{
    company::{Past, Words},
    dice::Dice,
    path,
};
use gemba_model::{Branch, Step};

const FILES: &str = "https://files.northlight.example";
/// One in so many completed steps has a note.
const NOTES: u32 = 14;

/// Who says it, where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) past: &'a Past,
    pub(crate) slug: &'a str,
    pub(crate) number: u32,
}

impl Place<'_> {
    fn entry(&self, step: &str, branch: Option<&Branch>) -> (Option<&Words>, Option<&Words>) {
        let all = self.past.processes.get(self.slug).and_then(|story| story.steps.get(step));
        let all = all.map(Vec::as_slice).unwrap_or_default();
        let own = all.iter().find(|words| {
            let when = words.when.as_deref();
            when.zip(branch).is_some_and(|(when, branch)| path::is(branch, when))
        });
        (own, all.iter().find(|words| words.when.is_none()))
    }

    /// Why this branch.
    pub(crate) fn because(&self, step: &Step, branch: &Branch, dice: &mut Dice) -> String {
        let (own, usual) = self.entry(step.id.as_str(), Some(branch));
        let said = own.or(usual).and_then(|words| dice.pick(&words.because));
        let said = said.or_else(|| dice.pick(&self.past.because));
        self.filled(said.map_or("As described.", String::as_str), "", dice)
    }

    /// The words left as proof.
    pub(crate) fn left(
        &self,
        step: &Step,
        branch: Option<&Branch>,
        asked: &str,
        dice: &mut Dice,
    ) -> String {
        let (own, usual) = self.entry(step.id.as_str(), branch);
        let with = |words: Option<&Words>, dice: &mut Dice| {
            words.and_then(|words| dice.pick(&words.left).cloned())
        };
        match with(own, dice).or_else(|| with(usual, dice)) {
            Some(said) => self.filled(&said, "", dice),
            None => format!("Noted in the file of this run: {asked}."),
        }
    }

    /// Where the proof lies.
    pub(crate) fn link(&self, step: &Step) -> String {
        format!("{FILES}/{}/{}/{}", self.slug, self.number, step.id)
    }

    /// A remark, now and then.
    pub(crate) fn note(&self, dice: &mut Dice) -> Option<String> {
        let speaks = dice.one_in(NOTES);
        speaks.then(|| dice.pick(&self.past.notes).cloned()).flatten()
    }

    /// A text with its blanks filled in.
    pub(crate) fn filled(&self, text: &str, person: &str, dice: &mut Dice) -> String {
        if !text.contains('{') {
            return text.to_owned();
        }
        let client = dice.pick(&self.past.clients).cloned().unwrap_or_default();
        text.replace("{client}", &client)
            .replace("{person}", person)
            .replace("{number}", &(2_040 + self.number * 7 + dice.below(7)).to_string())
            .replace("{small}", &dice.between([2, 9]).to_string())
            .replace("{n}", &dice.between([8, 40]).to_string())
            .replace("{hundred}", &dice.between([110, 240]).to_string())
    }
}
