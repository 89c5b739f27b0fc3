//! What a sentence calls the end that it leads to: "end: rejected", "the process ends as rejected".

/// The words that end a run, before its name.
const ENDS: [&str; 11] = [
    "end the process",
    "end the procedure",
    "end the run",
    "ends the process",
    "ends the run",
    "the process ends",
    "the procedure ends",
    "this procedure ends",
    "the run ends",
    "end here",
    "end",
];
/// What stands between them and the name.
const JOINTS: [&str; 4] = [" with the outcome ", " as ", ": ", " with outcome "];
/// A name is short: what is longer says something else.
const MOST_WORDS: usize = 4;

/// The words up to the end of the run, and the name of that end.
pub(crate) fn named(rest: &str) -> Option<(&str, String)> {
    let rest = rest.trim_end_matches(['.', ' ']);
    let lower = rest.to_lowercase();
    if lower.len() != rest.len() {
        return None;
    }
    let (at, joint) =
        JOINTS.iter().filter_map(|joint| Some((lower.rfind(joint)?, *joint))).max()?;
    let (before, name) = (rest.get(..at)?, rest.get(at + joint.len()..)?);
    let known = ENDS.iter().find_map(|words| lower.get(..at)?.strip_suffix(words))?;
    let apart = known.is_empty() || known.ends_with([' ', ',', ';']);
    let name = name.trim().trim_matches(['"', '“', '”']);
    let name = name.strip_prefix("a ").or_else(|| name.strip_prefix("an ")).unwrap_or(name);
    let short = (1..=MOST_WORDS).contains(&name.split_whitespace().count());
    let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '\''));
    (apart && short && plain).then(|| (before, name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_has_the_name_that_stands_behind_it() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let found = named(text);
            let found = found.as_ref().map(|(before, name)| (*before, name.as_str()));
            assert_eq!(found, expected, "{text}");
        };
        check("end: rejected", Some(("end", "rejected")));
        check(
            "tell them, then end the process as rejected.",
            Some(("tell them, then end the process", "rejected")),
        );
        check("the run ends with the outcome \"no deal\"", Some(("the run ends", "no deal")));
        check("the process ends as a refusal", Some(("the process ends", "refusal")));
        check("end the process", None);
        check("send it as a letter", None);
        check("legend: rejected", None);
        check("end: see what the client thinks of it", None);
        check("end: see https://example.com", None);
    }
}
