//! Writes pages that show every component, to be looked at and to be checked by machines.

use gemba_web::ui::{
    act::{self, Weight},
    badge::{Tone, badge},
    chart::{self, Bar, Week},
    editor::{self, Editor, Finding, Pane},
    field::{self, Choice, Field, Input},
    holder::{HolderKind, holder, large_avatar, vacant},
    icon::Icon,
    layout::{self, Frame, Part, Tab, Theme, Width},
    list::{self, Happening, Item, Stat},
    moment, notice,
    step::{self, StepState, StepView},
    table::{self, Column, Narrow},
};
use jiff::{Timestamp, civil::date, tz::TimeZone};
use maud::{Markup, html};
use std::{env, fs, io, path::PathBuf};

fn main() -> io::Result<()> {
    let target = env::args().nth(1).map_or_else(|| PathBuf::from("target"), PathBuf::from);
    fs::create_dir_all(&target)?;
    for theme in Theme::ALL {
        let pages = [
            ("work", "My work", Part::MyWork, Width::Reading, work()),
            ("process", "Monthly invoicing", Part::Processes, Width::Wide, process()),
            ("scorecard", "Scorecard", Part::Scorecard, Width::Wide, scorecard()),
            ("forms", "Settings", Part::Settings, Width::Reading, forms()),
            ("editor", "Edit monthly invoicing", Part::Processes, Width::Full, edit()),
        ];
        for (name, title, part, width, body) in pages {
            let page = layout::page(&frame(theme), title, Some(part), width, &body);
            write(&target, name, theme, &page)?;
        }
        write(&target, "sign-in", theme, &layout::plain_page("Sign in", theme, &sign_in()))?;
    }
    Ok(())
}

fn write(target: &std::path::Path, name: &str, theme: Theme, page: &Markup) -> io::Result<()> {
    fs::write(target.join(format!("gallery-{name}-{}.html", theme.word())), &page.0)
}

fn frame(theme: Theme) -> Frame<'static> {
    Frame {
        workspace: "Northlight Studio",
        who: "Ada Lindqvist",
        role: "Owner",
        csrf: "token",
        theme,
        here: "/",
        waiting: 4,
        flash: (theme == Theme::Dark)
            .then_some((Tone::Good, "Step completed. The run went on to Delivery lead.")),
    }
}

