//! From the words of a jump to the step they speak of.
//!
//! A number is looked up among the labels as typed of the same list, then among the reader's numbers;
//! never in another list of the document. What is not found there dangles.

use crate::decision::{ALWAYS, Jump};
use crate::draft::Draft;
use crate::inline::fold;
use crate::names::Names;
use gemba_model::{Decision, Step, StepId, StepKind, Target};

/// A step as jumps see it.
struct Place {
    id: StepId,
    /// The number as the reader counts: "3.2".
    number: String,
    /// The marker as typed, bare: "2.3", "B".
    label: String,
    title: String,
    group: usize,
    depth: usize,
}

/// Turns drafts into steps: ids made unique, jumps looked up, numbers kept.
pub(crate) fn resolve(drafts: Vec<Draft>, sections: &[&str]) -> Vec<Step> {
    let mut drafts = drafts;
    let mut taken = Names::default();
    for draft in &drafts {
        reserve(draft, &mut taken);
    }
    let mut stated = Vec::new();
    name(&mut drafts, &mut taken, &mut stated);
    let mut places = Vec::new();
    for draft in &drafts {
        place(draft, 0, &mut places);
    }
    let mut at = 0;
    drafts.into_iter().map(|draft| finish(draft, &places, &mut at, sections)).collect()
}

/// Stated ids come first, so that a derived one never takes them.
fn reserve(draft: &Draft, taken: &mut Names) {
    if draft.step.id_stated {
        taken.reserve(draft.step.id.as_str());
    }
    for part in &draft.parts {
        reserve(part, taken);
    }
}

fn name(drafts: &mut [Draft], taken: &mut Names, stated: &mut Vec<String>) {
    for draft in drafts {
        let wanted = draft.step.id.as_str().to_owned();
        let free = draft.step.id_stated && !stated.contains(&wanted);
        if free {
            stated.push(wanted);
        } else {
            let made = taken.give(&wanted);
            if made != wanted {
                draft.step.id = StepId::from_text(&made, &made);
            }
        }
        name(&mut draft.parts, taken, stated);
    }
}

fn place(draft: &Draft, depth: usize, places: &mut Vec<Place>) {
    places.push(Place {
        id: draft.step.id.clone(),
        number: draft.step.number.clone(),
        label: bare_label(&draft.step.label),
        title: draft.step.title.to_lowercase(),
        group: draft.group,
        depth,
    });
    for part in &draft.parts {
        place(part, depth + 1, places);
    }
}

/// "Step 3:", "3.", "### 2.3" as "3", "3", "2.3".
fn bare_label(label: &str) -> String {
    let lower = label.to_lowercase();
    let bare = lower.trim_start_matches(['#', ' ', '*', '-', '+', '[', ']']);
    let bare = bare.strip_prefix("step").unwrap_or(bare);
    bare.trim_matches([' ', '.', ')', ':', '(', '*', '-']).to_owned()
}

fn finish(draft: Draft, places: &[Place], at: &mut usize, sections: &[&str]) -> Step {
    let here = *at;
    *at += 1;
    let mut step = draft.step;
    let mut all_soft = !step.decisions.is_empty();
    let mut decisions = Vec::new();
    let alone = draft.jumps.iter().all(|jump| matches!(jump, Jump::Onward(_) | Jump::Inline));
    for (mut decision, jump) in step.decisions.into_iter().zip(draft.jumps) {
        let jump = match jump {
            Jump::Onward(jump) => {
                let kept = alone && draft.parts.is_empty();
                if !kept || !leaves_the_order(&jump, &step.title, places, here) {
                    continue;
                }
                *jump
            }
            jump => jump,
        };
        decide(&mut decision, jump, places, here, sections);
        let one_way = decision.condition.eq_ignore_ascii_case(ALWAYS);
        all_soft &= one_way || !leads_away(&decision.target);
        decisions.push(decision);
    }
    step.decisions = decisions;
    if step.kind == StepKind::Decision && all_soft {
        step.kind = StepKind::Task;
    }
    step.steps = draft.parts.into_iter().map(|part| finish(part, places, at, sections)).collect();
    step
}

/// Whether a branch makes its step a decision.
pub(crate) fn leads_away(target: &Target) -> bool {
    !matches!(target, Target::Inline | Target::Next | Target::Section(_) | Target::Document(_))
}

