//! The first-day audit: questions by function, what to write down first, and how the coverage grows.

use crate::{
    Site,
    gate::Sent,
    pages::library,
    refusal::Fault,
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        chart,
        field::{self, Choice, Field, Input},
        icon::Icon,
        layout::{self, Part, Width},
        list::{self, Stat},
        notice,
        table::{self, Column, Narrow},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    routing::{get, post},
};
use gemba_app::{
    Act, access,
    first_day::{self, Asked, Consequence, FirstDay, Frequency, FunctionRow, Question, Said},
    library::Cover,
    seats,
};
use gemba_model::Slug;
use maud::{Markup, html};
use std::collections::BTreeMap;

const PAGE: &str = "/audit/first-day";

/// What a form of the audit sends: names and values, as often as there are questions.
type Typed = Vec<(String, String)>;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route(PAGE, get(overview))
        .route("/audit/first-day/drafts", post(draft))
        .route("/audit/first-day/{function}", get(ask).post(answer))
        .route("/audit/first-day/{function}/own", post(add))
}

fn address(function: &str) -> String {
    format!("{PAGE}/{}", Slug::from_text(function, "function"))
}

async fn overview(visit: Visit) -> Answer {
    let day = first_day::overview(&visit.app, &visit.who).await?;
    let start = day.functions.iter().find(|f| f.n_answered < f.n_asked);
    let acts: Vec<Markup> = match start {
        Some(row) if day.may_answer => {
            let label = if day.ranked.is_empty() { "Start with" } else { "Go on with" };
            let label = format!("{label} {}", row.name.to_lowercase());
            vec![act::link_button(&address(&row.name), &label, Weight::Primary)]
        }
        _ => Vec::new(),
    };
    let body = html! {
        (layout::breadcrumbs(&[("Audit", "/audit")]))
        (layout::head(
            "First-day audit",
            Some("Which processes does this company run on, and which must be written down first?"),
            &[],
            &acts,
        ))
        @if day.functions.iter().all(|f| f.n_answered == 0) {
            (notice::empty_state(
                Icon::Audit,
                "Nobody has answered yet",
                "Six short lists of questions, one for each part of the company: does this happen here, how often, how bad is it when it goes wrong, who does it? From the answers comes the list of the ten to fifteen processes to write down first, each with a draft to start from.",
                None,
            ))
        } @else {
            (figures(&day))
        }
        (layout::section("Coverage by function", Some("of what happens here"), &grid(&day)))
        @if !day.ranked.is_empty() {
            (layout::section(
                "Write down first",
                Some("every week and bad when it goes wrong, filled up by weight"),
                &first(&visit, &day),
            ))
        }
    };
    Ok(visit.page("First-day audit", Some(Part::Audit), Width::Wide, &body))
}

fn figures(day: &FirstDay) -> Markup {
    let sum = |count: fn(&FunctionRow) -> usize| day.functions.iter().map(count).sum::<usize>();
    let (asked, answered) = (sum(|f| f.n_asked), sum(|f| f.n_answered));
    let first = day.ranked.iter().take(day.n_first);
    let written = first.filter(|q| matches!(q.cover, Cover::InForce(_))).count();
    let covered = sum(|f| f.n_in_force);
    let happening = day.ranked.len();
    html! {
        (list::stats(&[
            Stat {
                label: "Answered",
                value: &format!("{answered} of {asked}"),
                note: Some((Tone::Neutral, "questions")),
                href: None,
            },
            Stat {
                label: "Happen here",
                value: &happening.to_string(),
                note: Some((Tone::Neutral, "processes")),
                href: None,
            },
            Stat {
                label: "First round",
                value: &format!("{written} of {}", day.n_first),
                note: Some((
                    if written == day.n_first { Tone::Good } else { Tone::Warn },
                    "in force",
                )),
                href: None,
            },
            Stat {
                label: "Covered",
                value: &format!("{} %", percent(covered, happening)),
                note: Some((Tone::Neutral, "of what happens here is in force")),
                href: None,
            },
        ]))
        (growth(day))
    }
}

fn percent(part: usize, whole: usize) -> usize {
    (part * 100).checked_div(whole).unwrap_or_default()
}

fn growth(day: &FirstDay) -> Markup {
    let count = |n: &usize| u32::try_from(*n).ok().map(f64::from);
    let values: Vec<Option<f64>> = day.growth.iter().map(count).collect();
    let goal = count(&day.ranked.len());
    html! {
        p class="growth" {
            (chart::sparkline(&values, goal, " processes"))
            span class="muted small" {
                "In force at the end of each of the last " (day.growth.len()) " weeks; the line is everything that happens here."
            }
        }
    }
}

