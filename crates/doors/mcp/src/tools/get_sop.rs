//! The text of a process: the revision in force or an older one, whole or by section.

use crate::{
    names,
    refusal::Refusal,
    tool::{Kind, Needs, Tool},
};
use gemba_app::{Act, App, Error, Who, publishing};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// About six thousand tokens.
const MOST_CHARS: usize = 24_000;

pub(crate) struct GetSop;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    #[schemars(description = "Slug or title")]
    process: String,
    #[schemars(description = "A heading, e.g. \"Steps\"; the whole text if left out")]
    section: Option<String>,
    #[schemars(range(min = 1), description = "The one in force if left out")]
    revision: Option<u32>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    process: String,
    title: String,
    revision: u32,
    in_force: bool,
    published: String,
    sections: Vec<String>,
    text: String,
    truncated: bool,
}

impl Tool for GetSop {
    const NAME: &'static str = "get_sop";
    const TITLE: &'static str = "Read an SOP";
    const DESCRIPTION: &'static str = "The Markdown text of a published process, with its revision number. Use it to read how \
        something is done; for a step you are doing, get_work has the part you need. Long texts are cut: ask again \
        with one of the sections.";
    const KIND: Kind = Kind::Reads;
    const NEEDS: Needs = Needs { act: Act::Read, scope: None };
    type Input = Input;
    type Output = Output;

    async fn call(app: &App, who: &Who, input: Input) -> Result<Output, Refusal> {
        let row = names::process(app, who, &input.process).await?;
        let Some(in_force) = row.revision else {
            return Err(Error::NotPublished { slug: row.slug }.into());
        };
        let number = input.revision.unwrap_or(in_force);
        let revision = publishing::revision(app, who, &row.slug, number).await?;
        let sections = sections(&revision.source);
        let whole = match input.section.as_deref().map(str::trim).filter(|s| !s.is_empty()) {
            None => revision.source.clone(),
            Some(wanted) => {
                let found = sections.iter().find(|s| s.title.to_lowercase() == wanted.to_lowercase());
                found.map(|s| s.text.clone()).ok_or_else(|| unknown(wanted, &sections))?
            }
        };
        let text: String = whole.chars().take(MOST_CHARS).collect();
        Ok(Output {
            process: row.slug,
            title: revision.compiled.title,
            revision: number,
            in_force: number == in_force,
            published: revision.at.to_string(),
            sections: sections.into_iter().map(|s| s.title).collect(),
            truncated: text.len() < whole.len(),
            text,
        })
    }

    fn text(output: &Output) -> String {
        let cut = if output.truncated { "; cut, ask for a section" } else { "" };
        let force = if output.in_force { "in force" } else { "not in force any more" };
        format!(
            "{} ({}), revision {}, {force}{cut}\n\n{}",
            output.title, output.process, output.revision, output.text
        )
    }
}

fn unknown(wanted: &str, sections: &[Section]) -> Refusal {
    let titles: Vec<&str> = sections.iter().map(|s| s.title.as_str()).collect();
    Refusal::argument("section", format!("the SOP has no section `{wanted}`"))
        .with_next(format!("call again with one of these sections: {}", titles.join(", ")))
}

#[derive(Debug, PartialEq, Eq)]
struct Section {
    title: String,
    level: usize,
    text: String,
}

/// The parts under headings; a part holds the parts below it.
fn sections(source: &str) -> Vec<Section> {
    let mut all: Vec<Section> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut fence: Option<&str> = None;
    for line in source.split_inclusive('\n') {
        let mark = ["```", "~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark));
        match (fence, mark) {
            (None, Some(_)) => fence = mark,
            (Some(_), Some(_)) if fence == mark => fence = None,
            _ => {}
        }
        if fence.is_none()
            && let Some((level, title)) = heading(line)
        {
            open.retain(|at| all.get(*at).is_some_and(|s| s.level < level));
            open.push(all.len());
            all.push(Section { title, level, text: String::new() });
        }
        for at in &open {
            if let Some(section) = all.get_mut(*at) {
                section.text.push_str(line);
            }
        }
    }
    all
}

fn heading(line: &str) -> Option<(usize, String)> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    let title = rest.trim().trim_end_matches('#').trim();
    let is_heading = (1..=6).contains(&level) && rest.starts_with([' ', '\t']) && !title.is_empty();
    is_heading.then(|| (level, title.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::sections;

    fn check(source: &str, expected: &[(&str, &str)]) {
        let found = sections(source);
        let found: Vec<_> = found.iter().map(|s| (s.title.as_str(), s.text.as_str())).collect();
        assert_eq!(found, expected, "{source}");
    }

    #[test]
    fn a_section_reaches_to_the_next_heading_of_its_level() {
        check("no heading\n", &[]);
        check(
            "# T\na\n## B\nb\n## C ##\nc",
            &[("T", "# T\na\n## B\nb\n## C ##\nc"), ("B", "## B\nb\n"), ("C", "## C ##\nc")],
        );
        check("# T\n```\n# no heading\n```\n", &[("T", "# T\n```\n# no heading\n```\n")]);
        check("#tag\n####### seven\n", &[]);
    }
}
