//! The acts on steps: what the editor's form asks for, and the choices it offers.

use crate::ui::{
    act::{Weight, value_button},
    editor::FORM,
    field::{self, Choice, Field, Input},
};
use gemba_app::{
    processes::Checked,
    writing::{Change, Spot},
};
use maud::{Markup, html};

/// An act on a step: its word in the form, its name, its key after Ctrl J.
pub(super) struct Act {
    word: &'static str,
    name: &'static str,
    key: &'static str,
}

const fn act(word: &'static str, name: &'static str, key: &'static str) -> Act {
    Act { word, name, key }
}

const AFTER: Act = act("step-after", "Insert step after", "s");
/// Acts that need nothing more than the step.
const PLAIN: [Act; 3] = [
    act("step-before", "Insert step before", "b"),
    act("step-up", "Move step up", "ArrowUp"),
    act("step-down", "Move step down", "ArrowDown"),
];
/// Acts that put words into the step.
const ADDING: [Act; 4] = [
    act("add-decision", "Add decision", "d"),
    act("add-handoff", "Add handoff", "h"),
    act("add-evidence", "Add evidence", "e"),
    act("add-due", "Add due time", "t"),
];

/// The word for the end of the process among the steps a decision may lead to.
const END: &str = "(end)";

/// What is asked for; `None` where the act is none of these.
pub(super) fn change_of(act: &str, words: &str, at: &str, to: &str) -> Option<Change> {
    let words = words.trim().to_owned();
    // A decision does not lead into another process: there no step is meant.
    let aim = || {
        let aim = Spot::of(to);
        if aim.nth == Spot::of(at).nth { aim.step } else { Spot::of(END).step }
    };
    Some(match act {
        "step-before" => Change::Before(words),
        "step-after" => Change::After(words),
        "step-up" => Change::Up,
        "step-down" => Change::Down,
        "add-decision" => {
            Change::Decision { condition: words, to: (to != END && !to.is_empty()).then(aim) }
        }
        "add-handoff" => Change::Handoff(words),
        "add-evidence" => Change::Evidence(words),
        "add-due" => Change::Due(words),
        _ => return None,
    })
}

/// The choice of the step that the acts are about.
pub(super) fn at(checked: &Checked) -> Markup {
    let steps = labels(checked);
    let choices: Vec<Choice<'_>> = steps.iter().map(|(id, label)| Choice::new(id, label)).collect();
    html! { (field::select(&Field::new("at", "Step"), &choices, "")) }
}

/// The choice of where a decision leads.
pub(super) fn to(checked: &Checked) -> Markup {
    let steps = labels(checked);
    let steps = steps.iter().map(|(id, label)| Choice::new(id, label));
    let choices: Vec<Choice<'_>> =
        std::iter::once(Choice::new(END, "The process ends")).chain(steps).collect();
    html! { (field::select(&Field::new("to", "A decision leads to"), &choices, END)) }
}

/// The steps of all processes of the text; of the second and later ones with the title of theirs.
fn labels(checked: &Checked) -> Vec<(String, String)> {
    let short = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    let all = std::iter::once(&checked.process).chain(&checked.others).enumerate();
    all.flat_map(|(nth, process)| {
        let of = match nth {
            0 => String::new(),
            _ => format!("{}: ", short(&process.title, 40)),
        };
        process.all_steps().into_iter().map(move |step| {
            let spot = Spot { nth, step: step.id.clone() };
            (spot.to_string(), format!("{of}{} {}", step.number, short(&step.title, 60)))
        })
    })
    .collect()
}

/// The row of acts above the text.
pub(super) fn tools(checked: &Checked, part: impl Fn(&'static str, &Markup) -> Markup) -> Markup {
    html! {
        // Enter in a field sends the form as its first button does: this one only looks at the text.
        button class="hush" type="submit" name="act" value="check" tabindex="-1" aria-hidden="true" { "Check" }
        div class="editor-tools" role="group" aria-label="Steps" {
            (part("at", &at(checked)))
            (button(&AFTER))
            details class="menu" {
                summary class="button secondary compact" { "More" }
                div class="menu-box" {
                    div class="buttons" { @for act in &PLAIN { (button(act)) } }
                    (field::text(&Field::new("words", "Words for the new step or part").optional()
                        .hint("A title, a condition, a seat, a proof or a time"), Input::Text, ""))
                    (part("to", &to(checked)))
                    div class="buttons" { @for act in &ADDING { (button(act)) } }
                }
            }
        }
    }
}

fn button(act: &Act) -> Markup {
    html! {
        button class="button secondary compact" type="submit" name="act" value=(act.word)
            data-step-act data-key=(act.key) { (act.name) }
    }
}

/// The same acts for a box of the map, opened where it is.
pub(super) fn menu() -> Markup {
    html! {
        div class="menu-box step-menu" id="step-menu" popover role="group" aria-label="This step" {
            @for act in std::iter::once(&AFTER).chain(&PLAIN).chain(&ADDING) {
                button class="button quiet compact" type="submit" form=(FORM) name="act"
                    value=(act.word) data-step-act { (act.name) }
            }
        }
    }
}

/// The buttons that keep and publish.
pub(super) fn keeping(home: &str) -> Markup {
    html! {
        button class="button primary" type="submit" data-save { "Save draft" }
        button class="button secondary" type="submit" name="act" value="check" data-no-script { "Check" }
        (value_button("Save and publish", Weight::Secondary, "act", "publish"))
        (crate::ui::act::link_button(home, "Back to the process", Weight::Quiet))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gemba_model::StepId;

    #[test]
    fn every_button_asks_for_a_change() {
        for act in std::iter::once(&AFTER).chain(&PLAIN).chain(&ADDING) {
            assert!(change_of(act.word, "", "", "").is_some(), "{}", act.word);
        }
        assert_eq!(change_of("check", "", "", ""), None);
        let decision = |to: &str| change_of("add-decision", " it is late ", "collect", to);
        let made = |to: Option<StepId>| Change::Decision { condition: "it is late".to_owned(), to };
        assert_eq!(decision("send"), Some(made(Some(StepId::from_text("send", "x")))));
        assert_eq!(decision(END), Some(made(None)));
        let other = decision("2.send");
        assert!(other.is_some() && other != Some(made(Some(StepId::from_text("send", "x")))));
    }
}
