//! What a step orders, whoever it is told of: "Bookkeeper refunds the price" as "refund the price".

use crate::{actor, outline, verbs};

/// Words between a doer and the verb.
const BETWEEN: [&str; 10] =
    ["must", "should", "shall", "will", "may", "can", "then", "also", "to", "always"];

/// The words of a title as an order, in small letters; as they stand where no doer opens them.
pub(crate) fn of(title: &str) -> String {
    let words = outline::words(title);
    if verbs::is_act(title) {
        return words;
    }
    let Some(name) = actor::of_sentence(title) else { return words };
    let name = outline::words(&name);
    let Some(at) = words.find(&name).filter(|at| *at <= "the ".len()) else { return words };
    let after = words.get(at + name.len()..).unwrap_or_default();
    let mut rest = after.split(' ').skip_while(|w| w.is_empty() || BETWEEN.contains(w));
    let Some(verb) = rest.next() else { return words };
    // What follows a doer is a verb, also one that no list has: "photographs the damage".
    let plain = verbs::plain(verb);
    let bare = verb.strip_suffix('s').filter(|v| plain == verb && v.len() > 3 && !v.ends_with('s'));
    let verb = bare.map_or(plain.clone(), str::to_owned);
    std::iter::once(verb.as_str()).chain(rest).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_is_told_as_an_order() {
        for (title, act) in [
            ("Refund the price", "refund the price"),
            ("Bookkeeper refunds the price", "refund the price"),
            ("The office manager approves the refund", "approve the refund"),
            ("The office manager must then approve it", "approve it"),
            ("Warehouse lead applies the label", "apply the label"),
            ("The clerk does the needful", "do the needful"),
            ("The clerk photographs the damage", "photograph the damage"),
            ("Honesty", "honesty"),
        ] {
            assert_eq!(of(title), act, "{title}");
        }
    }
}
