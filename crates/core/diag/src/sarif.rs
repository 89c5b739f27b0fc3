//! Findings as SARIF 2.1.0 data (Static Analysis Results Interchange Format, OASIS).

use crate::{Diagnostic, LineIndex, Severity};
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the format.
pub const VERSION: &str = "2.1.0";
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// One rule of the tool, as its table holds it.
#[derive(Debug, Clone, Copy)]
pub struct RuleEntry<'a> {
    /// The stable code.
    pub id: &'a str,
    /// The short name.
    pub name: &'a str,
    /// How bad its findings are.
    pub severity: Severity,
    /// One line on what it finds.
    pub summary: &'a str,
    /// The manual page, as Markdown.
    pub page: &'a str,
}

/// One file and what was found in it.
#[derive(Debug, Clone, Copy)]
pub struct FileFindings<'a> {
    /// The path as a relative reference, with `/` between its parts.
    pub path: &'a str,
    /// The text.
    pub source: &'a str,
    /// The findings.
    pub diagnostics: &'a [Diagnostic],
}

/// A SARIF log file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields are the format's own")]
pub struct Log {
    #[serde(rename = "$schema")]
    pub schema: String,
    pub version: String,
    pub runs: Vec<Run>,
}

/// One run of one tool.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are the format's own")]
pub struct Run {
    pub tool: Tool,
    pub column_kind: String,
    pub results: Vec<SarifResult>,
}

/// The tool that ran.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields are the format's own")]
pub struct Tool {
    pub driver: Driver,
}

/// The program of the tool.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are the format's own")]
pub struct Driver {
    pub name: String,
    pub version: String,
    pub semantic_version: String,
    pub rules: Vec<Rule>,
}

/// One rule as the format describes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are the format's own")]
pub struct Rule {
    pub id: String,
    pub name: String,
    pub short_description: Message,
    pub full_description: Message,
    pub help: Help,
    pub default_configuration: Configuration,
}

/// How bad a rule's findings are unless set otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields are the format's own")]
pub struct Configuration {
    pub level: String,
}

/// A text.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields are the format's own")]
pub struct Message {
    pub text: String,
}

