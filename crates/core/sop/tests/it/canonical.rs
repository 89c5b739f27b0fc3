//! What is printed reads back as the same process, and formatting is idempotent.

use gemba_model::approval::{Approval, Unanswered};
use gemba_model::raci::Row;
use gemba_model::review::{Cadence, Review};
use gemba_model::*;
use gemba_sop::{
    Formatted, agent_sop, canonical, compile, compile_bytes, format, print, print_all,
};
use proptest::prelude::*;

const SAMPLE: &str = "---
owner: Accounting
function: Finance
trigger: monthly on the 1st at 09:00
review: every 6 months
raci:
  collect-hours: {responsible: Accounting, consulted: Delivery lead}
---

# Monthly invoicing

Every client gets one invoice per month.

## Steps

1. **Collect the hours** — Accounting {#collect-hours}

   Pull the approved timesheets from the time tracker.

   - If a timesheet is missing, go to step 3.
   - Otherwise, continue.
   - Evidence (link): the export of approved hours
   - Due: 2 business days after the start
   - Consult: Delivery lead
   - Inform: Sales
   - Hand off to Delivery lead.

2. **Draft the invoices** {#draft-the-invoices}

   1. **Open the template** {#open-the-template}

   2. **Fill it in** — Billing agent {#fill-it-in}

3. **Remind the team** — Delivery lead {#remind-the-team}

   - If it was the second reminder, tell the COO, then end the process.
   - Otherwise, go back to step 1.

## Expected output

- Every client has an invoice.

## Failure signals

- An invoice is a draft on the 5th (check: `drafts > 0`)

## References

See the handbook.
";

#[test]
fn the_canonical_form_is_read_exactly() {
    let compiled = compile(SAMPLE, "x.md");
    let errors: Vec<_> = compiled.diagnostics.iter().map(|d| &d.message).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let process = compiled.processes.first().expect("one");
    assert_eq!(process.owner.named(), Some("Accounting"));
    assert_eq!(process.review.cadence, Cadence::months(6));
    let first = process.steps.first().expect("a step");
    assert_eq!(first.id.as_str(), "collect-hours");
    assert_eq!(first.text, "Pull the approved timesheets from the time tracker.");
    assert_eq!(first.kind, StepKind::Decision);
    assert_eq!(first.handoff_to, ["Delivery lead"]);
    assert_eq!(first.decisions[0].target, Target::Step(process.steps[2].id.clone()));
    assert_eq!(first.decisions[1].target, Target::Next);
    assert_eq!(process.steps[1].steps[1].number, "2.2");
    let last = &process.steps[2].decisions;
    assert_eq!((last[0].action.as_str(), &last[0].target), ("tell the COO", &Target::End));
    assert_eq!(last[1].target, Target::Loop(first.id.clone()));
    assert_eq!(process.failure_signals[0].rule.as_deref(), Some("drafts > 0"));
    assert_eq!(process.sections[0].title, "References");
    assert_eq!(print(process), SAMPLE);
    assert_eq!(format(SAMPLE, "x.md"), Formatted::Same);
}

#[test]
fn a_kind_that_the_title_tells_and_another_spelling_of_the_review_do_not_stop_the_formatter() {
    let source = "---
owner: Finance lead
trigger: monthly on the 1st
review: every 3 months
---

# Payroll

## Steps

1. **Approve the run** — Finance lead {#approve-the-run}

   - Kind: approval
   - If it is rejected, end the process.
   - Otherwise, continue.
";
    let wanted =
        source.replace("every 3 months", "every quarter").replace("   - Kind: approval\n", "");
    assert_eq!(format(source, "x.md"), Formatted::Changed(wanted));
}

#[test]
fn an_act_in_the_words_of_a_later_step_is_that_step_before_and_after_printing() {
    let source = "# Orders

## Steps

1. **Take the order** {#take}

   1. **Weigh it** {#weigh}

      - If it is heavy, ask [the box] for `help now.
      - If it is light, see to it.

2. **Send the order** {#send}

   1. **Ask [the box] for `help now** {#ask}
";
    let read = compile(&source.replace('`', "\\`"), "x.md").processes.remove(0);
    let target = |process: &Process| process.steps[0].steps[0].decisions[0].target.clone();
    let step = Target::Step(StepId::from_text("ask", "x"));
    assert_eq!(target(&read), step);
    let mut unsaid = read;
    unsaid.steps[0].steps[0].decisions[0].target = Target::Inline;
    assert_eq!(target(&canonical(&unsaid)), step);
    let mut second = unsaid.clone();
    second.slug = Slug::from_text("second", "x");
    let again = compile(&print_all(&[unsaid, second]), "x.md").processes;
    assert_eq!(again.iter().map(target).collect::<Vec<_>>(), [step.clone(), step]);
}

fn words() -> impl Strategy<Value = String> {
    // Words that are plain prose: no condition, no verb of a jump, nothing that opens a block.
    proptest::collection::vec(
        prop_oneof![
            Just("green"),
            Just("papers"),
            Just("client's"),
            Just("a*b"),
            Just("x_y"),
            Just("2nd"),
            Just("(small)"),
            Just("R&D"),
            Just("[box]"),
            Just("über"),
            Just("`tick"),
            Just("q\\r"),
            Just("<tag>"),
            Just("50%"),
            Just("c#"),
            Just("a|b"),
            Just("!"),
        ],
        0..5,
    )
    .prop_map(|rest| {
        let mut all = vec!["Some"];
        all.extend(rest);
        all.join(" ")
    })
}

fn name() -> impl Strategy<Value = String> {
    "[A-Z][a-z]{2,8}( [A-Za-z]{3,8}){0,2}".prop_filter("a seat", |n| {
        ![
            "All", "Who", "One", "Name", "Role", "Tbd", "Owner", "You", "Tba", "Tbc", "People",
            "She", "They", "Null", "Everyone",
        ]
        .contains(&n.as_str())
    })
}

fn opt<S: Strategy>(of: S) -> impl Strategy<Value = Option<S::Value>> {
    proptest::option::of(of)
}

fn target(count: usize) -> impl Strategy<Value = Target> {
    prop_oneof![
        Just(Target::Inline),
        Just(Target::Next),
        Just(Target::End),
        Just(Target::Section("Some place".to_owned())),
        Just(Target::Document("other/file name.md#x".to_owned())),
        Just(Target::Dangling("go to step 99".to_owned())),
        Just(Target::Vague("go back to some of the earlier steps".to_owned())),
        (0..count).prop_map(|n| Target::Step(StepId::from_text(&format!("s{n}"), "x"))),
    ]
}

fn decision(count: usize) -> impl Strategy<Value = Decision> {
    let condition = prop_oneof![
        words(),
        Just("otherwise".to_owned()),
        Just("unless it rains".to_owned()),
        words().prop_map(|w| format!("a, b, {w}")),
        words().prop_map(|w| format!("it is so: {w}")),
    ];
    (condition, words(), any::<bool>(), target(count), outcome()).prop_map(
        |(condition, action, acts, target, outcome)| {
            let action = if acts || target == Target::Inline { action } else { String::new() };
            let id = Slug::from_text(&condition, "branch").as_str().to_owned();
            let outcome = outcome.filter(|_| target == Target::End);
            Decision { id, condition, action, target, outcome, span: None }
        },
    )
}

/// What an end is called.
fn outcome() -> impl Strategy<Value = Option<String>> {
    opt("[A-Za-z]{3,8}( [a-z]{3,8}){0,2}")
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("Plain words here.\nAnd a second line.".to_owned()),
        Just("See [the page](a/b.md) now.\n\n- one\n- two\n\n  more".to_owned()),
        Just("```sh\nrun  it\n\n  now\n```".to_owned()),
        Just("> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |".to_owned()),
        Just("### A heading\n\n* one\n* two".to_owned()),
    ]
}

fn step(n: usize, count: usize, depth: u32) -> BoxedStrategy<Step> {
    let kind = prop_oneof![
        Just(StepKind::Task),
        Just(StepKind::Approval),
        Just(StepKind::Wait),
        Just(StepKind::Call),
        Just(StepKind::Parallel),
        Just(StepKind::End),
        Just(StepKind::Decision),
    ];
    let parts = if depth == 0 {
        Just(Vec::new()).boxed()
    } else {
        proptest::collection::vec(step(n, count, depth - 1), 0..3).boxed()
    };
    (
        (words(), any::<bool>(), text(), kind, opt(name())),
        (
            proptest::collection::vec(decision(count), 0..3),
            proptest::collection::btree_set(name(), 0..2),
            opt(words()),
            opt(words()),
            opt((words(), "[a-z]{1,6}(/[a-z]{1,4})?(\\.md)?(#[a-z]{1,3})?")),
        ),
        (
            opt((1..4_u32, proptest::collection::vec(name(), 3..4), any::<bool>())),
            proptest::collection::vec((1..9_u32).prop_map(|n| format!("step {n}")), 0..2),
            opt(proptest::sample::select(Unanswered::ALL.to_vec())),
            opt(proptest::sample::select(vec!["2 hours before", "1 working day before"])),
            opt(1..9_u32),
            outcome(),
        ),
        (
            proptest::collection::vec((0..3_u8, words()), 0..2),
            proptest::collection::vec(name(), 0..3),
            proptest::collection::vec(name(), 0..2),
        ),
        parts,
    )
        .prop_map(
            move |(
                (title, id_stated, text, kind, seat),
                (mut decisions, handoffs, due, wait_for, procedure),
                (approval, not_by, unanswered, remind, at_most, outcome),
                (evidence, consulted, informed),
                steps,
            )| {
                decisions.sort_by(|a, b| a.id.cmp(&b.id));
                decisions.dedup_by(|a, b| a.id == b.id);
                let leads = decisions.iter().any(|d| {
                    !matches!(
                        d.target,
                        Target::Inline | Target::Next | Target::Section(_) | Target::Document(_)
                    )
                });
                let kind = if kind == StepKind::Decision && !leads { StepKind::Task } else { kind };
                let procedure = procedure.map(|(title, to)| Procedure { title, to });
                let approval = approval.and_then(|(need, seats, in_order)| {
                    let text = seats.join(if in_order { ", then " } else { ", " });
                    Approval::said_in(&format!("{need} of {text}"))
                });
                let kind = if approval.is_some() { StepKind::Approval } else { kind };
                Step {
                    id: StepId::from_text(&format!("s{n}"), "x"),
                    id_stated,
                    number: String::new(),
                    label: String::new(),
                    title,
                    text,
                    kind,
                    seat: seat.map(|name| StepSeat::new(name, SeatSource::Label, None)),
                    decisions,
                    handoff_to: handoffs.into_iter().collect(),
                    procedure,
                    wait_for,
                    approval,
                    not_by,
                    unanswered,
                    at_most,
                    outcome,
                    due,
                    remind: remind.map(str::to_owned),
                    evidence: evidence
                        .into_iter()
                        .map(|(kind, text)| Evidence {
                            kind: match kind {
                                0 => EvidenceKind::Text,
                                1 => EvidenceKind::Link,
                                _ => EvidenceKind::File,
                            },
                            text,
                        })
                        .collect(),
                    consulted,
                    informed,
                    steps,
                    span: Span::default(),
                }
            },
        )
        .boxed()
}

/// Ids: unique, and derived from the title where they are not stated.
fn give_ids(steps: &mut [Step], top: bool, taken: &mut Vec<String>, counter: &mut usize) {
    for (n, step) in steps.iter_mut().enumerate() {
        let derived = slug(&step.title);
        let fresh = !derived.is_empty() && !taken.contains(&derived);
        let wanted = if top { format!("s{n}") } else { format!("part-{counter}") };
        *counter += 1;
        if top || step.id_stated || !fresh {
            step.id_stated = true;
            step.id = StepId::from_text(&wanted, "x");
        } else {
            step.id = StepId::from_text(&derived, "x");
        }
        taken.push(step.id.as_str().to_owned());
        give_ids(&mut step.steps, false, taken, counter);
    }
}

fn trigger() -> impl Strategy<Value = Trigger> {
    let kinds = prop_oneof![
        Just(TriggerKind::Event),
        Just(TriggerKind::Threshold),
        Just(TriggerKind::Request),
        Just(TriggerKind::Schedule)
    ];
    prop_oneof![
        (kinds, words()).prop_map(|(kind, text)| Trigger {
            kind,
            state: ValueState::Stated,
            cue: Cue::said_in(kind, &text),
            text,
            rule: None,
            span: None
        }),
        Just(Trigger {
            kind: TriggerKind::Threshold,
            state: ValueState::Implied,
            text: "when ad spend crosses 80% of budget".to_owned(),
            rule: None,
            cue: None,
            span: None,
        }),
        Just(Trigger {
            kind: TriggerKind::Schedule,
            state: ValueState::Stated,
            text: "every Monday at 09:00".to_owned(),
            rule: "every Monday at 09:00".parse().ok(),
            cue: None,
            span: None,
        }),
    ]
}

fn owner() -> impl Strategy<Value = Owner> {
    prop_oneof![
        Just(Owner::missing()),
        name().prop_map(|n| Owner { state: OwnerState::Stated, seat: Some(n), ..Owner::missing() }),
        Just(Owner {
            state: OwnerState::Channel,
            seat: Some("#ops".to_owned()),
            ..Owner::missing()
        }),
        Just(Owner { state: OwnerState::Placeholder, ..Owner::missing() }),
        Just(Owner {
            state: OwnerState::Implied,
            seat: Some("the Controller and the CFO".to_owned()),
            several: vec!["Controller".to_owned(), "CFO".to_owned()],
            span: None,
        }),
    ]
}

fn process() -> impl Strategy<Value = Process> {
    let steps = (0_usize..5)
        .prop_flat_map(|count| (0..count).map(|n| step(n, count, 2)).collect::<Vec<_>>());
    (
        (
            words(),
            opt("[a-z]{3,8}"),
            opt(words()),
            owner(),
            proptest::collection::vec(trigger(), 0..3),
        ),
        (
            text(),
            steps,
            proptest::collection::vec(words(), 0..3),
            proptest::collection::vec((words(), opt("[a-z]{1,5} > [0-9]")), 0..3),
        ),
        (opt(1_u16..120), proptest::collection::vec((words(), text()), 0..3), any::<bool>()),
    )
        .prop_map(
            |(
                (title, slug, function, owner, triggers),
                (purpose, mut steps, outputs, failures),
                (review, sections, with_raci),
            )| {
                give_ids(&mut steps, true, &mut Vec::new(), &mut 0);
                let purpose = purpose.replace("### A heading\n\n", "");
                let raci = steps
                    .first()
                    .filter(|_| with_raci)
                    .map(|s| Row {
                        step: "1".to_owned(),
                        title: s.title.clone(),
                        responsible: vec!["Sales".to_owned(), "Head of x, y".to_owned()],
                        accountable: vec!["COO".to_owned()],
                        consulted: vec![],
                        informed: vec!["no".to_owned()],
                    })
                    .into_iter()
                    .collect();
                let rules: Vec<_> = triggers.iter().filter_map(|t| t.rule.clone()).collect();
                Process {
                    slug: Slug::from_text(slug.as_deref().unwrap_or(&title), "process"),
                    title,
                    function,
                    owner,
                    triggers,
                    purpose,
                    steps,
                    expected_output: outputs
                        .into_iter()
                        .enumerate()
                        .map(|(n, text)| Output {
                            checks: vec![plain(&text); n],
                            text: plain(&text),
                            span: Span::default(),
                        })
                        .collect(),
                    failure_signals: failures
                        .into_iter()
                        .map(|(text, rule)| FailureSignal {
                            text: plain(&text),
                            rule,
                            span: Span::default(),
                        })
                        .collect(),
                    review: Review {
                        last: review.and_then(|n| {
                            jiff::civil::Date::new(2026, 1, i8::try_from(n % 28 + 1).ok()?).ok()
                        }),
                        ..Review::of(review.and_then(Cadence::months), &rules)
                    },
                    raci,
                    cleanup: Vec::new(),
                    sections: sections
                        .into_iter()
                        .map(|(title, text)| Section { title, text })
                        .collect(),
                }
            },
        )
}

/// Output and failure texts are Markdown: only words that mean the same there.
fn plain(text: &str) -> String {
    text.replace(['`', '\\', '<', '>', '*', '_', '[', ']', '|'], "")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_reads_back_as_the_same_process(process in process()) {
        let wanted = canonical(&process).without_spans();
        let text = print(&process);
        let read = compile(&text, "x.md").processes;
        prop_assert_eq!(read.len(), 1);
        let got = read[0].clone().without_spans();
        prop_assert_eq!(&got, &wanted, "{}", text);
        prop_assert_eq!(print(&got), text);
    }

    #[test]
    fn an_agent_sop_reads_back_as_the_same_process(process in process()) {
        let file = agent_sop::write(&process);
        let text = agent_sop::read(&file).expect("the format");
        let got: Vec<Process> = compile(&text, "x.md").processes.into_iter().map(Process::without_spans).collect();
        prop_assert_eq!(got, vec![canonical(&process).without_spans()], "{}\n-----\n{}", file, text);
        // What the format asks for is there, and the description that is made of it is one plain value.
        let overview = file.split("## Overview\n\n").nth(1).and_then(|rest| rest.split("\n\n## ").next()).unwrap_or_default();
        prop_assert!(!overview.contains(": ") && !overview.contains(" #") && !overview.contains('\n'), "{}", overview);
        prop_assert!(file.contains("\n## Parameters\n") && file.contains("\n## Steps\n"));
    }

    #[test]
    fn several_processes_read_back_as_the_same(all in proptest::collection::vec(process(), 2..4)) {
        let mut all: Vec<Process> = all.iter().map(canonical).filter(|p| !p.steps.is_empty()).collect();
        let mut slugs: Vec<String> = Vec::new();
        all.retain(|p| { let fresh = !slugs.contains(&p.slug.to_string()); slugs.push(p.slug.to_string()); fresh });
        prop_assume!(all.len() > 1);
        let text = print_all(&all);
        let got: Vec<Process> = compile(&text, "x.md").processes.into_iter().map(Process::without_spans).collect();
        let wanted: Vec<Process> = all.into_iter().map(Process::without_spans).collect();
        prop_assert_eq!(got, wanted, "{}", text);
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(!compile_bytes(&bytes, "x.md").1.processes.is_empty());
    }

    #[test]
    fn any_document_formats_to_a_form_that_stays(lines in proptest::collection::vec(prop_oneof![
        Just("# Title"), Just("## Steps"), Just("### 2. Sub"), Just("1. Do it. Then more."), Just("   1. inner"), Just("2. **Lead** — Sales Team"), Just("- If bad, go to step 1."),
        Just("   - Otherwise, continue."), Just("- [ ] box"), Just("---"), Just("owner: X"), Just("If it rains, stop."), Just(""), Just("    code"), Just("> quote"), Just("```"),
        Just("| Step | Who | What |"), Just("|---|---|---|"), Just("| 1 | Sales | Sell |"), Just("Step 1: go"), Just("A. letter"), Just("**Bold:** x"), Just("Wait for `x` <b>"), Just("[a]: http://x"), Just("a [a] b"),
        Just("## Expected output"), Just("## Troubleshooting"), Just("&amp; *x"), Just("\t- tab"), Just("<!-- c -->"), Just("Notify the QA Lead."), Just("1) other"), Just("10. ten"), Just("+ plus"), Just("==="),
    ], 0..25)) {
        let source = lines.join("\n");
        match format(&source, "x.md") {
            Formatted::Same => {}
            Formatted::Changed(made) => prop_assert_eq!(format(&made, "x.md"), Formatted::Same, "{}\n-----\n{}", source, made),
            Formatted::WouldLose { words } => prop_assert!(!words.is_empty(), "{}", source),
        }
    }
}