/// Whether a jump without a condition leads elsewhere than the document does: from a step of its own, that
/// others of its list follow, and that is no case ("If the client refuses").
fn leaves_the_order(jump: &Jump, title: &str, places: &[Place], here: usize) -> bool {
    let Some(own) = places.get(here) else { return false };
    let case = ["if ", "when ", "unless ", "for ", "in case ", "otherwise"]
        .iter()
        .any(|word| title.get(..word.len()).is_some_and(|w| w.eq_ignore_ascii_case(word)));
    let next = places.iter().enumerate().skip(here + 1).find(|(_, p)| p.depth == 0);
    if own.depth > 0 || case || next.is_some_and(|(_, p)| p.group != own.group) {
        return false;
    }
    match jump {
        Jump::To { words, .. } => match number(words) {
            Some(wanted) => match by_number(&wanted, false, places, here) {
                Some(to) => next.is_none_or(|(next, _)| next != to),
                None => true,
            },
            None => false,
        },
        _ => next.is_some(),
    }
}

fn decide(decision: &mut Decision, jump: Jump, places: &[Place], here: usize, sections: &[&str]) {
    decision.target = match jump {
        Jump::Inline => implied(&decision.action, places, here, sections),
        Jump::Anchor { to, words } => anchored(&to, &words, places, here, sections),
        Jump::Onward(jump) => return decide(decision, *jump, places, here, sections),
        Jump::Next => Target::Next,
        Jump::End | Jump::EndAs(_) => Target::End,
        Jump::Section(name) => Target::Section(name),
        Jump::Document(to) => Target::Document(to),
        Jump::To { words, hard } => match look_up(&words, places, here, sections) {
            Some(target) => target,
            None if !hard && names_in_full(&words) => Target::Dangling(words),
            None if !hard && words.to_lowercase().ends_with(" section") => Target::Vague(words),
            None if !hard => {
                // "Go to the office": an act, not a jump.
                let joint = if decision.action.is_empty() { "" } else { ", then " };
                decision.action = format!("{}{joint}{words}", decision.action);
                Target::Inline
            }
            None if number(&words).is_some() => Target::Dangling(words),
            None => Target::Vague(words),
        },
    };
}

/// Whether a jump names its target in quotes, or a section: then it is no act.
fn names_in_full(words: &str) -> bool {
    let lower = words.to_lowercase();
    let verbs = ["go to ", "go back to ", "return to ", "skip to ", "jump to ", "continue with "];
    let object = verbs.iter().find_map(|verb| lower.strip_prefix(verb)).unwrap_or_default();
    let object = object.strip_prefix("the ").unwrap_or(object);
    let object = object.strip_prefix("section ").unwrap_or(object);
    let bare = object.trim_end_matches(['.', ')']);
    bare.starts_with(['"', '“']) && bare.ends_with(['"', '”']) && bare.len() > 4
}

/// Where words lead that name a section or another step in full, without saying "go to".
fn implied(action: &str, places: &[Place], here: usize, sections: &[&str]) -> Target {
    let lower = fold(&action.to_lowercase());
    for verb in ["see the ", "see ", "refer to the ", "refer to ", "follow the ", "follow "] {
        let Some((_, object)) = lower.rsplit_once(verb) else { continue };
        let object = object.trim_end_matches([')', '.']);
        let object = object.strip_suffix(" section").unwrap_or(object);
        let named = |s: &&&str| crate::outline::without_number(s).to_lowercase() == object;
        if let Some(section) = sections.iter().find(named).filter(|_| object.len() > 3) {
            return to_section(section, places, here);
        }
    }
    let Some(own) = places.get(here) else { return Target::Inline };
    let after = places.iter().skip(here + 1);
    let list = after.filter(|p| p.group == own.group && p.depth == own.depth);
    match titled(&lower, list.map(|p| (&p.id, p.title.as_str()))) {
        Some(id) => Target::Step(id.clone()),
        None => Target::Inline,
    }
}

/// The one later step of the same list whose title stands in an action: "conducts an initial supplier
/// evaluation". Action and titles are in small letters.
pub(crate) fn titled<'a>(
    action: &str,
    later: impl Iterator<Item = (&'a StepId, &'a str)>,
) -> Option<&'a StepId> {
    let mut named = later.filter(|(_, title)| {
        title.len() > 15 && title.split_whitespace().count() > 1 && action.contains(title)
    });
    let (id, _) = named.next()?;
    named.next().is_none().then_some(id)
}

