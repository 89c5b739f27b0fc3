//! SOPs as Agent Skills over MCP (SEP-2640): each seat is given the processes that it owns or works in,
//! each as one `SKILL.md` with the digest of its bytes.
//!
//! `skill://sop/SLUG/SKILL.md` is the revision in force, `skill://sop/vN/SLUG/SKILL.md` one revision.

use crate::resources;
use gemba_app::{App, Error, Who, publishing, skills};
use rmcp::{
    ErrorData,
    model::{
        GetSkillResult, ListSkillsResult, Skill, SkillFrontmatter, SkillResource, SkillResources,
    },
};
use serde_json::json;

/// What the addresses of skills begin with.
pub(crate) const SCHEME: &str = "skill://";
const PREFIX: &str = "skill://sop/";
const FILE: &str = "/SKILL.md";

fn address(name: &str) -> String {
    format!("{PREFIX}{name}{FILE}")
}

fn skill(uri: String, written: &skills::Written) -> Skill {
    let metadata = json!(written.metadata);
    let frontmatter =
        SkillFrontmatter::new(&written.name, &written.description).with_field("metadata", metadata);
    let file = SkillResource::from_bytes(&uri, written.text.as_bytes());
    Skill::new(uri, frontmatter, SkillResources::Files(vec![file]))
}

/// The skills of the one who asks.
pub(crate) async fn list(app: &App, who: &Who) -> Result<ListSkillsResult, ErrorData> {
    let all = skills::of(app, who).await.map_err(|e| resources::failed(&e))?;
    let all = all.iter().map(|written| skill(address(&written.name), written)).collect();
    Ok(ListSkillsResult::with_all_items(all))
}

/// One skill.
pub(crate) async fn get(app: &App, who: &Who, uri: &str) -> Result<GetSkillResult, ErrorData> {
    let written = written(app, who, uri).await.map_err(|error| resources::failed(&error))?;
    let written = written.ok_or_else(|| {
        let message = format!("there is no skill `{uri}`; skills/list has yours");
        ErrorData::invalid_params(message, Some(json!({ "uri": uri })))
    })?;
    Ok(GetSkillResult::new(skill(uri.to_owned(), &written)))
}

/// The bytes of a file of a skill.
pub(crate) async fn file(app: &App, who: &Who, uri: &str) -> Result<Option<String>, Error> {
    Ok(written(app, who, uri).await?.map(|written| written.text))
}

async fn written(app: &App, who: &Who, uri: &str) -> Result<Option<skills::Written>, Error> {
    let Some((name, number)) = named(uri) else { return Ok(None) };
    let found = match number {
        None => skills::in_force(app, who, name).await,
        Some(number) => {
            let revision = publishing::revision(app, who, name, number).await;
            revision.map(|revision| skills::write(name, &revision))
        }
    };
    match found {
        Ok(written) => Ok(Some(written)),
        Err(Error::NotFound { .. } | Error::NotPublished { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The process and the revision that an address names.
fn named(uri: &str) -> Option<(&str, Option<u32>)> {
    let rest = uri.strip_prefix(PREFIX)?.strip_suffix(FILE)?;
    match rest.split_once('/') {
        None => Some((rest, None)),
        Some((version, name)) if !name.contains('/') => {
            Some((name, Some(version.strip_prefix('v')?.parse().ok()?)))
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn an_address_of_a_skill_names_a_process_and_perhaps_a_revision() {
        let cases = [
            ("skill://sop/a-b/SKILL.md", Some(("a-b", None))),
            ("skill://sop/v7/a-b/SKILL.md", Some(("a-b", Some(7)))),
            ("skill://sop/7/a-b/SKILL.md", None),
            ("skill://sop/v7/a/b/SKILL.md", None),
            ("skill://sop/a-b/other.md", None),
            ("skill://elsewhere/a-b/SKILL.md", None),
        ];
        for (uri, expected) in cases {
            assert_eq!(named(uri), expected, "{uri}");
        }
    }
}
