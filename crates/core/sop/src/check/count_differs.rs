//! The rule SOP0602: a number of items is announced and another one follows.
#![doc = include_str!("../../../../../docs/codes/SOP0602.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0602"),
    name: "count-differs",
    severity: Severity::Warning,
    summary: "A number of items is announced and another one follows",
    page: include_str!("../../../../../docs/codes/SOP0602.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    super::each_list(document, |para, list| {
        let lower = para.plain().to_lowercase();
        let Some(said) = lower.strip_suffix(':').and_then(announced) else { return };
        let n = list.children.len();
        if said != n {
            found.push(
                RULE.at(para.span.clone(), format!("{said} are announced and {n} follow"))
                    .with_related(list.span.clone(), format!("{n} items"))
                    .with_help("mend the number, or the list"),
            );
        }
    });
    if let [reading] = document.readings {
        let n = reading.process.steps.len();
        let first = reading.process.steps.first().map_or(0, |s| s.span.range().start);
        for passage in document.passages.iter().filter(|p| p.block.span.start < first && !p.quoted)
        {
            for phrase in ["these ", "following ", "in "] {
                let said = passage.lower.match_indices(phrase).find_map(|(at, _)| {
                    let rest = passage.lower.get(at + phrase.len()..)?;
                    let mut words = rest.split_whitespace();
                    let said = number(words.next()?)?;
                    let noun = words.next()?.trim_end_matches(['.', ',', ':', ';', '!']);
                    (noun == "steps" && said != n && n > 1).then_some(said)
                });
                if let Some(said) = said {
                    found.push(
                        RULE.at(
                            passage.block.span.clone(),
                            format!("{said} steps are announced, and there are {n}"),
                        )
                        .with_help("mend the number, or leave it out"),
                    );
                    break;
                }
            }
        }
    }
}

/// Nouns of which a list holds one per item.
const NOUNS: [&str; 22] = [
    "steps",
    "items",
    "things",
    "questions",
    "points",
    "checks",
    "parts",
    "phases",
    "stages",
    "options",
    "kinds",
    "types",
    "ways",
    "documents",
    "cases",
    "rules",
    "tasks",
    "actions",
    "files",
    "reasons",
    "criteria",
    "conditions",
];

/// The number of things that the end of a sentence announces: "there are three checks".
fn announced(text: &str) -> Option<usize> {
    let sentence = text.rsplit(['.', '!', '?']).next()?;
    // "One of three", "at least two" and "two or more" announce no number of items.
    let loose = [
        "least", "most", "one of", "any of", "up to", "than", " or ", "each", "first", "last",
        "all but",
    ];
    if loose.iter().any(|word| sentence.contains(word)) {
        return None;
    }
    let words: Vec<&str> = sentence.split_whitespace().collect();
    words.iter().enumerate().find_map(|(at, word)| {
        let said = number(word)?;
        let noun = words.iter().skip(at + 1).take(2).any(|w| NOUNS.contains(w));
        (noun && said > 1).then_some(said)
    })
}

fn number(word: &str) -> Option<usize> {
    const WORDS: [&str; 12] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    let named = WORDS.iter().position(|known| *known == word).map(|at| at + 1);
    named.or_else(|| word.parse().ok().filter(|n| (1..100).contains(n)))
}