fn grid(day: &FirstDay) -> Markup {
    let columns = [
        Column::text("Function"),
        Column::number("Answered"),
        Column::number("Happen here"),
        Column::text("Written down"),
        Column::number("In force"),
        Column::number("Drafts"),
        Column::number("Not written"),
    ];
    let rows: Vec<Vec<Markup>> = day
        .functions
        .iter()
        .map(|row| {
            let open = row.n_happening.saturating_sub(row.n_in_force + row.n_drafts);
            vec![
                html! { a href=(address(&row.name)) { (row.name) } },
                html! { (row.n_answered) span class="muted small" { " of " (row.n_asked) } },
                html! { (row.n_happening) },
                bar(row),
                html! { (row.n_in_force) },
                html! { (row.n_drafts) },
                html! { (open) },
            ]
        })
        .collect();
    table::table("Coverage by function", &columns, &rows, Narrow::Stack)
}

/// What is in force, then drafts, then nothing, as one bar.
fn bar(row: &FunctionRow) -> Markup {
    let in_force = percent(row.n_in_force, row.n_happening);
    let drafts = percent(row.n_drafts, row.n_happening);
    html! {
        svg class="cover-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"
            focusable="false" {
            rect class="rest" x="0" y="0" width="100" height="10" {}
            rect class="draft" x=(in_force) y="0" width=(drafts) height="10" {}
            rect class="in-force" x="0" y="0" width=(in_force) height="10" {}
        }
    }
}

fn first(visit: &Visit, day: &FirstDay) -> Markup {
    let (first, later) = day.ranked.split_at(day.n_first.min(day.ranked.len()));
    let open = day.ranked.iter().filter(|q| q.cover == Cover::Nothing).count();
    let may = day.may_answer;
    html! {
        form method="post" action={ (PAGE) "/drafts" } class="stack" {
            (act::csrf(&visit.csrf))
            (ranking(first, 1, may, true))
            @if !later.is_empty() {
                (list::fold(
                    &format!("{} for later", later.len()),
                    &ranking(later, first.len() + 1, may, false),
                    false,
                ))
            }
            @if may && open > 0 {
                (act::buttons(&[act::button("Make drafts of the chosen", Weight::Primary)]))
            }
        }
    }
}

fn ranking(questions: &[Question], from: usize, may: bool, chosen: bool) -> Markup {
    html! {
        ol class="ranking" start=(from) {
            @for (nth, question) in questions.iter().enumerate() {
                li {
                    span class="rank" aria-hidden="true" { (from + nth) }
                    div class="item-words" {
                        (named(question, may, chosen))
                        div class="item-facts" {
                            span { (question.weight.frequency.says()) }
                            span { (question.weight.consequence.says()) }
                            @if !question.seat.is_empty() { span { (question.seat) } }
                        }
                    }
                    div class="item-side" { (library::cover(&question.cover)) }
                }
            }
        }
    }
}

/// The title: with a box to choose it by, where a draft can be made.
fn named(question: &Question, may: bool, chosen: bool) -> Markup {
    let id = format!("draft-{}", question.slug);
    html! {
        @match &question.cover {
            Cover::Nothing if may => {
                div class="pick" {
                    input type="checkbox" id=(id) name="draft" value=(question.slug) checked[chosen];
                    label for=(id) { (question.title) }
                }
            }
            Cover::Nothing => { span class="item-title" { (question.title) } }
            Cover::Draft(slug) | Cover::InForce(slug) => {
                a class="item-title" href={ "/processes/" (slug) } { (question.title) }
            }
        }
    }
}

async fn draft(Sent { visit, form }: Sent<Typed>) -> Answer {
    let slugs: Vec<String> =
        form.into_iter().filter(|(name, _)| name == "draft").map(|(_, slug)| slug).collect();
    first_day::draft(&visit.app, &visit.who, &slugs).await?;
    Ok(go(PAGE, Done::Drafted))
}

async fn ask(visit: Visit, Path(function): Path<String>) -> Answer {
    let asked = first_day::function(&visit.app, &visit.who, &function).await?;
    page(&visit, &asked, None, "").await
}

async fn answer(Path(function): Path<String>, Sent { visit, form }: Sent<Typed>) -> Answer {
    let asked = first_day::function(&visit.app, &visit.who, &function).await?;
    let typed: BTreeMap<&str, &str> =
        form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let said = asked.questions.iter().filter_map(|question| said(question, &typed)).collect();
    match first_day::answer(&visit.app, &visit.who, said).await {
        Ok(()) => {
            let next = asked.next.map_or_else(|| PAGE.to_owned(), |next| format!("{PAGE}/{next}"));
            Ok(go(&next, Done::Saved))
        }
        Err(error) => page(&visit, &asked, Some(Fault::of(error)?), "").await,
    }
}

/// What the form says about a question; none where nobody said whether it happens.
fn said(question: &Question, typed: &BTreeMap<&str, &str>) -> Option<Said> {
    let value = |what: &str| {
        typed.get(format!("{}.{what}", question.slug).as_str()).copied().unwrap_or_default()
    };
    let happens = match value("happens") {
        "yes" => true,
        "no" => false,
        _ => return None,
    };
    let mut weight = question.weight;
    weight.frequency = Frequency::of(value("often")).unwrap_or(weight.frequency);
    weight.consequence = Consequence::of(value("bad")).unwrap_or(weight.consequence);
    Some(Said { slug: question.slug.clone(), happens, weight, seat: value("seat").to_owned() })
}

