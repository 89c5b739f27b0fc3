//! The RACI matrix as a table that one fills in: who answers for each step, is asked before, is told
//! after. What is filled in is written into the draft of the document.

use crate::{
    Site,
    gate::Sent,
    refusal::{Fault, Refusal},
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        field,
        layout::{self, Part, Width},
        notice,
        table::{self, Column, Narrow},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{Router, extract::Path, http::StatusCode, routing::get};
use gemba_app::{
    Error,
    processes::{self, DraftView},
    seats,
    writing::{self, Assigned},
};
use gemba_model::{
    Process, Step,
    raci::{self, Row},
};
use maud::{Markup, html};

pub(super) fn router() -> Router<Site> {
    Router::new().route("/processes/{slug}/raci", get(show).post(save))
}

type Fields = Vec<(String, String)>;

/// The columns that are filled in: the beginning of a field's name, and the heading.
const COLUMNS: [(&str, &str); 3] =
    [("accountable", "Accountable"), ("consulted", "Consulted"), ("informed", "Informed")];

async fn show(visit: Visit, Path(slug): Path<String>) -> Answer {
    let draft = processes::draft(&visit.app, &visit.who, &slug).await?;
    page(&visit, &draft, &Vec::new(), None).await
}

async fn save(Path(slug): Path<String>, Sent { visit, form }: Sent<Fields>) -> Answer {
    let version: i64 = value(&form, "version").and_then(|v| v.parse().ok()).unwrap_or(0);
    let draft = processes::draft(&visit.app, &visit.who, &slug).await?;
    let fault = if draft.version == version {
        let asked = asked(&draft.checked.process, &form);
        match writing::assign(&visit.who, &draft.source, &slug, &asked) {
            Ok(made) => match processes::save_draft(&visit.app, &visit.who, &slug, made, version)
                .await
            {
                Ok(_) => return Ok(go(&format!("/processes/{slug}/draft/changes"), Done::Saved)),
                Err(Error::Changed { .. }) => Fault::new("raci", OVERTAKEN),
                Err(other) => return Err(Refusal::App(other)),
            },
            Err(error) => Fault::of(error)?,
        }
    } else {
        Fault::new("raci", OVERTAKEN)
    };
    page(&visit, &draft, &form, Some(&fault)).await
}

fn value<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
}

/// What a form asks for, of the steps that it knew.
fn asked(process: &Process, form: &Fields) -> Vec<Assigned> {
    let of = |step: &Step| {
        let names = |column: &str| Some(list(value(form, &named(column, step))?));
        Some(Assigned {
            step: step.id.clone(),
            accountable: names("accountable")?,
            consulted: names("consulted")?,
            informed: names("informed")?,
        })
    };
    process.steps.iter().filter_map(of).collect()
}

/// The name of a field: by the step itself, as its place may be another when the form comes back.
fn named(column: &str, step: &Step) -> String {
    format!("{column}.{}", step.id)
}

/// What is said to one who comes second.
const OVERTAKEN: &str = "Somebody saved this draft after you opened the table. Nothing was overwritten: what you typed stands \
     below, beside the steps as they are now. Look at it and save again.";

/// The names that somebody typed, parted by commas.
fn list(typed: &str) -> Vec<String> {
    let names = typed.split([',', ';']).map(|name| name.split_whitespace().collect::<Vec<_>>());
    names.filter(|words| !words.is_empty()).map(|words| words.join(" ")).collect()
}

async fn page(visit: &Visit, draft: &DraftView, typed: &Fields, fault: Option<&Fault>) -> Answer {
    let process = &draft.checked.process;
    let home = format!("/processes/{}", draft.slug);
    let seats = seats::list(&visit.app, &visit.who).await?;
    let title = format!("Who does what in {}", process.title);
    let body = html! {
        (layout::breadcrumbs(&[("Processes", "/processes"), (&process.title, &home)]))
        (layout::head(&title, Some("One seat answers for each step, others are asked before or told after: write their names, with commas between several. It is written into the draft."), &[], &[]))
        (field::error_summary(&Fault::all(fault)))
        @if process.steps.is_empty() {
            (notice::empty_state(crate::ui::icon::Icon::Document, "There are no steps yet",
                "The table has a row for each step of the document. Write the first step, then say here who answers for it.",
                Some(&act::link_button(&format!("{home}/edit"), "Write the document", Weight::Primary))))
        } @else if !draft.may_write {
            (notice::banner(Tone::Neutral, &html! { "You can read this. Its owner, managers and above may change it." }, None))
            (table(process, None))
        } @else {
            form id="raci" method="post" action={ (home) "/raci" } {
                (act::csrf(&visit.csrf))
                (act::hidden("version", &draft.version.to_string()))
                datalist id="seats" { @for seat in &seats { option value=(seat.seat.name) {} } }
                (table(process, Some(typed)))
                (act::buttons(&[
                    act::button("Save the table in the draft", Weight::Primary),
                    act::link_button(&format!("{home}?view=raci"), "Leave it as it is", Weight::Quiet),
                ]))
            }
        }
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(visit.page_with(status, &title, Some(Part::Processes), Width::Full, &body))
}

/// The table to read, or to fill in with what was typed last.
fn table(process: &Process, typed: Option<&Fields>) -> Markup {
    let columns = [
        Column::text("Step"),
        Column::text("Responsible"),
        Column::text("Accountable"),
        Column::text("Consulted"),
        Column::text("Informed"),
    ];
    let rows: Vec<Vec<Markup>> = raci::matrix(process)
        .iter()
        .zip(&process.steps)
        .map(|(row, step)| {
            let head = html! {
                (row.step) " " (row.title)
                @for conflict in raci::conflicts(process, step) {
                    div class="under" { (badge(Tone::Bad, super::processes::conflict_words(conflict))) }
                }
            };
            let mut cells = vec![head, html! { (row.responsible.join(", ")) }];
            cells.extend(COLUMNS.into_iter().map(|(name, label)| {
                let words = of(row, name).join(", ");
                let Some(typed) = typed else { return html! { (words) } };
                let name = named(name, step);
                let value = value(typed, &name).unwrap_or(&words);
                html! {
                    input class="input" type="text" name=(name) value=(value) list="seats" autocomplete="off"
                        aria-label={ (label) ": " (row.step) " " (row.title) };
                }
            }));
            cells
        })
        .collect();
    table::table("Who does what", &columns, &rows, Narrow::Stack)
}

fn of<'r>(row: &'r Row, column: &str) -> &'r [String] {
    match column {
        "accountable" => &row.accountable,
        "consulted" => &row.consulted,
        _ => &row.informed,
    }
}