/// A text that is also Markdown.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields are the format's own")]
pub struct Help {
    pub text: String,
    pub markdown: String,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are the format's own")]
pub struct SarifResult {
    pub rule_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_index: Option<usize>,
    pub level: String,
    pub message: Message,
    pub locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_locations: Vec<RelatedLocation>,
    pub partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fixes: Vec<SarifFix>,
}

/// What makes a finding the same one in the next version of the file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields are the format's own")]
pub struct Fingerprints {
    #[serde(rename = "findingHash/v1")]
    pub finding: String,
}

/// Another place that belongs to a finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are the format's own")]
pub struct RelatedLocation {
    pub id: usize,
    pub physical_location: PhysicalLocation,
    pub message: Message,
}

/// Where a finding is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are the format's own")]
pub struct Location {
    pub physical_location: PhysicalLocation,
}

/// A file and a region of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are the format's own")]
pub struct PhysicalLocation {
    pub artifact_location: ArtifactLocation,
    pub region: Region,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields are the format's own")]
pub struct ArtifactLocation {
    pub uri: String,
}

/// A stretch of a text; the end column is one past the last character.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are the format's own")]
pub struct Region {
    pub start_line: usize,
    pub start_column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

/// A change that would settle a finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are the format's own")]
pub struct SarifFix {
    pub description: Message,
    pub artifact_changes: Vec<ArtifactChange>,
}

/// The changes of one file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are the format's own")]
pub struct ArtifactChange {
    pub artifact_location: ArtifactLocation,
    pub replacements: Vec<Replacement>,
}

/// One stretch of text and what takes its place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are the format's own")]
pub struct Replacement {
    pub deleted_region: Region,
    pub inserted_content: Message,
}

/// The log of one run of `name` `version` with these rules over these files.
pub fn log(name: &str, version: &str, rules: &[RuleEntry<'_>], files: &[FileFindings<'_>]) -> Log {
    let places: BTreeMap<&str, usize> =
        rules.iter().enumerate().map(|(at, rule)| (rule.id, at)).collect();
    let results = files.iter().flat_map(|file| {
        let index = LineIndex::new(file.source);
        let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let made: Vec<SarifResult> = file
            .diagnostics
            .iter()
            .map(|d| {
                let line = index.line_text(index.line(d.range.start)).trim();
                let nth = seen.entry((d.code.as_str(), line)).or_default();
                *nth += 1;
                let print = fingerprint(&[d.code.as_str(), file.path, line], *nth);
                result(file.path, &index, d, &places, print)
            })
            .collect();
        made
    });
    let driver = Driver {
        name: name.to_owned(),
        version: version.to_owned(),
        semantic_version: version.to_owned(),
        rules: rules.iter().map(rule).collect(),
    };
    let run = Run {
        tool: Tool { driver },
        column_kind: "unicodeCodePoints".to_owned(),
        results: results.collect(),
    };
    Log { schema: SCHEMA.to_owned(), version: VERSION.to_owned(), runs: vec![run] }
}

fn rule(entry: &RuleEntry<'_>) -> Rule {
    Rule {
        id: entry.id.to_owned(),
        name: entry.name.to_owned(),
        short_description: message(entry.summary),
        full_description: message(&what(entry)),
        help: Help { text: entry.summary.to_owned(), markdown: entry.page.to_owned() },
        default_configuration: Configuration { level: level(entry.severity).to_owned() },
    }
}

/// What the page says under "What", in one line; the summary where it has no such part.
fn what(entry: &RuleEntry<'_>) -> String {
    let part = entry.page.split_once("\n## What\n").map(|(_, rest)| rest);
    let text = part.map(|rest| rest.split("\n## ").next().unwrap_or(rest)).unwrap_or_default();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { format!("{}.", entry.summary) } else { line }
}

/// A number that stays the same while the line of the finding is not changed, wherever it moves:
/// FNV-1a, 64 bits, over code, path, the line without its indentation, and how many alike came before.
fn fingerprint(parts: &[&str], nth: usize) -> String {
    let nth = nth.to_string();
    let bytes = parts.iter().copied().chain([nth.as_str()]).flat_map(|p| p.bytes().chain([0]));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

fn result(
    path: &str,
    index: &LineIndex<'_>,
    diagnostic: &Diagnostic,
    places: &BTreeMap<&str, usize>,
    print: String,
) -> SarifResult {
    let said = match &diagnostic.help {
        Some(help) => format!("{}. {help}.", diagnostic.message),
        None => format!("{}.", diagnostic.message),
    };
    let artifact = ArtifactLocation { uri: uri(path) };
    let fixes = diagnostic.fix.iter().map(|fix| SarifFix {
        description: message(&fix.title),
        artifact_changes: vec![ArtifactChange {
            artifact_location: artifact.clone(),
            replacements: vec![Replacement {
                deleted_region: region(index, &fix.range),
                inserted_content: message(&fix.replacement),
            }],
        }],
    });
    let related = diagnostic.related.iter().enumerate().map(|(n, other)| RelatedLocation {
        id: n + 1,
        physical_location: PhysicalLocation {
            artifact_location: artifact.clone(),
            region: region(index, &other.range),
        },
        message: message(&other.message),
    });
    SarifResult {
        rule_id: diagnostic.code.to_string(),
        rule_index: places.get(diagnostic.code.as_str()).copied(),
        level: level(diagnostic.severity).to_owned(),
        message: message(&said),
        fixes: fixes.collect(),
        partial_fingerprints: Fingerprints { finding: print },
        related_locations: related.collect(),
        locations: vec![Location {
            physical_location: PhysicalLocation {
                artifact_location: artifact.clone(),
                region: region(index, &diagnostic.range),
            },
        }],
    }
}

fn message(text: &str) -> Message {
    Message { text: text.to_owned() }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn region(index: &LineIndex<'_>, range: &std::ops::Range<usize>) -> Region {
    let range = index.clamp_range(range);
    let (start, end) = (index.position(range.start), index.position(range.end));
    Region {
        start_line: start.line,
        start_column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

/// A path as a URI reference: what RFC 3986 does not allow in a path is percent-encoded.
fn uri(path: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes()
        .map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn a_log_has_the_rule_the_place_and_the_fix() {
        let rules = [RuleEntry {
            id: "SOP0101",
            name: "owner-missing",
            severity: Severity::Error,
            summary: "No owner",
            page: "# SOP0101",
        }];
        let found = [Diagnostic::error(Code("SOP0101"), "no owner is named", 3..5)
            .with_help("add one")
            .with_fix(0..0, "owner: Sales\n", "add a line")];
        let files =
            [FileFindings { path: "my sops/a.md", source: "ab\ncd\n", diagnostics: &found }];
        let json = serde_json::to_value(log("gemba", "0.1.0", &rules, &files)).expect("plain data");
        assert_eq!(json["version"], "2.1.0");
        let run = &json["runs"][0];
        assert_eq!(run["tool"]["driver"]["rules"][0]["defaultConfiguration"]["level"], "error");
        let result = &run["results"][0];
        assert_eq!(result["ruleId"], "SOP0101");
        assert_eq!(result["ruleIndex"], 0);
        assert_eq!(result["message"]["text"], "no owner is named. add one.");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "my%20sops/a.md");
        assert_eq!(
            place["region"],
            serde_json::json!({"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 3})
        );
        let change = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
        assert_eq!(change["insertedContent"]["text"], "owner: Sales\n");
    }

    #[test]
    fn a_finding_is_the_same_one_when_it_moves() {
        let prints = |source: &str, at: &[usize]| -> Vec<String> {
            let found: Vec<Diagnostic> =
                at.iter().map(|at| Diagnostic::error(Code("SOP0201"), "m", *at..*at)).collect();
            let files = [FileFindings { path: "a.md", source, diagnostics: &found }];
            let made = log("gemba", "0.1.0", &[], &files);
            made.runs
                .into_iter()
                .flat_map(|run| run.results)
                .map(|result| result.partial_fingerprints.finding)
                .collect()
        };
        let before = prints("go to 9\ngo to 9\n", &[0, 8]);
        assert_eq!(before, prints("new\n  go to 9\ngo to 9\n", &[6, 14]));
        assert_ne!(before.first(), before.last());
        assert_ne!(before, prints("go to 8\ngo to 9\n", &[0, 8]));
    }

    #[test]
    fn an_info_is_a_note() {
        assert_eq!(level(Severity::Info), "note");
    }
}