/// A section, or the step whose heading it is.
fn to_section(title: &str, places: &[Place], here: usize) -> Target {
    let bare = crate::outline::without_number(title).to_lowercase();
    match places.iter().position(|p| p.title == bare && p.depth == 0) {
        Some(at) => to(places, here, at).unwrap_or(Target::Inline),
        None => Target::Section(title.to_owned()),
    }
}

/// What a link to a heading leads to; headings are known by their words, as in addresses.
fn anchored(anchor: &str, words: &str, places: &[Place], here: usize, sections: &[&str]) -> Target {
    let slug = |text: &str| {
        let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
        let lower = text.to_lowercase();
        lower.chars().filter(kept).map(|c| if c == ' ' { '-' } else { c }).collect::<String>()
    };
    match sections.iter().find(|s| slug(s) == anchor.to_lowercase()) {
        Some(section) => to_section(section, places, here),
        None => Target::Section(words.to_owned()),
    }
}

fn to(places: &[Place], here: usize, index: usize) -> Option<Target> {
    places.get(index).map(|place| {
        if index <= here { Target::Loop(place.id.clone()) } else { Target::Step(place.id.clone()) }
    })
}

/// The number or letter that follows "step", or stands at the start of the object: "2.3", "b".
fn number(words: &str) -> Option<String> {
    let lower = words.to_lowercase();
    let mut tokens = lower.split_whitespace().peekable();
    while let Some(token) = tokens.next() {
        let bare = token.trim_matches(['"', '(', ')', ',', '.', ':', ';', '[', ']', '#', '*', '_']);
        if matches!(bare, "step" | "steps" | "para" | "paragraph" | "point" | "item") {
            let next = tokens
                .peek()
                .map(|t| t.trim_matches(['"', '(', ')', ',', '.', ':', ';', '*', '_', '#']));
            return next
                .filter(|t| {
                    t.starts_with(|c: char| c.is_ascii_digit()) || (t.len() == 1 && *t != "a")
                })
                .map(|t| t.split(['-', '–']).next().unwrap_or(t).to_owned());
        }
        let numeric = !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit() || c == '.');
        if numeric && (token.ends_with('.') || tokens.peek().is_none()) && !lower.contains("step") {
            return Some(bare.to_owned());
        }
    }
    None
}

fn look_up(words: &str, places: &[Place], here: usize, sections: &[&str]) -> Option<Target> {
    let own = places.get(here)?;
    let lower = fold(&words.to_lowercase());
    let to = |index: usize| to(places, here, index);
    if lower.contains("next step") {
        return Some(Target::Next);
    }
    if lower.contains("previous step") || lower.contains("step before") {
        let before = places.iter().enumerate().take(here).rev().find(|(_, p)| p.depth <= own.depth);
        return before.and_then(|(index, _)| to(index));
    }
    let here_again = lower.contains("this step") || lower.contains("this process step");
    if here_again || lower.starts_with("try again") {
        return to(here);
    }
    let whole = ["process", "procedure", "workflow", "cycle"];
    let again = lower.starts_with("start ")
        || (lower.starts_with("repeat ") && whole.iter().any(|w| lower.contains(w)))
        || lower.contains("the beginning")
        || lower.ends_with("the start")
        || lower.ends_with("the top")
        || lower.contains("first step");
    if again {
        let first = places.iter().position(|p| p.group == own.group).unwrap_or(0);
        return to(first);
    }
    if let Some(wanted) = number(words) {
        return by_number(&wanted, lower.contains("main step"), places, here).and_then(to);
    }
    by_title(&lower, places, here).and_then(to).or_else(|| {
        let object = object(&lower);
        let named = |s: &&&str| s.to_lowercase() == object;
        (!object.is_empty())
            .then(|| sections.iter().find(named))?
            .map(|s| Target::Section((*s).to_owned()))
    })
}

fn by_number(wanted: &str, main: bool, places: &[Place], here: usize) -> Option<usize> {
    let own = places.get(here)?;
    let wanted = wanted.trim_end_matches('.');
    if main {
        return places.iter().position(|p| p.depth == 0 && p.number == wanted);
    }
    let parent = |number: &str| number.rsplit_once('.').map(|(p, _)| p.to_owned());
    let dotted = wanted.contains('.');
    let sibling = |p: &Place| {
        p.depth == own.depth && parent(&p.number) == parent(&own.number) && p.group == own.group
    };
    let labelled = |p: &Place| p.label == wanted;
    let group = |p: &Place| p.group == own.group;
    let top = |p: &Place| p.depth == 0;
    if !dotted && let Some(found) = places.iter().position(|p| sibling(p) && labelled(p)) {
        return Some(found);
    }
    places
        .iter()
        .position(|p| group(p) && (top(p) || dotted) && labelled(p))
        .or_else(|| above(places, here, |p| p.label == wanted))
        .or_else(|| {
            // The reader's count of parts: "3.2" of the list that the process begins with.
            dotted.then(|| places.iter().position(|p| group(p) && p.number == wanted))?
        })
        .or_else(|| if dotted { None } else { counted(wanted, places, here) })
}

