//! Pages of a list: how many rows, and where the next page begins.

use crate::refusal::Refusal;

const DEFAULT: u32 = 20;
const MOST: u32 = 50;

/// How many rows were asked for.
pub(crate) fn limit(asked: Option<u32>) -> Result<u32, Refusal> {
    match asked {
        None => Ok(DEFAULT),
        Some(n) if (1..=MOST).contains(&n) => Ok(n),
        Some(n) => Err(Refusal::argument(
            "limit",
            format!("limit is {n}, but a page has 1 to {MOST} rows"),
        )),
    }
}

/// One page of rows that are all at hand, and the cursor of the next one.
pub(crate) fn cut<T>(
    rows: Vec<T>,
    asked: Option<u32>,
    cursor: Option<&str>,
) -> Result<(Vec<T>, Option<String>), Refusal> {
    let size = usize::try_from(limit(asked)?).unwrap_or(usize::MAX);
    let from: usize = match cursor {
        None | Some("") => 0,
        Some(text) => text.parse().map_err(|_no_number| unknown_cursor(text))?,
    };
    let end = from.saturating_add(size);
    let next = (end < rows.len()).then(|| end.to_string());
    Ok((rows.into_iter().skip(from).take(size).collect(), next))
}

/// The refusal of a cursor that no answer gave.
pub(crate) fn unknown_cursor(text: &str) -> Refusal {
    Refusal::argument("cursor", format!("`{text}` is no cursor"))
        .with_next("call again without a cursor, then with next_cursor of the answer")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_without_a_gap() {
        let rows: Vec<u32> = (0..45).collect();
        let (first, next) = cut(rows.clone(), None, None).unwrap();
        assert_eq!((first.len(), next.as_deref()), (20, Some("20")));
        let (last, next) = cut(rows, Some(50), next.as_deref()).unwrap();
        assert_eq!((last.first(), last.len(), next), (Some(&20), 25, None));
    }

    #[test]
    fn a_limit_out_of_range_is_refused() {
        for n in [0, 51, 5_000] {
            assert_eq!(limit(Some(n)).unwrap_err().code, "APP0301", "{n}");
        }
        assert_eq!(limit(Some(50)).unwrap(), 50);
    }
}