async fn add(Path(function): Path<String>, Sent { visit, form }: Sent<Typed>) -> Answer {
    let asked = first_day::function(&visit.app, &visit.who, &function).await?;
    let title = form.iter().find(|(name, _)| name == "title").map_or("", |(_, value)| value);
    match first_day::add(&visit.app, &visit.who, &asked.function, title).await {
        Ok(()) => Ok(go(&format!("{}#own", address(&asked.function)), Done::Saved)),
        Err(error) => page(&visit, &asked, Some(Fault::of(error)?), title).await,
    }
}

async fn page(visit: &Visit, asked: &Asked, fault: Option<Fault>, title: &str) -> Answer {
    let may = access::may(&visit.who, Act::Manage);
    let chart = seats::list(&visit.app, &visit.who).await?;
    let names: Vec<&str> = chart.iter().map(|s| s.seat.name.as_str()).collect();
    let here = address(&asked.function);
    let label = match &asked.next {
        Some(_) => "Save and go on",
        None => "Save and see what comes first",
    };
    let body = html! {
        (layout::breadcrumbs(&[("Audit", "/audit"), ("First-day audit", PAGE)]))
        (layout::head(
            &asked.function,
            Some("Say what happens here. What you are not sure about can stay open."),
            &[],
            &[],
        ))
        (field::error_summary(&Fault::all(fault.as_ref())))
        @if may {
            form class="questions" method="post" action=(here) {
                (act::csrf(&visit.csrf))
                @for question in &asked.questions { (form_of(question)) }
                datalist id="seat-offers" { @for name in &names { option value=(name) {} } }
                (act::buttons(&[
                    act::button(label, Weight::Primary),
                    act::link_button(PAGE, "Back to the overview", Weight::Quiet),
                ]))
            }
            div id="own" {
                (layout::section("Something else happens here", None, &html! {
                    form class="form" method="post" action={ (here) "/own" } {
                        (act::csrf(&visit.csrf))
                        (field::text(
                            &Field::new("title", "Its name")
                                .hint("As people call it: \"Grant reporting\"")
                                .error(Fault::at(fault.as_ref(), "title")),
                            Input::Text,
                            title,
                        ))
                        (act::button("Add it to the questions", Weight::Secondary))
                    }
                }))
            }
        } @else {
            (answers(&asked.questions))
        }
    };
    let status = fault.as_ref().map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    Ok(visit.page_with(status, &asked.function, Some(Part::Audit), Width::Reading, &body))
}

fn form_of(question: &Question) -> Markup {
    let name = |what: &str| format!("{}.{what}", question.slug);
    let (happens, often, bad, seat) = (name("happens"), name("often"), name("bad"), name("seat"));
    let choices =
        [Choice::new("yes", "Yes"), Choice::new("no", "No"), Choice::new("", "Not sure yet")];
    let chosen = match question.happens {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    };
    let often_choices = Frequency::ALL.map(|one| Choice::new(one.word(), one.says()));
    let bad_choices = Consequence::ALL.map(|one| Choice::new(one.word(), one.says()));
    html! {
        section class="card question" aria-labelledby={ (question.slug) "-title" } {
            div class="question-head" {
                h2 id={ (question.slug) "-title" } {
                    @if question.ask.is_some() {
                        a href={ "/library/" (question.slug) } { (question.title) }
                    } @else { (question.title) }
                }
                (library::cover(&question.cover))
            }
            (field::radios(
                &Field::new(&happens, question.ask.unwrap_or("Does it happen here?")),
                &choices,
                Some(chosen),
            ))
            div class="question-more" {
                (field::select(
                    &Field::new(&often, "How often?"),
                    &often_choices,
                    question.weight.frequency.word(),
                ))
                (field::select(
                    &Field::new(&bad, "How bad if it goes wrong?"),
                    &bad_choices,
                    question.weight.consequence.word(),
                ))
                (field::offered(
                    &Field::new(&seat, "Who does it?").optional(),
                    "seat-offers",
                    &question.seat,
                ))
            }
        }
    }
}

/// What was answered, for those who do not answer.
fn answers(questions: &[Question]) -> Markup {
    let columns = [
        Column::text("Process"),
        Column::text("Happens here"),
        Column::text("How often"),
        Column::text("If it goes wrong"),
        Column::text("Written down"),
    ];
    let rows: Vec<Vec<Markup>> = questions
        .iter()
        .map(|question| {
            let happens = match question.happens {
                Some(true) => badge(Tone::Good, "Yes"),
                Some(false) => badge(Tone::Neutral, "No"),
                None => badge(Tone::Warn, "Nobody said"),
            };
            vec![
                html! { (question.title) },
                happens,
                html! { (question.weight.frequency.says()) },
                html! { (question.weight.consequence.says()) },
                library::cover(&question.cover),
            ]
        })
        .collect();
    table::table("Answers", &columns, &rows, Narrow::Stack)
}
