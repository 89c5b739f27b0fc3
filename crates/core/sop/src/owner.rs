//! Who a document says answers for the process: in a setting, a label, a section, a roles table or a
//! sentence. A name is taken only where it is said of the process itself: owners of systems, of
//! businesses, of single tasks and of the document's upkeep are other people.

use crate::actor;
use crate::block::{Block, Kind};
use crate::front::Settings;
use crate::inline::{fold, sentences};
use crate::labels;
use crate::lexicon::Lexicon;
use crate::outline::Section;
use crate::seat;
use crate::settings::span;
use crate::yaml::Value;
use gemba_model::{Owner, OwnerState};
use std::ops::Range;

/// The longest name, in words.
const MAX_NAME: usize = 8;

/// The front matter keys that name the owner, plainest first.
pub(crate) const KEYS: [&str; 16] = [
    "owner",
    "process_owner",
    "process owner",
    "process-owner",
    "processOwner",
    "sop_owner",
    "document_owner",
    "procedure_owner",
    "policy_owner",
    "owned_by",
    "owned-by",
    "owners",
    "accountable",
    "dri",
    "DRI",
    "Owner",
];

/// The front matter keys that give a channel or mailbox in the owner's place.
pub(crate) const CHANNELS: [&str; 4] =
    ["owner_slack", "owner_email", "owner_channel", "owner_contact"];

/// The owner as a name says it.
pub(crate) fn named(text: &str, state: OwnerState, at: Option<&Range<usize>>) -> Owner {
    let span = at.map(span);
    let name = fold(text);
    if seat::is_blank(&name) {
        return Owner { state: OwnerState::Placeholder, span, ..Owner::missing() };
    }
    if seat::is_channel(&name) {
        return Owner { state: OwnerState::Channel, seat: Some(name), span, ..Owner::missing() };
    }
    let several = listed(&name);
    Owner { state, seat: Some(name), several, span }
}

/// The names of a list with marks between them; "and" alone may stand within one name.
fn listed(name: &str) -> Vec<String> {
    let parts: Vec<String> = name
        .split([',', ';'])
        .flat_map(|part| part.split(" / "))
        .map(|part| fold(part.trim().trim_start_matches("and ").trim_start_matches("& ")))
        .filter(|part| !part.is_empty())
        .collect();
    // "Jane Doe, PhD" and "Head of x, y" are one name as often as two; a list has seats on both sides.
    let seats = parts.len() > 1 && parts.iter().all(|part| actor::is_a_seat(part));
    if seats { parts } else { Vec::new() }
}

/// The owner that the settings name.
pub(crate) fn of_settings(settings: &Settings) -> Option<Owner> {
    if let Some(entry) = settings.get(&KEYS) {
        let names = match &entry.value {
            // "owner: {role: Controller, name: Jane}": the seat stays when the person goes.
            Value::Map(cells) => ["seat", "role", "title", "team", "name"]
                .iter()
                .find_map(|key| cells.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)))
                .map(|(_, value)| value.texts())
                .unwrap_or_default(),
            value => value.texts(),
        };
        let mut owner = named(&names.join(", "), OwnerState::Stated, Some(&entry.span));
        if names.len() > 1 && owner.state == OwnerState::Stated {
            owner.several = names.iter().map(|name| fold(name)).collect();
        }
        return Some(owner);
    }
    let entry = settings.get(&CHANNELS)?;
    let name = fold(entry.value.text()?);
    if seat::is_blank(&name) {
        return None;
    }
    Some(Owner {
        state: OwnerState::Channel,
        seat: Some(name),
        span: Some(span(&entry.span)),
        ..Owner::missing()
    })
}