/// The step by the reader's count in its own list, where the author does not count: every item is
/// typed "1.", or is a bullet or a heading. Where numbers are typed, what is not among them is not there.
fn counted(wanted: &str, places: &[Place], here: usize) -> Option<usize> {
    let place: usize = wanted.parse().ok()?;
    let mut at = here;
    while places.get(at)?.depth > 0 {
        let depth = places.get(at)?.depth - 1;
        at = places.get(..at)?.iter().rposition(|p| p.depth == depth)?;
    }
    let group = places.get(at)?.group;
    let row: Vec<usize> = (0..places.len())
        .filter(|n| places.get(*n).is_some_and(|p| p.depth == 0 && p.group == group))
        .collect();
    let label = |n: &usize| places.get(*n).map(|p| p.label.as_str()).unwrap_or_default();
    let typed = row.iter().map(label).filter(|l| l.starts_with(|c: char| c.is_ascii_digit()));
    let lazy = typed.clone().count() < 2 || typed.clone().all(|l| l == "1");
    row.get(place.checked_sub(1)?).copied().filter(|_| lazy)
}

/// The step that is so in the list that holds the step this one is a part of, the nearest list first.
fn above(places: &[Place], here: usize, is: impl Fn(&Place) -> bool) -> Option<usize> {
    let mut at = here;
    while let Some(depth) = places.get(at)?.depth.checked_sub(1) {
        at = places.get(..at)?.iter().rposition(|p| p.depth == depth)?;
        let holder = places.get(at)?;
        let found =
            places.iter().position(|p| p.depth == depth && p.group == holder.group && is(p));
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The words of a jump after its verb, without quotes and article.
fn object(lower: &str) -> String {
    let mut rest = lower;
    for verb in [
        "go back to ",
        "go to ",
        "return to ",
        "proceed to ",
        "skip to ",
        "jump to ",
        "continue with ",
        "continue to ",
        "move on to ",
        "repeat ",
        "proceed with ",
    ] {
        if let Some(after) = rest.strip_prefix(verb) {
            rest = after;
            break;
        }
    }
    let rest =
        rest.trim_start_matches("the ").trim_start_matches("step ").trim_start_matches("section ");
    let quoted = rest.split(['"', '“', '”']).nth(1).filter(|q| q.len() > 2);
    let rest = quoted.unwrap_or(rest);
    let rest = rest.strip_suffix(" step").unwrap_or(rest);
    rest.trim_matches(['"', '“', '”', '\'', '*', '_', '.', ' ']).to_owned()
}

/// A step by its title, in the same list before all others; a gerund names the step it begins with.
fn by_title(lower: &str, places: &[Place], here: usize) -> Option<usize> {
    let wanted = object(lower);
    if wanted.len() < 3 {
        return None;
    }
    let own = places.get(here)?;
    // "Pack the goods" is "The packer packs the goods" too, where the words are quoted.
    let quoted = lower.contains(['"', '“']);
    let exact = |p: &Place| p.title == wanted || (quoted && crate::act::of(&p.title) == wanted);
    let opens = |p: &Place| p.title.len() > 8 && wanted.starts_with(&p.title);
    let near = |is: &dyn Fn(&Place) -> bool| {
        let same = places.iter().position(|p| p.group == own.group && is(p));
        same.or_else(|| places.iter().position(is))
    };
    near(&exact).or_else(|| near(&opens)).or_else(|| {
        let stem = wanted.split(' ').next()?.strip_suffix("ing").filter(|s| s.len() > 2)?;
        let begins = |p: &Place| {
            let first = p.title.split(' ').next().unwrap_or_default();
            p.group == own.group && (first == stem || first.strip_suffix('e') == Some(stem))
        };
        let mut found = places.iter().enumerate().filter(|(_, p)| begins(p)).map(|(at, _)| at);
        found.next().filter(|_| found.next().is_none())
    })
}
