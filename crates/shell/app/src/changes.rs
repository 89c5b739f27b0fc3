//! What is different between two states of a document: in the terms of a process, and as text.

pub mod text;

use crate::{
    Act, App, Error, Result, Who, drafts,
    processes::{checked, find},
    publishing::numbered,
    records::{ProcessRecord, Proposal},
};
use gemba_model::Process;
pub use gemba_model::change::{self, Changes};
use gemba_store::{Mode, Tx, Versioned, load};
pub use text::Block;

/// A state of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A revision, by its number.
    Revision(u32),
    /// The proposed revision.
    Proposal,
    /// The draft.
    Draft,
}

/// Two states of a document and what is different between them.
#[derive(Debug, Clone)]
pub struct ChangesView {
    /// The name of the process in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The older state.
    pub from: State,
    /// The newer state.
    pub to: State,
    /// What the older state says.
    pub old: Process,
    /// What the newer state says.
    pub new: Process,
    /// What is different in what they say.
    pub changes: Changes,
    /// What is different in the text.
    pub text: Vec<Block>,
    /// The numbers of the revisions there are, newest first, to choose others from.
    pub revisions: Vec<u32>,
}

/// What is different in one state compared with a revision: the one given, or else the one before it.
/// For a draft and a proposal that is the revision in force.
pub async fn of(
    app: &App,
    who: &Who,
    slug: &str,
    from: Option<u32>,
    to: State,
) -> Result<ChangesView> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?;
    let before = match to {
        State::Revision(number) => number.checked_sub(1).filter(|number| *number > 0),
        State::Proposal | State::Draft => record.value.published.as_ref().map(|p| p.number),
    };
    let from = from.or(before).ok_or_else(|| Error::not_found("earlier revision of", slug))?;
    let (old_text, old) = read(&mut *tx, &record, State::Revision(from)).await?;
    let (new_text, new) = read(&mut *tx, &record, to).await?;
    Ok(ChangesView {
        slug: record.value.slug.clone(),
        title: record.value.summary().title.clone(),
        from: State::Revision(from),
        to,
        changes: change::between(&old, &new),
        text: text::blocks(&old_text, &new_text),
        old,
        new,
        revisions: (1..=record.value.n_revisions).rev().collect(),
    })
}

