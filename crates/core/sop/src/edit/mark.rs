//! The beginning of a step as typed: what stands before its number, the number, what stands between it
//! and the words.

/// The number of a step as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// 3.
    Digits(u32),
    /// `c` or `C`.
    Letter(char),
}

impl Number {
    /// The number that follows.
    pub(super) fn next(self) -> Option<Self> {
        match self {
            Self::Digits(n) => n.checked_add(1).map(Self::Digits),
            Self::Letter('z' | 'Z') => None,
            Self::Letter(c) => {
                char::from_u32(u32::from(c) + 1).filter(char::is_ascii_alphabetic).map(Self::Letter)
            }
        }
    }

    pub(super) fn word(self) -> String {
        match self {
            Self::Digits(n) => n.to_string(),
            Self::Letter(c) => c.to_string(),
        }
    }
}

/// In which form a step is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// An item of a list.
    Item,
    /// A heading with its section.
    Heading,
    /// A row of a table.
    Row,
    /// A paragraph, such as "**Step 3:** ...".
    Paragraph,
}

/// The beginning of a step, parted: the pieces joined give the text again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark<'a> {
    pub(super) form: Form,
    /// What comes before the number: "- [ ] ", "### Step ", "**Step ", "2.".
    pub(super) before: &'a str,
    pub(super) number: Option<Number>,
    /// What comes between the number and the words: ". ", ":** ", " | ".
    pub(super) after: &'a str,
    /// The words, to the end of the line.
    pub(super) words: &'a str,
}

impl<'a> Mark<'a> {
    /// The beginning of a step from its first line.
    pub(super) fn of(line: &'a str) -> Self {
        let mut at = 0;
        let mut form = Form::Paragraph;
        let rest = |at: usize| line.get(at..).unwrap_or_default();
        let skip =
            |at: usize, set: &[char]| at + rest(at).len() - rest(at).trim_start_matches(set).len();
        if rest(0).starts_with('|') {
            form = Form::Row;
            at = skip(1, &[' ']);
        } else if rest(0).starts_with('#') {
            form = Form::Heading;
            at = skip(skip(0, &['#']), &[' ']);
        } else if ["- ", "* ", "+ "].iter().any(|bullet| rest(0).starts_with(bullet)) {
            form = Form::Item;
            at = skip(2, &[' ']);
            for check in ["[ ] ", "[x] ", "[X] "] {
                if rest(at).starts_with(check) {
                    at += check.len();
                }
            }
        }
        let lead = at;
        at = skip(at, &['*', '_']);
        let strong = at;
        for word in ["Step ", "step ", "STEP "] {
            if rest(at).starts_with(word) {
                at += word.len();
            }
        }
        let says_step = at > strong;
        let (parent, number) = number(rest(at));
        at += parent;
        let end = at + number.map_or(0, |n| n.word().len());
        // A number in the middle of words is none: "2 people".
        let delimited = rest(end).starts_with(['.', ')', ':']);
        let stands = delimited || says_step || form == Form::Row;
        let digits =
            matches!(number, Some(Number::Digits(n)) if rest(at).starts_with(&n.to_string()));
        let letter = matches!(number, Some(Number::Letter(_)));
        if !stands || !(digits || letter) {
            let before = line.get(..lead).unwrap_or_default();
            return Self { form, before, number: None, after: "", words: rest(lead) };
        }
        if form == Form::Paragraph && at == 0 && delimited {
            form = Form::Item;
        }
        let closes =
            |at: usize| skip(at, &[':', '.', ')', '*', '_', ' ', '-', '\u{2013}', '\u{2014}']);
        let mut after = match form {
            Form::Row => {
                end + rest(end).find('|').map_or(0, |bar| skip(end + bar + 1, &[' ']) - end)
            }
            Form::Item if at == 0 => skip(end + 1, &[' ']),
            Form::Item | Form::Heading | Form::Paragraph => closes(end),
        };
        // The bold of the words is not that of the number: "## 3. **Send it**".
        let between = line.get(end..after).unwrap_or_default();
        if strong == lead
            && let Some(star) = between.find('*')
        {
            after = end + star;
        }
        Self {
            form,
            before: line.get(..at).unwrap_or_default(),
            number,
            after: line.get(end..after).unwrap_or_default(),
            words: rest(after),
        }
    }

