//! A whole SOP, typeset.

use crate::{
    Error, Paper, Turn,
    block::inline,
    face::{Faces, Run},
    flow::{BODY, Flow, Role, SMALL},
    map::{better, place},
    photo::Photos,
    press::{Imprint, print},
    sheet::Sheet,
};
use gemba_map::Overlay;
use gemba_model::{Decision, Process, Step, StepId, StepKind, Target, raci};

/// What the document does not say of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Which state of it this is: "Revision 4, in force since 12 May 2026".
    pub revision: String,
    /// How far it can be trusted, in a sentence.
    pub standing: Option<String>,
    /// The seat that owns it and who holds it, where known better than the document says.
    pub owner: Option<String>,
    /// When it must be held against the work again.
    pub review: Option<String>,
    /// The company.
    pub company: Option<String>,
    /// What belongs to it besides.
    pub extras: Vec<Extra>,
}

/// A picture or video that belongs to the process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extra {
    /// Its title.
    pub title: String,
    /// What one sees in it.
    pub summary: String,
    /// The step it belongs to.
    pub step: Option<StepId>,
    /// Where it is.
    pub href: Option<String>,
    /// The file of a picture: PNG, JPEG, GIF or WebP. One that cannot be drawn is told in its words.
    pub picture: Option<Vec<u8>>,
}

/// How far a sub-step stands in.
const INDENT: f32 = 14.0;
/// The deepest step that stands in further.
const DEEPEST: usize = 6;

/// A process as a PDF to read and to print.
pub fn document(process: &Process, about: &About, paper: Paper) -> Result<Vec<u8>, Error> {
    let photos = Photos::of(about.extras.iter().map(|extra| extra.picture.as_deref()));
    match typeset(process, about, &photos, paper) {
        // A picture that is broken inside shows only where it is drawn; the document matters more.
        Err(failed) => match photos.sound() {
            Some(photos) => typeset(process, about, &photos, paper),
            None => Err(failed),
        },
        made @ Ok(_) => made,
    }
}

fn typeset(
    process: &Process,
    about: &About,
    photos: &Photos,
    paper: Paper,
) -> Result<Vec<u8>, Error> {
    let faces = Faces::load()?;
    let upright = Sheet::of(paper, Turn::Portrait);
    let mut flow = Flow::new(&faces, upright);
    opening(&mut flow, process, about);
    steps(&mut flow, process, about, photos);
    pieces(&mut flow, "Expected output", process.expected_output.iter().map(|o| o.text.as_str()));
    pieces(&mut flow, "Failure signals", process.failure_signals.iter().map(|s| s.text.as_str()));
    for section in &process.sections {
        flow.within(Role::Part, |flow| {
            flow.heading(2, &section.title, 0.0);
            flow.prose(&section.text, 0.0);
        });
    }
    extras(&mut flow, about, photos);
    matrix(&mut flow, process);
    unshown(&mut flow, &faces, process);
    if !process.steps.is_empty() {
        let (picture, turn) = better(process, paper, None);
        flow.turn_page(Sheet::of(paper, turn).narrow());
        flow.heading(2, "Process map", 0.0);
        place(&mut flow, &picture, &Overlay::default())?;
    }
    let imprint =
        Imprint { title: &process.title, foot: &about.revision, author: about.company.as_deref() };
    print(&faces, &flow.finish(), &imprint)
}

fn opening(flow: &mut Flow<'_>, process: &Process, about: &About) {
    let over = [about.company.as_deref(), process.function.as_deref()];
    let over: Vec<&str> = over.into_iter().flatten().collect();
    if !over.is_empty() {
        flow.paragraph(&[Run::plain(over.join(" · "))], SMALL, 0.0);
    }
    flow.heading(1, &process.title, 0.0);
    if !about.revision.is_empty() {
        flow.paragraph(&[Run::plain(&about.revision)], SMALL, 0.0);
    }
    let owner = about.owner.as_deref().or_else(|| process.owner.named());
    let triggers: Vec<&str> = process.triggers.iter().map(|t| t.text.as_str()).collect();
    let mut facts = vec![
        ("Owner", inline(owner.unwrap_or("Nobody is named"))),
        ("Starts", inline(&some_or(triggers.join("; "), "The document names no trigger"))),
    ];
    let more = [("State", &about.standing), ("Next review", &about.review)];
    facts.extend(more.into_iter().filter_map(|(name, text)| Some((name, inline(text.as_ref()?)))));
    flow.gap(4.0);
    flow.facts(&facts);
    flow.prose(&process.purpose, 0.0);
}

