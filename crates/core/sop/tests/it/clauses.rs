//! Each rule on a document as people write one: a change that it must find, and near misses that it must
//! leave alone.

mod flow;
mod pieces;
mod text;

use gemba_sop::compile;

/// A sound process in ordinary words: nothing is found in it.
const SOUND: &str = "\
---
owner: Office manager
review: every 6 months
function: Administration
---

# Parcel return

Customers who sent a parcel back get their money within the week, so that they buy again.

## Trigger

- When a returned parcel arrives at the front desk

## Steps

1. **Front desk clerk** writes the parcel number into the returns book.
   - Due: 1 day
   - Evidence: the line in the returns book
2. **Warehouse lead** opens the parcel and compares the goods with the delivery note.
   - If the goods are damaged, go to step 4.
   - Otherwise, go to step 3.
   - Due: 2 days
3. **Bookkeeper** refunds the price by bank transfer.
   - Evidence: the transfer receipt
   - Due: 3 days
   - Outcome: refunded
4. **Warehouse lead** photographs the damage and informs the customer in writing.
   - Evidence: the photograph
   - Due: 3 days

## Expected output

- A line in the returns book with a transfer receipt or a photograph beside it, checked by the Office manager every Friday.

## Failure signals

- A parcel stands in the returns book for more than 7 days without a receipt.
";

/// The end of the document, where something is added.
const END: &str = "";

/// What is written instead of what.
type Change = &'static [(&'static str, &'static str)];

/// The code, a change that brings it, and changes that do not.
type Case = (&'static str, Change, &'static [Change]);

#[track_caller]
fn codes(change: Change) -> Vec<&'static str> {
    let mut text = SOUND.to_owned();
    for (from, to) in change {
        if from.is_empty() {
            text.push_str(to);
            continue;
        }
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    compile(&text, "parcel-return.md").diagnostics.iter().map(|d| d.code.as_str()).collect()
}

#[test]
fn nothing_is_found_in_what_is_sound() {
    assert_eq!(codes(&[]), [""; 0]);
    assert_eq!(codes(&[(END, RACI)]), [""; 0]);
}

#[test]
fn each_rule_finds_what_it_must_and_leaves_the_near_miss_alone() {
    let mut wrong = Vec::new();
    for (code, change, misses) in [pieces::CASES, flow::CASES, text::CASES].concat() {
        let found = codes(change);
        if !found.contains(&code) {
            wrong.push(format!("{code} is not found, but {found:?}, in {change:?}"));
        }
        for miss in misses {
            if codes(miss).contains(&code) {
                wrong.push(format!("{code} is found in {miss:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const RACI: &str = "\n## RACI\n\n| Step | Front desk clerk | Warehouse lead | Bookkeeper | Office manager |\n| --- | --- | --- | --- | --- |\n| 1 | R | I |  | A |\n| 2 | I | R |  | A |\n| 3 |  |  | R | A |\n| 4 |  | R |  | A |\n";