    /// How far the text of an item stands in from its marker, in characters.
    pub(super) fn width(&self) -> usize {
        if self.form != Form::Item {
            return 0;
        }
        let number = self.number.map_or(0, |n| n.word().len());
        if self.before.starts_with(['-', '*', '+']) {
            return 2;
        }
        self.before.chars().count() + number + self.after.chars().count()
    }
}

/// How much of the text is the number of what is above ("2." of "2.3"), and the number itself.
fn number(text: &str) -> (usize, Option<Number>) {
    let digits =
        |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let n = digits(rest);
        if n == 0 {
            break;
        }
        let deeper = rest
            .get(n..)
            .is_some_and(|after| after.strip_prefix('.').is_some_and(|after| digits(after) > 0));
        if !deeper {
            let number = rest.get(..n).and_then(|d| d.parse().ok()).map(Number::Digits);
            return (at, number.filter(|_| n <= 9));
        }
        at += n + 1;
    }
    let mut chars = text.chars();
    let letter = chars.next().filter(char::is_ascii_alphabetic);
    let ends = matches!(chars.next(), Some('.' | ')' | ':'));
    if at == 0 && ends { (0, letter.map(Number::Letter)) } else { (0, None) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_step_is_parted() {
        let digits = |n| Some(Number::Digits(n));
        for (line, form, before, number, after, words) in [
            ("1. Do it", Form::Item, "", digits(1), ". ", "Do it"),
            ("12)  **Do** it", Form::Item, "", digits(12), ")  ", "**Do** it"),
            ("- Do it", Form::Item, "- ", None, "", "Do it"),
            ("- [ ] Do it", Form::Item, "- [ ] ", None, "", "Do it"),
            ("- **Do** it", Form::Item, "- ", None, "", "**Do** it"),
            ("- **Step 1: Do it**", Form::Item, "- **Step ", digits(1), ": ", "Do it**"),
            ("## 3. Do it", Form::Heading, "## ", digits(3), ". ", "Do it"),
            ("### Step 3: Do it", Form::Heading, "### Step ", digits(3), ": ", "Do it"),
            ("### Step 3 Do it", Form::Heading, "### Step ", digits(3), " ", "Do it"),
            ("### Do it", Form::Heading, "### ", None, "", "Do it"),
            ("### 2.3. Do it", Form::Heading, "### 2.", digits(3), ". ", "Do it"),
            ("A. Do it", Form::Item, "", Some(Number::Letter('A')), ". ", "Do it"),
            ("**Step 2:** Do it", Form::Paragraph, "**Step ", digits(2), ":** ", "Do it"),
            ("| 2 | Lead | Do it |", Form::Row, "| ", digits(2), " | ", "Lead | Do it |"),
            ("| Lead | Do it |", Form::Row, "| ", None, "", "Lead | Do it |"),
            ("Somebody does it", Form::Paragraph, "", None, "", "Somebody does it"),
            ("## 2 people", Form::Heading, "## ", None, "", "2 people"),
            ("007. Do it", Form::Paragraph, "", None, "", "007. Do it"),
            ("", Form::Paragraph, "", None, "", ""),
        ] {
            let expected = Mark { form, before, number, after, words };
            assert_eq!(Mark::of(line), expected, "{line}");
        }
    }

    #[test]
    fn a_number_has_a_next_one() {
        for (number, next) in [
            (Number::Digits(9), Some(Number::Digits(10))),
            (Number::Letter('b'), Some(Number::Letter('c'))),
            (Number::Letter('Z'), None),
        ] {
            assert_eq!(number.next(), next);
        }
    }
}