fn some_or(text: String, otherwise: &str) -> String {
    if text.is_empty() { otherwise.to_owned() } else { text }
}

fn steps(flow: &mut Flow<'_>, process: &Process, about: &About, photos: &Photos) {
    flow.within(Role::Part, |flow| {
        flow.heading(2, "Steps", 0.0);
        if process.steps.is_empty() {
            flow.paragraph(&[Run::plain("The document has no steps yet.")], BODY, 0.0);
        }
        for step in &process.steps {
            one(flow, process, (about, photos), step, 0);
        }
    });
}

fn one(
    flow: &mut Flow<'_>,
    process: &Process,
    (about, photos): (&About, &Photos),
    step: &Step,
    depth: usize,
) {
    let indent = INDENT * f32::from(u16::try_from(depth.min(DEEPEST)).unwrap_or(0));
    flow.heading(3, format!("{} {}", step.number, step.title).trim(), indent);
    let facts = facts(process, step, depth);
    if !facts.is_empty() {
        flow.paragraph(&[Run::plain(facts.join(" · "))], SMALL, indent);
    }
    flow.prose(&step.text, indent);
    let branches: Vec<Vec<Run>> = step.decisions.iter().map(|d| branch(process, d)).collect();
    if !branches.is_empty() {
        flow.list(branches.iter().map(Vec::as_slice), indent);
    }
    let mut notes: Vec<Vec<Run>> = Vec::new();
    let mut note = |label: String, text: &str| {
        let mut runs = vec![Run::bold(format!("{label}: "))];
        runs.extend(inline(text));
        notes.push(runs);
    };
    if let Some(approval) = &step.approval {
        note("Must say yes".to_owned(), &approval.to_string());
    }
    for who in &step.not_by {
        note("Not done by whoever did".to_owned(), who);
    }
    if let Some(what) = step.unanswered {
        note("If not answered".to_owned(), what.word());
    }
    if let Some(when) = &step.remind {
        note("Reminder".to_owned(), when);
    }
    for evidence in &step.evidence {
        note(format!("Evidence ({})", evidence.kind.word()), &evidence.text);
    }
    for (label, names) in [
        ("Handed off to", &step.handoff_to),
        ("Asked before", &step.consulted),
        ("Told after", &step.informed),
    ] {
        if !names.is_empty() {
            note(label.to_owned(), &names.join(", "));
        }
    }
    let own = || about.extras.iter().enumerate().filter(|(_, e)| e.step.as_ref() == Some(&step.id));
    notes.extend(own().map(|(_, extra)| extra_words(extra)));
    if !notes.is_empty() {
        flow.list(notes.iter().map(Vec::as_slice), indent);
    }
    for (at, extra) in own() {
        if let Some(photo) = photos.get(at) {
            flow.photo(photo, indent, &extra.summary);
        }
    }
    for part in &step.steps {
        one(flow, process, (about, photos), part, depth + 1);
    }
}

fn facts(process: &Process, step: &Step, depth: usize) -> Vec<String> {
    let mut facts: Vec<String> = Vec::new();
    match (process.doer(step), &step.seat) {
        // A part of a step is done by its seat, unless it says otherwise.
        (_, None) if depth > 0 => {}
        (Some(name), _) => facts.push(name.to_owned()),
        (None, _) => facts.push("Nobody is named".to_owned()),
    }
    let kind = match step.kind {
        StepKind::Task => None,
        StepKind::Decision => Some("Decision"),
        StepKind::Approval => Some("Approval"),
        StepKind::Wait => Some("Waits"),
        StepKind::Call => Some("Another procedure"),
        StepKind::Parallel => Some("Parts may go on at the same time"),
        StepKind::End => Some("The run ends here"),
    };
    facts.extend(kind.map(str::to_owned));
    facts.extend(step.due.as_deref().map(|due| format!("Due: {due}")));
    facts
}