/// The owner that the text names.
pub(crate) fn of_text(
    sections: &[Section<'_>],
    within: &dyn Fn(&Range<usize>) -> bool,
) -> Option<Owner> {
    labelled(sections, within)
        .or_else(|| sections.iter().find_map(section))
        .or_else(|| sections.iter().flat_map(|s| s.blocks).find_map(duty))
        .or_else(|| {
            let blocks = sections.iter().flat_map(|s| s.blocks);
            blocks.flat_map(paragraphs).find_map(sentence)
        })
}

/// A paragraph, or those of the items of a list.
fn paragraphs(block: &Block) -> Vec<&Block> {
    match block.kind {
        Kind::Para => vec![block],
        Kind::List(_) => block.children.iter().filter_map(|i| i.children.first()).collect(),
        _ => Vec::new(),
    }
}

/// Whether the key of a label names the owner of the process.
fn names_owner(key: &str) -> bool {
    matches!(
        key,
        "process owner"
            | "owner"
            | "owners"
            | "process owners"
            | "sop owner"
            | "document owner"
            | "procedure owner"
            | "policy owner"
            | "playbook owner"
            | "runbook owner"
            | "checklist owner"
            | "workflow owner"
            | "owned by"
            | "owner of this process"
            | "owner of the process"
            | "owner of this sop"
            | "owner (role)"
            | "owner role"
            | "accountable owner"
            | "responsible office"
            | "responsible department"
            | "responsible unit"
            | "process lead"
            | "process dri"
            | "dri"
    )
}

fn labelled(sections: &[Section<'_>], within: &dyn Fn(&Range<usize>) -> bool) -> Option<Owner> {
    for section in sections {
        // Under "Roles and responsibilities" a role stands before its duties.
        let duties = section.words.contains("responsibilit") || section.words.contains("roles");
        for label in labels::of(section.blocks) {
            // A label within a step names who owns the step.
            if !names_owner(&label.key) || within(&label.span) {
                continue;
            }
            let value = label.value.trim_end_matches('.');
            if seat::is_blank(value) {
                return Some(named(value, OwnerState::Placeholder, Some(&label.span)));
            }
            let first = sentences(value).first().copied().unwrap_or_default();
            let first = first.trim_end_matches('.');
            let short = first.split_whitespace().count() <= MAX_NAME;
            if short && !is_duty(first) && (!duties || actor::is_a_seat(&seat::tidy(first))) {
                return Some(named(first, OwnerState::Stated, Some(&label.span)));
            }
        }
    }
    None
}

/// Whether a value says what somebody does rather than who it is: "Maintains this document".
fn is_duty(value: &str) -> bool {
    let first = value.split_whitespace().next().unwrap_or_default();
    let lower = first.to_lowercase();
    let does = lower.len() > 3
        && lower.ends_with('s')
        && !lower.ends_with("ss")
        && value.split_whitespace().nth(1).is_some_and(|second| {
            second.chars().next().is_some_and(char::is_lowercase)
                && !matches!(second, "and" | "of" | "for" | "&")
        });
    // "Sales lead" opens with no verb, nor does "Sales lead / Office manager".
    let first_name = value.split([',', ';', '/']).next().unwrap_or_default();
    let first_name = first_name.split(" and ").next().unwrap_or_default().trim();
    let seat = actor::is_a_seat(first_name) || actor::names_a_role(first_name);
    (does || crate::verbs::is_act(value)) && !seat
        || lower.starts_with("responsible")
        || lower.starts_with("accountable")
}

/// A section "Process owner" that holds one name.
fn section(section: &Section<'_>) -> Option<Owner> {
    let announced = matches!(
        section.words.as_str(),
        "owner"
            | "process owner"
            | "sop owner"
            | "ownership"
            | "process ownership"
            | "document owner"
            | "procedure owner"
    );
    if !announced {
        return None;
    }
    let [block, ..] = section.blocks else { return None };
    let paragraphs = paragraphs(block);
    let [para] = paragraphs.as_slice() else { return None };
    if let Some(owner) = sentence(para) {
        return Some(owner);
    }
    let text = para.plain().trim_end_matches('.');
    let name = seat::tidy(text);
    let clear = actor::looks_like_a_seat(&name) || seat::is_blank(text) || seat::is_channel(text);
    clear.then(|| named(&name, OwnerState::Stated, Some(&para.span)))
}

/// A row of a roles table that gives one role the process: "Controller | Owns this process".
fn duty(block: &Block) -> Option<Owner> {
    if block.kind != Kind::Table {
        return None;
    }
    let rows = block.children.iter().skip(1);
    let mut owners = rows.filter_map(|row| {
        let [role, duties, ..] = row.children.as_slice() else { return None };
        let owns = OWNS.stands_in(duties.plain()) || OWNS_ALONE.stands_in(duties.plain());
        let name = seat::tidy(role.plain());
        (owns && is_name(&name)).then(|| named(&name, OwnerState::Implied, Some(&role.span)))
    });
    let owner = owners.next()?;
    // Two rows that own it would be two owners by two sentences; neither is the one.
    owners.next().is_none().then_some(owner)
}

/// Whether a phrase can be the name of a seat where the words around it say that it is one.
fn is_name(name: &str) -> bool {
    actor::is_a_seat(name) || actor::looks_like_a_seat(name)
}

/// Words of which one stands in every sentence that names the owner.
const OWNING: Lexicon =
    Lexicon::new(&["owns ", "own ", "owner", "owned", "responsible", "accountable", "dri"]);

/// What a duty says that makes its role the owner.
const OWNS: Lexicon = Lexicon::new(&[
    "owns this process",
    "owns the process",
    "own this process",
    "own the process",
    "owns this sop",
    "owns this procedure",
    "owns this document",
    "accountable for this process",
    "accountable for the process",
    "process owner",
]);

const OWNS_ALONE: Lexicon = Lexicon::new(&["owner of this process", "owner of the process"]);

/// What a sentence may call the process of which it speaks.
const THINGS: [&str; 15] = [
    "process",
    "procedure",
    "sop",
    "checklist",
    "runbook",
    "playbook",
    "policy",
    "workflow",
    "protocol",
    "document",
    "guideline",
    "work instruction",
    "standard operating procedure",
    "instruction",
    "standard",
];

/// How a sentence says of the process itself that somebody owns it, behind the name and before the
/// process.
const BEHIND: Lexicon = Lexicon::new(&[
    " owns",
    " own",
    " is the owner of",
    " is the dri for",
    " is the dri of",
    " are the dri for",
    " is responsible for",
    " are responsible for",
    " is accountable for",
    " are accountable for",
    " is ultimately responsible for",
    " is ultimately accountable for",
    " is the person responsible for",
]);

/// The same without naming the process again.
const BEHIND_ALONE: Lexicon = Lexicon::new(&[" is the process owner", " is the owner of this sop"]);

/// What stands between the process and the name: "This process is owned by Finance".
const OWNED: Lexicon =
    Lexicon::new(&[" is owned by ", " is owned and maintained by ", " lies with ", " rests with "]);

/// What stands before the process and then the name: "The owner of this process is the CFO".
const BEFORE: Lexicon = Lexicon::new(&[
    "owner of ",
    "owner for ",
    "dri of ",
    "dri for ",
    "responsibility for ",
    "accountability for ",
]);

/// The same without naming the process again.
const BEFORE_ALONE: Lexicon = Lexicon::new(&[
    "the process owner is ",
    "process owner for this is ",
    "the process owner for this is ",
]);

/// The length of the words with which a text speaks of the process: "this checklist", " the process".
fn speaks_of_it(lower: &str) -> Option<usize> {
    let bare = lower.trim_start();
    // "The document" may be any; "the process" is this one.
    let (rest, which) = match (bare.strip_prefix("this "), bare.strip_prefix("the ")) {
        (Some(rest), _) => (rest, &THINGS[..]),
        (None, Some(rest)) => (rest, &["process"][..]),
        _ => return None,
    };
    let thing = which.iter().filter(|thing| rest.starts_with(**thing)).max_by_key(|t| t.len())?;
    let after = rest.get(thing.len()..)?;
    // "Owns this process step", "owns the process of hiring": a part, or another one.
    let narrower = after.starts_with(|c: char| c.is_alphanumeric())
        || after.starts_with(" step")
        || after.starts_with(" of ");
    (!narrower).then(|| lower.len() - after.len())
}

/// "The Payroll Lead owns this process", "This process is owned by Finance".
fn sentence(block: &Block) -> Option<Owner> {
    let text = block.plain();
    if !OWNING.stands_in(text) {
        return None;
    }
    for sentence in sentences(text).into_iter().filter(|s| OWNING.stands_in(s)) {
        // ASCII letters only change their case, so places in one hold in the other.
        let lower = sentence.to_ascii_lowercase();
        if lower.contains(" not ") || lower.starts_with("if ") || lower.ends_with('?') {
            continue;
        }
        let named_before = |at: usize| {
            let before = sentence.get(..at)?;
            let name = seat::tidy(before.rsplit([',', ';', ':', '(']).next().unwrap_or(before));
            of_name(&name, block)
        };
        let named_behind = |from: usize| {
            let after = sentence.get(from..)?;
            let end = after
                .find([',', ';', '(', '.'])
                .or_else(|| after.find(" who "))
                .or_else(|| after.find(" and is "))
                .unwrap_or(after.len());
            of_name(&seat::tidy(after.get(..end)?), block)
        };
        for (at, phrase) in BEHIND.first_places(&lower) {
            let after = lower.get(at + phrase.len()..).unwrap_or_default();
            if after.starts_with(' ')
                && speaks_of_it(after).is_some()
                && let Some(owner) = named_before(at)
            {
                return Some(owner);
            }
        }
        for (at, phrase) in BEHIND_ALONE.first_places(&lower) {
            let after = lower.get(at + phrase.len()..).unwrap_or_default();
            let narrower =
                after.starts_with(|c: char| c.is_alphanumeric()) || after.starts_with(" of ");
            if !narrower && let Some(owner) = named_before(at) {
                return Some(owner);
            }
        }
        for (at, phrase) in BEFORE.first_places(&lower) {
            let from = at + phrase.len();
            let Some(length) = lower.get(from..).and_then(speaks_of_it) else { continue };
            let after = lower.get(from + length..).unwrap_or_default();
            let joint = [" is ", " lies with ", " rests with ", ": "];
            if let Some(joint) = joint.iter().find(|joint| after.starts_with(**joint))
                && let Some(owner) = named_behind(from + length + joint.len())
            {
                return Some(owner);
            }
        }
        for (at, phrase) in BEFORE_ALONE.first_places(&lower) {
            if let Some(owner) = named_behind(at + phrase.len()) {
                return Some(owner);
            }
        }
        for (at, phrase) in OWNED.first_places(&lower) {
            let before = lower.get(..at).unwrap_or_default();
            let speaks = ["this ", "the "].iter().any(|word| {
                let thing = before.rsplit_once(word).map(|(_, thing)| thing);
                thing.is_some_and(|t| t == "process" || (*word == "this " && THINGS.contains(&t)))
            });
            if speaks && let Some(owner) = named_behind(at + phrase.len()) {
                return Some(owner);
            }
        }
    }
    None
}

/// The owner of that name, where it is one: "the owner" names nobody.
fn of_name(name: &str, block: &Block) -> Option<Owner> {
    let bare = name.eq_ignore_ascii_case("owner") || name.eq_ignore_ascii_case("process owner");
    if seat::is_channel(name) {
        return Some(named(name, OwnerState::Implied, Some(&block.span)));
    }
    let parts: Vec<&str> = name.split(" and ").map(str::trim).collect();
    if !bare && parts.len() > 1 && parts.iter().all(|part| actor::is_a_seat(&seat::tidy(part))) {
        let mut owner = named(name, OwnerState::Implied, Some(&block.span));
        owner.several = parts.iter().map(|part| seat::tidy(part)).collect();
        return Some(owner);
    }
    (!bare && is_name(name)).then(|| named(name, OwnerState::Implied, Some(&block.span)))
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let process = crate::compile(text, "x.md").processes.swap_remove(0);
        let state = format!("{:?}", process.owner.state).to_lowercase();
        let names = process.owner.several.join(" + ");
        let seat = process.owner.seat.unwrap_or_default();
        let got = format!("{state} {seat} {names}").trim().to_owned();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn owners_are_read_where_they_are_said_of_the_process() {
        for (text, expected) in [
            ("---\nowner: Controller\n---\n# A\n", "stated Controller"),
            ("---\nprocess-owner: Controller\n---\n# A\n", "stated Controller"),
            ("---\nprocessOwner: Controller\n---\n# A\n", "stated Controller"),
            ("---\naccountable: CFO\n---\n# A\n", "stated CFO"),
            ("---\nowner: {name: Jane Doe, role: Controller}\n---\n# A\n", "stated Controller"),
            (
                "---\nowner: [Controller, Sales Lead]\n---\n# A\n",
                "stated Controller, Sales Lead Controller + Sales Lead",
            ),
            (
                "---\nowner: Sales Lead / Project Manager\n---\n# A\n",
                "stated Sales Lead / Project Manager Sales Lead + Project Manager",
            ),
            ("---\nowner: \"#finance\"\n---\n# A\n", "channel #finance"),
            ("---\nowner: finance@example.org\n---\n# A\n", "channel finance@example.org"),
            ("---\nowner_email: finance@example.org\n---\n# A\n", "channel finance@example.org"),
            ("---\nowner: TBD\n---\n# A\n", "placeholder"),
            ("---\nquestions: people-ops\n---\n# A\n", "missing"),
            ("# A\n\n**Process Owner:** Payroll Lead\n", "stated Payroll Lead"),
            ("# A\n\n**Owner:** Payroll Lead\n**Frequency:** weekly\n", "stated Payroll Lead"),
            ("# A\n\n**Owner**: Payroll Lead | **Review**: yearly\n", "stated Payroll Lead"),
            ("# A\n\n- Owner: Payroll Lead\n- Version: 2\n", "stated Payroll Lead"),
            ("# A\n\n| | |\n|---|---|\n| **Process Owner** | QMO |\n", "stated QMO"),
            (
                "# A\n\n| Owner | Last Updated | Review Cadence |\n|---|---|---|\n| Controller | 2026-01-01 | yearly |\n",
                "stated Controller",
            ),
            (
                "# A\n\n| | |\n|---|---|\n| **Process Owner** | *\\<enter role\\>* |\n",
                "placeholder",
            ),
            ("# A\n\n## Process owner\n\nController\n", "stated Controller"),
            (
                "# A\n\n## Owner\n\nThe Finance Manager owns this process.\n",
                "implied Finance Manager",
            ),
            ("# A\n\nThe Payroll Lead owns this process.\n", "implied Payroll Lead"),
            (
                "# A\n\nThis process is owned by the Head of People, who reviews it.\n",
                "implied Head of People",
            ),
            (
                "# A\n\nThe PM and the Tech Lead own this process.\n",
                "implied PM and the Tech Lead PM + Tech Lead",
            ),
            (
                "# A\n\n## Roles\n\n| Role | Responsibility |\n|---|---|\n| Controller | Owns this process |\n| Clerk | Enters data |\n",
                "implied Controller",
            ),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn owners_of_other_things_are_not_the_owner() {
        for text in [
            "# A\n\nPresent the drafts to the owner. Wait for owner approval.\n",
            "# A\n\nThe system owner is responsible for access to the system.\n",
            "# A\n\nEnsure that each task has a single DRI.\n",
            "# A\n\nThe domain owner renews the domain.\n",
            "# A\n\nThe Project Manager has a unique role in this process.\n",
            "# A\n\nThe Legal team is responsible for reviewing contracts.\n",
            "# A\n\n## Owner Designation\n\nThis is done by the IC at the end of the call.\n",
            "# A\n\n## Roles and responsibilities\n\n- **Owner**: Maintains the document\n",
            "# A\n\n## Roles\n\n| Role | Duty |\n|---|---|\n| Process Owner | Keeps it current |\n",
            "# A\n\n| Task | Owner |\n|---|---|\n| Draft | Writer |\n| Review | Editor |\n",
            "# A\n\nNobody owns this process.\n",
            "# A\n\nEveryone in the team should feel that they own this process.\n",
            "# A\n\nIf nobody owns this process, ask around.\n",
            "# A\n\n1. Draft it\n\n   - Owner: Writer\n\n2. Send it\n",
            "# A\n\nWho owns this process?\n",
        ] {
            check(text, "missing");
        }
    }
}
