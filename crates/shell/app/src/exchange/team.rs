//! A team file: the seats that documents are held against where there is no workspace, as an export
//! writes them or as REST lists them.

use super::{ATTACHMENTS, INDEX, MARK, SCORECARD, TEAM, sheet};
use gemba_sop::{Holder, KnownSeat};
use serde::Deserialize;

/// The file of a workspace's folder that holds its team.
pub const FILE: &str = TEAM;

/// The seats of a team file; why it is none, where it is none.
///
/// It is either the sheet `team.md` of an export (a heading `## Seat` for each, with lines
/// `- Also called: ...` and `- Held by: nobody`, `person ...` or `agent ...`) or the JSON list of seats
/// that REST gives. A seat of which nothing is said is held by somebody. A workspace may have no seat yet.
pub fn read(bytes: &[u8]) -> Result<Vec<KnownSeat>, String> {
    let text = str::from_utf8(bytes).map_err(|why| format!("it is not UTF-8 text ({why})"))?;
    if text.trim_start().starts_with(['{', '[']) { of_json(text) } else { of_sheet(text) }
}

/// Whether a file in the folder of a workspace is one of its sheets and no SOP.
pub fn is_sheet(path: &str) -> bool {
    [MARK, TEAM, SCORECARD, INDEX, ATTACHMENTS].contains(&path)
}

fn of_sheet(text: &str) -> Result<Vec<KnownSeat>, String> {
    let mut seats = Vec::new();
    for entry in sheet::entries(text) {
        // Every heading would be taken for a seat, and all seats of the document for unknown ones.
        if entry.title.eq_ignore_ascii_case("steps") {
            return Err("it is an SOP: it has a heading `## Steps`".to_owned());
        }
        let held = entry.fact("Held by").unwrap_or("person");
        let holder = match held.split(' ').next().unwrap_or_default() {
            "nobody" => Holder::Vacant,
            "agent" => Holder::Agent,
            "person" => Holder::Person,
            _ => {
                return Err(format!(
                    "\"{}\": `{held}` is neither `nobody`, `person ...` nor `agent ...`",
                    entry.title
                ));
            }
        };
        let also = entry.all("Also called").chain(entry.fact("Slug")).map(str::to_owned).collect();
        seats.push(KnownSeat { name: entry.title, aliases: also, holder });
    }
    Ok(seats)
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Listed {
    Page { items: Vec<Listing> },
    Plain(Vec<Listing>),
}

#[derive(Deserialize)]
struct Listing {
    name: String,
    #[serde(default)]
    slug: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    holder: Option<Held>,
}

#[derive(Deserialize)]
struct Held {
    kind: String,
}

fn of_json(text: &str) -> Result<Vec<KnownSeat>, String> {
    let listed: Listed = serde_json::from_str(text)
        .map_err(|why| format!("it is no list of seats, each with a `name` ({why})"))?;
    let (Listed::Page { items } | Listed::Plain(items)) = listed;
    let seat = |listing: Listing| {
        let kind = listing.holder.map_or_else(|| "person".to_owned(), |held| held.kind);
        let holder = match kind.as_str() {
            "vacant" => Holder::Vacant,
            "agent" => Holder::Agent,
            "person" => Holder::Person,
            _ => return Err(format!("\"{}\" has a holder of no known kind: {kind}", listing.name)),
        };
        let mut aliases = listing.aliases;
        aliases.extend(listing.slug);
        Ok(KnownSeat { name: listing.name, aliases, holder })
    };
    items.into_iter().map(seat).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_read_from_both_forms() {
        let sheet = "# Team\n\n## Accounting\n\n- Slug: accounting\n- Held by: person Ada <a@b.c>\n\
                     - Also called: AP\n\n> Pays.\n\n## Sales lead\n\n- Held by: nobody\n\n\
                     ## Invoice agent\n\n- Held by: agent billing\n\n## Clerk\n";
        let json = r#"{"items": [
            {"name": "Accounting", "slug": "accounting", "aliases": ["AP"], "holder": {"kind": "person", "name": "Ada"}},
            {"name": "Sales lead", "holder": {"kind": "vacant"}},
            {"name": "Invoice agent", "holder": {"kind": "agent"}},
            {"name": "Clerk"}]}"#;
        let of = |text: &str| read(text.as_bytes()).expect("a team");
        let seat = |name: &str, aliases: &[&str], holder| KnownSeat {
            name: name.to_owned(),
            aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
            holder,
        };
        let expected = [
            seat("Accounting", &["AP", "accounting"], Holder::Person),
            seat("Sales lead", &[], Holder::Vacant),
            seat("Invoice agent", &[], Holder::Agent),
            seat("Clerk", &[], Holder::Person),
        ];
        assert_eq!(of(sheet), expected);
        assert_eq!(of(json), expected);
        let bare = json.trim_start_matches("{\"items\": ").trim_end_matches('}');
        assert_eq!(of(bare), expected);
    }

    #[test]
    fn what_is_no_team_says_why() {
        for (text, why) in [
            ("# Hire\n\n## Steps\n\n1. Look.\n", "is an SOP"),
            ("{\"a\": 1}", "no list of seats"),
            ("## A\n- Held by: the moon\n", "`the moon` is neither"),
            ("[{\"name\": \"A\", \"holder\": {\"kind\": \"moon\"}}]", "no known kind"),
        ] {
            let said = read(text.as_bytes()).expect_err("no team");
            assert!(said.contains(why), "{said}");
        }
        assert!(read(b"\xff").is_err());
        assert!(read(b"# Team\n").expect("a team").is_empty());
    }
}