fn branch(process: &Process, decision: &Decision) -> Vec<Run> {
    let mut runs = if decision.condition.eq_ignore_ascii_case("otherwise") {
        vec![Run::bold("Otherwise: ")]
    } else {
        let mut runs = vec![Run::bold("If ")];
        runs.extend(inline(&decision.condition));
        runs.push(Run::plain(": "));
        runs
    };
    let action = decision.action.trim();
    if !action.is_empty() {
        runs.extend(inline(action));
        let end = if decision.target == Target::Inline { "." } else { ", then " };
        runs.push(Run::plain(end));
    }
    let step = |id: &StepId| {
        let found = process.step(id);
        let number = found.map_or("", |step| step.number.as_str());
        let title = found.map_or(id.as_str(), |step| step.title.as_str());
        format!("step {number}, {title}.")
    };
    runs.push(Run::plain(match &decision.target {
        Target::Inline => String::new(),
        Target::Next => "go on with the next step.".to_owned(),
        Target::Step(id) => format!("go on with {}", step(id)),
        Target::Loop(id) => format!("go back to {}", step(id)),
        Target::Section(title) => format!("see the section {title}."),
        Target::Document(name) => format!("go on by the document {name}."),
        Target::Dangling(words) => format!("{words} (leads nowhere)"),
        Target::Vague(words) => words.clone(),
        Target::End => "the process ends.".to_owned(),
    }));
    runs
}

fn pieces<'t>(flow: &mut Flow<'_>, title: &str, texts: impl Iterator<Item = &'t str>) {
    let items: Vec<Vec<Run>> = texts.map(inline).collect();
    if !items.is_empty() {
        flow.within(Role::Part, |flow| {
            flow.heading(2, title, 0.0);
            flow.list(items.iter().map(Vec::as_slice), 0.0);
        });
    }
}

fn extra_words(extra: &Extra) -> Vec<Run> {
    let title = Run { link: extra.href.clone(), ..Run::bold(&extra.title) };
    let mut runs = vec![title, Run::plain(": ")];
    runs.extend(inline(&extra.summary));
    runs
}

fn extras(flow: &mut Flow<'_>, about: &About, photos: &Photos) {
    let all: Vec<(usize, &Extra)> =
        about.extras.iter().enumerate().filter(|(_, extra)| extra.step.is_none()).collect();
    if all.is_empty() {
        return;
    }
    flow.within(Role::Part, |flow| {
        flow.heading(2, "Pictures and videos", 0.0);
        for (at, extra) in all {
            let words = extra_words(extra);
            flow.list(std::iter::once(words.as_slice()), 0.0);
            if let Some(photo) = photos.get(at) {
                flow.photo(photo, 0.0, &extra.summary);
            }
        }
    });
}

fn matrix(flow: &mut Flow<'_>, process: &Process) {
    let rows = raci::matrix(process);
    if rows.is_empty() {
        return;
    }
    let cell = |names: &[String]| vec![Run::plain(names.join(", "))];
    let head = ["Step", "Does it", "Answers for it", "Asked before", "Told after"];
    let mut table = vec![head.iter().map(|name| vec![Run::bold(*name)]).collect::<Vec<_>>()];
    table.extend(rows.iter().map(|row| {
        vec![
            vec![Run::plain(format!("{} {}", row.step, row.title).trim().to_owned())],
            cell(&row.responsible),
            cell(&row.accountable),
            cell(&row.consulted),
            cell(&row.informed),
        ]
    }));
    flow.within(Role::Part, |flow| {
        flow.heading(2, "Who does what (RACI)", 0.0);
        flow.table(&table, &[2.2, 1.0, 1.0, 1.0, 1.0], 0.0);
    });
}

/// Says honestly which characters the typeface lacks.
fn unshown(flow: &mut Flow<'_>, faces: &Faces, process: &Process) {
    let mut text = format!("{}{}", process.title, process.purpose);
    for step in process.all_steps() {
        text.push_str(&step.title);
        text.push_str(&step.text);
    }
    process.sections.iter().for_each(|s| text.push_str(&s.text));
    process.expected_output.iter().for_each(|o| text.push_str(&o.text));
    process.failure_signals.iter().for_each(|s| text.push_str(&s.text));
    let missing = text.chars().filter(|c| !faces.has(*c)).count();
    if missing > 0 {
        let words = format!(
            "{missing} characters of this document are not in the typeface of this file and stand as boxes. \
             The page in Gemba and the Markdown file show them.",
        );
        flow.gap(8.0);
        flow.paragraph(&[Run::plain(words)], SMALL, 0.0);
    }
}