/// The text of a state, and what it says.
async fn read(
    tx: &mut dyn Tx,
    record: &Versioned<ProcessRecord>,
    state: State,
) -> Result<(String, Process)> {
    match state {
        State::Revision(number) => {
            let revision = numbered(tx, &record.value, number).await?;
            Ok((revision.source, revision.compiled))
        }
        State::Proposal => {
            let missing = || Error::not_found("proposal", &record.value.slug);
            let brief = record.value.proposal.as_ref().ok_or_else(missing)?;
            let proposal =
                load::<Proposal>(tx, &brief.id.to_string()).await?.ok_or_else(missing)?.value;
            Ok((proposal.source, proposal.compiled))
        }
        State::Draft => {
            let text = drafts::of(tx, record).await?.text;
            let process = checked(&text, &record.value.slug).process;
            Ok((text, process))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::change::{self, Changes};
    use crate::processes::checked;

    const TEXT: &str = "---
owner: Accounting
function: Finance
trigger: when a client asks
---

# Invoicing

## Steps

1. **Collect the hours** — Accounting {#collect}

   Pull the sheets.

2. **Check the hours** — Delivery lead {#check}

   - If hours are missing, go back to step 1.
   - Otherwise, continue.

3. **Send the invoices** — Accounting {#send}

   Send one per client.

## Expected output

- One invoice per client

## Failure signals

- A client asks
";

    fn changes(edits: &[(&str, &str)]) -> Changes {
        let new = edits.iter().fold(TEXT.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from} is not in the text");
            text.replace(from, to)
        });
        change::between(&checked(TEXT, "a").process, &checked(&new, "a").process)
    }

    #[test]
    fn the_line_about_all_changes_counts_what_a_reader_would_count() {
        const CHECK: &str = "2. **Check the hours** — Delivery lead {#check}

   - If hours are missing, go back to step 1.
   - Otherwise, continue.

3. **Send the invoices** — Accounting {#send}

   Send one per client.
";
        let cases: &[(&[(&str, &str)], &str)] = &[
            (&[], "Nothing but the wording of the text"),
            (
                &[("Pull the sheets.", "Pull  the\n   sheets.")],
                "Nothing but the wording of the text",
            ),
            (&[("Pull the sheets.", "Pull all sheets.")], "1 step changed"),
            (&[("owner: Accounting", "owner: Sales")], "owner changed, RACI changed"),
            (&[("when a client asks", "when an order comes")], "triggers changed"),
            (&[("- A client asks", "- A client calls")], "failure signals changed"),
            (&[("One invoice per client", "An invoice")], "expected output changed"),
            (&[("lead {#check}", "manager {#check}")], "1 step changed, RACI changed"),
            (&[("go back to step 1", "go to step 3")], "1 step changed"),
            (
                &[(
                    CHECK,
                    "2. **Send the invoices** — Accounting {#send}\n\n   Send one per client.\n\n3. **Check the hours** — Delivery lead {#check}\n\n   - If hours are missing, go back to step 1.\n   - Otherwise, continue.\n",
                )],
                "1 step moved",
            ),
            (
                &[(
                    CHECK,
                    "2. **Send the invoices** — Accounting {#send}\n\n   Send one per client.\n",
                )],
                "1 step removed",
            ),
            (
                &[(
                    "## Expected",
                    "4. **File them** — Accounting {#file}\n\n5. **Rest** — Sales {#rest}\n\n## Expected",
                )],
                "2 steps added",
            ),
            (&[("{#collect}", "{#gather}")], "1 step added, 1 removed"),
        ];
        for (edits, expected) in cases {
            assert_eq!(changes(edits).summary(), *expected, "{edits:?}");
        }
    }

    #[test]
    fn a_reworded_step_without_an_id_of_its_own_is_the_same_step() {
        let without = |text: &str| text.replace(" {#send}", "");
        let (old, new) = (without(TEXT), without(TEXT).replace("Send the inv", "Mail the inv"));
        let found = change::between(&checked(&old, "a").process, &checked(&new, "a").process);
        assert_eq!(found.summary(), "1 step changed");
        let step = found.steps.first().expect("a step");
        assert_eq!((step.was.as_deref(), step.is.as_deref()), (Some("3"), Some("3")));
    }

    #[test]
    fn a_change_says_what_it_was_and_what_it_is() {
        let found = changes(&[("Delivery lead", "Sales")]);
        let step = found.steps.first().expect("a step");
        let part = step.parts.first().expect("a part");
        assert_eq!(part.part, change::Part::Seat);
        assert_eq!(
            (part.change.old.as_str(), part.change.new.as_str()),
            ("Delivery lead", "Sales")
        );
        let cell = found.raci.first().expect("a cell");
        assert_eq!((cell.step.as_str(), cell.column), ("2", change::Column::Responsible));
        assert_eq!(
            (cell.change.old.as_str(), cell.change.new.as_str()),
            ("Delivery lead", "Sales")
        );
    }

    #[test]
    fn what_went_stands_where_it_was() {
        let gone =
            "1. **Collect the hours** — Accounting {#collect}\n\n   Pull the sheets.\n\n2. **Check";
        let found = changes(&[
            (gone, "1. **Check"),
            ("3. **Send", "2. **Send"),
            ("Send one per client.", "Send it."),
        ]);
        let order: Vec<(&str, bool)> =
            found.steps.iter().map(|s| (s.id.as_str(), s.is.is_none())).collect();
        assert_eq!(order.first(), Some(&("collect", true)), "{order:?}");
        assert_eq!(order.last(), Some(&("send", false)), "{order:?}");
    }
}
