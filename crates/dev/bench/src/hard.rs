//! Documents of any size that are each hard to read in one way.

/// A way to be hard: its name, what stands before, and what is said again and again (`§` is the count).
type Way = (&'static str, &'static str, &'static str);

/// Ways made by repeating a piece.
const REPEATED: [Way; 49] = [
    ("10,000 steps and more", "# A\n\n## Steps\n\n", "§. **Send letter §** — Clerk\n\n"),
    ("plain numbered items", "# A\n\n", "§. Send the letter to the client.\n"),
    ("items that are all numbered 1", "# A\n\n", "1. Send the letter to the client.\n"),
    ("lists that begin again", "# A\n\n", "§. Send the letter.\n\nThen wait for it.\n\n"),
    ("step headings", "# A\n\n", "## Step §: Send the letter\n\nPost it.\n\n"),
    ("headings that are acts", "# A\n\n", "## Send letter §\n\nPost it today.\n\n"),
    ("headings alone", "# A\n\n", "### Part §\n"),
    ("bold steps", "# A\n\n", "**Step §: Send the letter**\n\nPost it.\n\n"),
    ("lettered steps", "# A\n\n", "B. Send the letter\n\n"),
    ("bullets", "# A\n\n", "- Send letter § to the client\n"),
    ("checkboxes", "# A\n\n", "- [ ] Send letter § to the client\n"),
    ("labelled bullets", "# A\n\n1. Decide\n", "   - **Grade §:** send it to the clerk\n"),
    (
        "a table of steps",
        "# A\n\n| Step | Who | What |\n|---|---|---|\n",
        "| § | Clerk | Send it |\n",
    ),
    ("tables", "# A\n\n", "| If | Then |\n|---|---|\n| it is late § | call the client |\n\n"),
    (
        "a RACI matrix",
        "# A\n\n1. Send it\n\n| Task | Clerk | CFO |\n|---|---|---|\n",
        "| Send § | R | A |\n",
    ),
    ("branches", "# A\n\n", "§. If the letter is late, go to step 3. Otherwise end the process.\n"),
    ("branches of one step", "# A\n\n1. Look at it.\n", "   If it has § pages, go to step 1.\n"),
    ("jumps to nowhere", "# A\n\n", "§. If it is late, go to step 0§9.\n"),
    ("handoffs", "# A\n\n", "§. Send the letter to the Sales Lead and notify the Clerk.\n"),
    ("seats", "# A\n\n", "§. The Sales Manager § sends the letter.\n"),
    ("calls", "# A\n\n", "§. Follow the [refund procedure](refund-§.md).\n"),
    ("links", "# A\n\n", "[letter §](letters/§.md) and "),
    ("links not closed", "# A\n\n", "[letter § ]( "),
    ("brackets", "# A\n\n", "["),
    ("brackets both ways", "# A\n\n", "[]( "),
    ("images", "# A\n\n", "![letter](letter-§.png) "),
    ("emphasis", "# A\n\n", "*a **b "),
    ("emphasis run", "# A\n\n", "*"),
    ("underscores", "# A\n\n", "_a__b "),
    ("code marks", "# A\n\n", "`a ``b "),
    ("parentheses", "# A\n\n", "("),
    ("sentences in one paragraph", "# A\n\n", "Send letter § to the client. "),
    ("lines in one paragraph", "# A\n\n", "Send letter § to the client.\n"),
    ("words without an end", "# A\n\n", "letter "),
    ("one word", "# A\n\n", "letter"),
    ("labels in one paragraph", "# A\n\n", "Owner: the Clerk\n"),
    ("short forms", "# A\n\n1. Send it\n\n", "Project Manager (PM) and Team Lead (TL§).\n\n"),
    ("blanks", "# A\n\n", "§. Send it to [INSERT NAME] by TBD.\n"),
    ("secrets", "# A\n\n", "password: x9Kq7mPz2LwT§ "),
    ("ids", "# A\n\n## Steps\n\n", "1. **Send** {#send}\n\n"),
    ("limits", "# A\n\n", "§. The refund limit is $§. Reply to the client within § days.\n"),
    ("tags", "# A\n\n", "<div>\n<b>Send it</b>\n"),
    ("comments", "# A\n\n", "<!-- the clerk must send it -->\n\n"),
    ("admonitions", "# A\n\n", "!!! note\n    Send the letter.\n\n"),
    ("tab sets", "# A\n\n", ":::{tab-item} One\n1. Send it.\n:::\n"),
    ("a flowchart", "# A\n\n```mermaid\nflowchart TD\n", "  A§[Send §] --> B§{Late?}\n"),
    ("processes", "", "# Letter §\n\n## Steps\n\n1. **Send it** — Clerk\n\n"),
    ("hidden characters", "# A\n\n", "a\u{200d}\u{202e}\u{e0041}"),
    ("blank lines", "# A\n\n", "\n \n"),
];

/// Every document, about `bytes` long: what is hard about it, and its text.
pub(crate) fn documents(bytes: usize) -> Vec<(&'static str, String)> {
    let repeated = REPEATED.iter().map(|(name, before, piece)| {
        let mut text = String::with_capacity(bytes + 256);
        text.push_str(before);
        let mut n = 0_usize;
        while text.len() < bytes {
            n += 1;
            text.push_str(&piece.replace('§', &n.to_string()));
        }
        (*name, text)
    });
    let mut all: Vec<(&'static str, String)> = repeated.collect();
    all.push(("lists in lists", format!("# A\n\n{}Send it\n", "- ".repeat(bytes / 2))));
    all.push(("quotes in quotes", format!("# A\n\n{}Send it\n", "> ".repeat(bytes / 2))));
    all.push((
        "a row of many columns",
        format!(
            "# A\n\n|{}\n|{}\n|{}\n",
            " a |".repeat(bytes / 12),
            "---|".repeat(bytes / 12),
            " R |".repeat(bytes / 12)
        ),
    ));
    all.push(("indented lists", indented(bytes)));
    all
}

/// A list of which every item lies within the one before.
fn indented(bytes: usize) -> String {
    let mut text = "# A\n\n".to_owned();
    let mut depth = 0_usize;
    while text.len() < bytes {
        text.push_str(&" ".repeat(depth * 3));
        text.push_str("1. Send it\n");
        depth += 1;
    }
    text
}
