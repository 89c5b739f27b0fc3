//! Tables that stay readable on a narrow screen, and the pager below them.

use maud::{Markup, html};

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Start,
    /// Numbers.
    End,
    /// As narrow as its content: badges, buttons.
    Tight,
}

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column<'a> {
    label: &'a str,
    align: Align,
    hushed: bool,
}

impl<'a> Column<'a> {
    /// A column of text.
    pub fn text(label: &'a str) -> Self {
        Self { label, align: Align::Start, hushed: false }
    }

    /// A column of numbers.
    pub fn number(label: &'a str) -> Self {
        Self { label, align: Align::End, hushed: false }
    }

    /// A column as narrow as its content.
    pub fn tight(label: &'a str) -> Self {
        Self { label, align: Align::Tight, hushed: false }
    }

    /// Its heading is only for those who listen, where the cells speak for themselves.
    #[must_use]
    pub fn hushed(self) -> Self {
        Self { hushed: true, ..self }
    }

    fn class(&self) -> Option<&'static str> {
        match self.align {
            Align::Start => None,
            Align::End => Some("number"),
            Align::Tight => Some("tight"),
        }
    }

    fn narrow_label(&self) -> &str {
        if self.hushed { "" } else { self.label }
    }
}

/// What a table does where it does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Narrow {
    /// Each row becomes a small block with the columns' names beside the values.
    Stack,
    /// It scrolls sideways inside its own region.
    Scroll,
}

/// A table; the first cell of a row names the row. The caption is heard, and read where no heading
/// stands above. Wider or shorter rows than the columns are the caller's mistake and are cut.
pub fn table(
    caption: &str,
    columns: &[Column<'_>],
    rows: &[Vec<Markup>],
    narrow: Narrow,
) -> Markup {
    let body = html! {
        tbody role="rowgroup" data-list { @for cells in rows { (row(columns, cells)) } }
    };
    around(caption, columns, &body, narrow)
}

/// Rows that belong together, under one heading of their own.
#[derive(Debug, Clone)]
pub struct Group {
    /// What they have in common.
    pub heading: Markup,
    /// The rows.
    pub rows: Vec<Vec<Markup>>,
}

/// A table in groups; otherwise like [`table`].
pub fn grouped(caption: &str, columns: &[Column<'_>], groups: &[Group], narrow: Narrow) -> Markup {
    let body = html! {
        @for group in groups {
            tbody role="rowgroup" data-list {
                tr role="row" class="group" {
                    th scope="rowgroup" role="rowheader" colspan=(columns.len()) { (group.heading) }
                }
                @for cells in &group.rows { (row(columns, cells)) }
            }
        }
    };
    around(caption, columns, &body, narrow)
}

fn row(columns: &[Column<'_>], cells: &[Markup]) -> Markup {
    html! {
        tr role="row" data-row {
            @for (place, (column, cell)) in columns.iter().zip(cells).enumerate() {
                @if place == 0 {
                    th scope="row" role="rowheader" class=[column.class()] { (cell) }
                } @else {
                    td role="cell" class=[column.class()]
                        data-label=(column.narrow_label()) { (value(cell)) }
                }
            }
        }
    }
}

fn around(caption: &str, columns: &[Column<'_>], body: &Markup, narrow: Narrow) -> Markup {
    // Blocks lose the meaning of a table for those who listen; the roles give it back.
    let class = match narrow {
        Narrow::Stack => "table stacks",
        Narrow::Scroll => "table",
    };
    html! {
        div class="scroll" role="region" aria-label=(caption) tabindex="0" {
            table class=(class) role="table" {
                caption class="hush" { (caption) }
                thead role="rowgroup" {
                    tr role="row" {
                        @for column in columns {
                            th scope="col" role="columnheader" class=[column.class()] {
                                @if column.hushed { span class="hush" { (column.label) } }
                                @else { (column.label) }
                            }
                        }
                    }
                }
                (body)
            }
        }
    }
}

/// A cell's content as one thing, so that it stays together beside its label.
fn value(cell: &Markup) -> Markup {
    html! { @if !cell.0.is_empty() { div { (cell) } } }
}

/// The name of a row as the link to its page.
pub fn row_link(href: &str, label: &str) -> Markup {
    html! { a class="row-link" href=(href) { (label) } }
}

/// The name of a row with a line below it.
pub fn row_link_with(href: &str, label: &str, under: &str) -> Markup {
    html! { (row_link(href, label)) span class="under" { (under) } }
}

/// What is shown of a long list, and the way on.
pub fn pager(shown: &str, first: Option<&str>, next: Option<&str>) -> Markup {
    html! {
        nav class="pager" aria-label="Pages of the list" {
            span { (shown) }
            span class="buttons" {
                @if let Some(href) = first {
                    a class="button secondary compact" href=(href) { "Back to the start" }
                }
                @if let Some(href) = next {
                    a class="button secondary compact" href=(href) rel="next" { "Show more" }
                }
            }
        }
    }
}