fn now() -> Timestamp {
    Timestamp::from_second(1_772_452_800).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn away(hours: i64) -> Timestamp {
    Timestamp::from_second(now().as_second() + hours * 3600).unwrap_or(now())
}

fn ago(hours: i64) -> Markup {
    moment::time(away(-hours), now(), &TimeZone::UTC)
}

fn work() -> Markup {
    let item = |title, hours, process: &str, label: &str| Item {
        href: "/runs/1",
        title,
        facts: vec![html! { (process) }, html! { "Run 214" }, html! { "as Accounting" }],
        side: html! {
            (moment::due(away(hours), now(), &TimeZone::UTC))
            (act::link_button("/runs/1", label, if hours < 0 { Weight::Primary } else { Weight::Secondary }))
        },
    };
    let due = [
        item("Collect hours from every project lead", -50, "Monthly invoicing", "Complete step"),
        item(
            "Decide whether the lead fits the profile of a customer",
            3,
            "Lead qualification",
            "Decide",
        ),
        item("Reconcile the bank statement", 90, "Weekly bookkeeping", "Complete step"),
    ];
    html! {
        (layout::head("My work", Some("Three steps are due, one of them late. The client waits for it."), &[], &[]))
        (notice::banner(Tone::Warn, &html! { "Two processes you own have not been reviewed in time. " a href="/audit" { "See which" } }, None))
        (layout::section("Due", Some("most pressing first"), &list::items(&due)))
        (layout::section("Reviews", None, &notice::empty_state(
            Icon::Document, "No review is due",
            "A process is held against reality as often as it runs: what runs daily, every month. Reviews of the processes you own appear here when they fall due.",
            Some(&act::link_button("/processes", "See the processes you own", Weight::Secondary)),
        )))
        (list::fold("Waiting for others (2)", &html! { p { "Delivery lead: hand over the acceptance note" } }, true))
    }
}

fn drawing() -> Markup {
    html! {
        svg viewBox="0 0 1320 240" width="1320" height="240" role="img" aria-label="Two lanes, four steps" fill="none" stroke="currentColor" {
            rect x="1" y="1" width="1318" height="119" {} rect x="1" y="120" width="1318" height="119" {}
            rect x="120" y="40" width="180" height="44" rx="6" {} rect x="420" y="40" width="180" height="44" rx="6" {}
            path d="M300 62h120M600 62h180v90" {} rect x="690" y="152" width="180" height="44" rx="6" {}
            text x="16" y="64" fill="currentColor" stroke="none" font-size="13" { "Accounting" }
            text x="16" y="180" fill="currentColor" stroke="none" font-size="13" { "Delivery lead" }
            text x="140" y="67" fill="currentColor" stroke="none" font-size="13" { "Collect hours" }
            text x="440" y="67" fill="currentColor" stroke="none" font-size="13" { "Draft invoices" }
            text x="710" y="179" fill="currentColor" stroke="none" font-size="13" { "Approve drafts" }
        }
    }
}

fn process() -> Markup {
    let tab = |label, count, current| Tab { label, href: "#", count, current };
    let view = |number, id, title, state, body| StepView {
        number,
        id,
        title,
        state,
        facts: vec![holder("Mira Okafor", HolderKind::Person), html! { "within 2 days" }],
        body,
    };
    let happening = |tone, what, hours, more| Happening { tone, what, when: ago(hours), more };
    let content = html! {
        (layout::section("Map", Some("revision 4"), &step::map("map", "Map of monthly invoicing", &drawing())))
        (layout::section("Steps", None, &step::steps(&[
            view("1", "collect", "Collect hours", StepState::Done, Some(html! { p class="muted" { "All eleven projects in." } })),
            view("2", "draft", "Draft the invoices", StepState::Now, Some(html! {
                p { "One invoice for each client with hours this month. If the client is on a retainer, bill the retainer." }
                form class="form" method="post" action="#" {
                    (act::csrf("token"))
                    (field::radios(&Field::new("branch", "Is the client on a retainer?"), &[Choice::new("yes", "Yes, bill the retainer"), Choice::new("no", "No, bill the hours")], Some("no")))
                    (field::text(&Field::new("evidence", "Link to the drafts").hint("The folder, not a single file"), Input::Url, ""))
                    (act::buttons(&[act::button("Complete step", Weight::Primary), act::link_button("#", "Report a problem", Weight::Quiet)]))
                }
            })),
            view("3", "approve", "Approve the drafts", StepState::Coming, None),
        ])))
    };
    let panel = html! {
        (layout::section("About", None, &list::facts(&[
            ("Owner", holder("Mira Okafor", HolderKind::Person)),
            ("Checked by", holder("ledger-bot", HolderKind::Agent)),
            ("Backup", vacant()),
            ("Starts", html! { "Monthly, on the 1st" }),
            ("Next review", moment::day(date(2026, 4, 1), date(2026, 3, 2))),
            ("Id", act::copyable("monthly-invoicing", "the id")),
        ])))
        (layout::section("What happened", None, &list::timeline(&[
            happening(Tone::Live, html! { "Mira Okafor claimed " strong { "Draft the invoices" } }, 1, None),
            happening(Tone::Good, html! { "ledger-bot completed " strong { "Collect hours" } }, 26, Some(html! { "All eleven projects in." })),
            happening(Tone::Warn, html! { "The reminder went out" }, 50, None),
            happening(Tone::Neutral, html! { "The run started by schedule" }, 72, None),
        ])))
    };
    html! {
        (layout::breadcrumbs(&[("Processes", "/processes"), ("Finance", "/processes?function=finance")]))
        (layout::head("Monthly invoicing", None,
            &[badge(Tone::Good, "Verified"), html! { "by Mira Okafor " (ago(400)) }, html! { "revision 4" }],
            &[act::edit_link("#", "Edit"), act::act("#", "token", "Start a run", Weight::Primary)]))
        (layout::tabs("Views of this process", &[
            tab("Document", None, true), tab("Map", None, false), tab("RACI", None, false), tab("Runs", Some(12), false), tab("History", None, false),
        ]))
        (layout::beside(&content, "About this process", &panel))
    }
}

fn scorecard() -> Markup {
    let mut weeks = vec![
        Week::None,
        Week::On,
        Week::On,
        Week::Off,
        Week::On,
        Week::On,
        Week::On,
        Week::Off,
        Week::Off,
        Week::On,
        Week::On,
        Week::On,
    ];
    weeks.push(Week::Pending);
    let values: Vec<Option<f64>> = [0, 42, 47, 31, 49, 52, 55, 38, 36, 51, 54, 58, 0]
        .iter()
        .map(|v| (*v > 0).then(|| f64::from(*v)))
        .collect();
    let row = |name, value, tone, word, agent| {
        vec![
            table::row_link_with("#", name, "at least 45 a week"),
            html! { (value) },
            badge(tone, word),
            chart::trail(&weeks),
            chart::sparkline(&values, Some(45.0), ""),
            holder(
                if agent { "kpi-bot" } else { "Jonas Weber" },
                if agent { HolderKind::Agent } else { HolderKind::Person },
            ),
        ]
    };
    let columns = [
        Column::text("Measurable"),
        Column::number("Last week"),
        Column::tight("State"),
        Column::tight("13 weeks"),
        Column::tight("Course"),
        Column::text("Owner"),
    ];
    let rows = [
        row("Qualified leads", "58", Tone::Good, "On track", true),
        row("Invoices paid within 30 days", "81 %", Tone::Bad, "Off track", false),
        row("Hours billed", "412 h", Tone::Neutral, "Pending", true),
    ];
    let bar = |label, value: f64, shown, tone| Bar { label, value, shown, tone };
    html! {
        (layout::head("Scorecard", Some("Two of three measurables are on track."), &[], &[act::icon_link("#", Icon::Plus, "Add a measurable", Weight::Secondary)]))
        (list::stats(&[
            Stat { label: "On track", value: "2 of 3", note: Some((Tone::Good, "one more than last week")), href: None },
            Stat { label: "Runs this week", value: "37", note: Some((Tone::Neutral, "31 the week before")), href: Some("#") },
            Stat { label: "Late steps", value: "4", note: Some((Tone::Bad, "two of them over a day")), href: Some("#") },
            Stat { label: "Without an owner", value: "2", note: Some((Tone::Warn, "of 14 processes")), href: Some("#") },
        ]))
        (table::table("Measurables", &columns, &rows, Narrow::Stack))
        (table::pager("3 of 3 measurables", None, Some("#")))
        (layout::section("RACI", None, &table::table("RACI of monthly invoicing",
            &[Column::text("Step"), Column::text("Responsible"), Column::text("Accountable"), Column::text("Consulted"), Column::text("Informed")],
            &[vec![html! { "Collect hours" }, html! { "Accounting" }, html! { "Head of finance" }, html! { "Delivery lead" }, html! { "Owner" }]], Narrow::Scroll)))
        (chart::bar_chart("Where the time goes", "Hours", &[
            bar("Collect hours", 31.0, "31 h", Tone::Neutral), bar("Draft the invoices", 52.5, "52.5 h", Tone::Warn), bar("Approve", 4.0, "4 h", Tone::Good),
        ]))
        (list::cards(&[html! { h2 { "Finance" } p class="muted" { "4 processes, all with an owner" } }, html! { h2 { "Marketing" } (badge(Tone::Bad, "2 gaps")) }]))
    }
}

fn forms() -> Markup {
    let name = Field::new("name", "Name of the workspace")
        .hint("Shown at the top of every page")
        .error(Some("Enter a name"));
    html! {
        (layout::head("Settings", None, &[], &[]))
        form class="form" method="post" action="#" {
            (field::error_summary(&[("name", "Enter a name"), ("days", "Choose at least one day")]))
            (act::csrf("token"))
            (field::text(&name, Input::Text, ""))
            (field::select(&Field::new("zone", "Time zone"), &[Choice::new("utc", "UTC"), Choice::new("be", "Europe/Berlin")], "be"))
            (field::textarea(&Field::new("note", "What the company does").optional(), "", 3))
            (field::text(&Field::new("goal", "Weekly goal"), Input::Number, "45"))
            (field::checkboxes(&Field::new("days", "Working days").error(Some("Choose at least one day")), &[Choice::new("mo", "Monday"), Choice::new("tu", "Tuesday")], &[]))
            (field::radios(&Field::new("role", "Role"), &[
                Choice { hint: Some("Does the work of the seats held"), ..Choice::new("member", "Member") },
                Choice { hint: Some("Edits and publishes any process"), ..Choice::new("manager", "Manager") },
            ], Some("member")))
            (field::checkbox(&Field::new("mail", "Send a summary by mail").hint("Mondays at 07:00"), true))
            (act::buttons(&[act::button("Save settings", Weight::Primary), act::link_button("#", "Cancel", Weight::Quiet)]))
        }
        (layout::section("States", None, &html! { div class="cluster" {
            (badge(Tone::Neutral, "Draft")) (badge(Tone::Live, "Running")) (badge(Tone::Good, "Verified")) (badge(Tone::Warn, "Review due")) (badge(Tone::Bad, "Overdue"))
            (large_avatar("Ada Lindqvist", HolderKind::Person)) (large_avatar("kpi-bot", HolderKind::Agent))
        } }))
        (act::ask_act("#", "token", "Delete this token", "Programs that use it stop working at once. It cannot be brought back.", "Delete the token"))
    }
}

fn edit() -> Markup {
    let found = [
        Finding {
            tone: Tone::Bad,
            code: "SOP0103",
            line: 12,
            from: 0,
            to: 0,
            message: "Step 4 does not exist.",
            help: Some("The process has three steps. Name one of them, or write the fourth."),
            mend: None,
        },
        Finding {
            tone: Tone::Warn,
            code: "SOP0201",
            line: 3,
            from: 0,
            to: 0,
            message: "A chat channel stands where the owner should be.",
            help: None,
            mend: None,
        },
        Finding {
            tone: Tone::Neutral,
            code: "SOP0301",
            line: 0,
            from: 0,
            to: 0,
            message: "The review rhythm follows from the trigger: every half-year.",
            help: None,
            mend: None,
        },
    ];
    let side = editor::panes(
        &[
            Pane {
                name: "findings",
                title: "Findings",
                note: "1 error, 1 warning".to_owned(),
                body: editor::findings(&found, editor::Place::Here),
            },
            Pane {
                name: "map",
                title: "Map",
                note: String::new(),
                body: step::map("map", "Map of the text", &drawing()),
            },
        ],
        "",
    );
    let acts = html! {
        button class="button primary" type="submit" data-save { "Save draft" }
        (act::value_button("Publish revision 5", Weight::Secondary, "then", "publish"))
    };
    html! {
        (layout::breadcrumbs(&[("Processes", "/processes"), ("Monthly invoicing", "/processes/monthly-invoicing")]))
        (layout::head("Edit monthly invoicing", None, &[html! { "Draft, saved " (ago(2)) }], &[]))
        (editor::editor(&Editor {
            action: "#", check: "/check", change: "/change", keep: "/draft", base: "", tools: &html! {}, said: "", draft: "a/b/4", csrf: "token", label: "Text of the SOP",
            source: "---\nowner: Accounting\ntrigger: monthly on the 1st\n---\n\n# Monthly invoicing\n\n## Steps\n\n1. **Collect hours.** Ask every project lead.\n2. **Draft the invoices.** If a client objects, go to step 4.\n",
            version: 4, acts: &acts, side: &side,
        }))
    }
}

fn sign_in() -> Markup {
    html! {
        (layout::head("Sign in", None, &[], &[]))
        form class="form" method="post" action="#" {
            (act::csrf("token"))
            (field::text(&Field::new("email", "E-mail address"), Input::Email, ""))
            (field::text(&Field::new("password", "Password"), Input::Password, ""))
            (act::button("Sign in", Weight::Primary))
        }
    }
}
