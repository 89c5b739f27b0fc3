//! Everything this crate can say about a model: one table of codes.

use crate::xml::Element;
use gemba_diag::{Code, Diagnostic, Severity};
use std::ops::Range;

/// One line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The stable code.
    pub code: Code,
    /// The short name.
    pub name: &'static str,
    /// How bad its findings are.
    pub severity: Severity,
    /// One line on what it finds.
    pub summary: &'static str,
    /// Its manual page, as Markdown.
    pub page: &'static str,
}

impl Rule {
    /// A finding of this rule.
    pub(crate) fn at(&self, range: Range<usize>, message: impl AsRef<str>) -> Diagnostic {
        Diagnostic::new(self.code, self.severity, message, range)
    }

    /// A finding about an element.
    pub(crate) fn of(&self, element: &Element, message: impl AsRef<str>) -> Diagnostic {
        self.at(element.span.clone(), message)
    }
}

macro_rules! rules {
    ($($name:ident $code:literal $severity:ident $short:literal $summary:literal)*) => {
        $(
            pub(crate) const $name: Rule = Rule {
                code: Code($code),
                name: $short,
                severity: Severity::$severity,
                summary: $summary,
                page: include_str!(concat!("../../../../docs/codes/", $code, ".md")),
            };
        )*
        /// All of them, by code.
        pub fn rules() -> &'static [Rule] {
            const RULES: &[Rule] = &[$($name),*];
            RULES
        }
    };
}

rules! {
    NO_MODEL "BPM0001" Error "no-model" "the file is no BPMN 2.0 model"
    BROKEN "BPM0002" Error "broken-xml" "the XML is broken"
    DOCTYPE "BPM0003" Error "document-type" "the file declares a document type"
    TOO_LARGE "BPM0004" Error "too-large" "the file is larger or deeper than a model can be"
    BYTES "BPM0101" Warning "bytes" "the bytes are not in the declared encoding"
    PREFIX "BPM0102" Warning "prefix" "a prefix has no namespace"
    UNKNOWN "BPM0103" Warning "unknown-element" "an element is not part of BPMN 2.0"
    DANGLING "BPM0104" Warning "dangling-reference" "a reference leads nowhere"
    TWICE "BPM0105" Warning "duplicate-id" "an id is given twice"
    NO_ID "BPM0106" Info "missing-id" "an element has no id"
    NOT_DRAWN "BPM0107" Info "not-drawn" "elements are not on any diagram"
    NOTHING "BPM0201" Warning "no-steps" "a process has nothing that could be done"
    LOOSE_FLOW "BPM0202" Warning "loose-flow" "a flow has no beginning or no end"
    UNREACHED "BPM0203" Warning "unreached" "an element cannot be reached from a start"
    SEVERAL_WAYS "BPM0204" Warning "several-ways" "several ways out may be taken at once"
    IN_ORDER "BPM0205" Info "in-order" "work that may go on at once is written one after the other"
    REPEATED "BPM0206" Info "repeated" "a step is repeated"
    ON_THE_SIDE "BPM0207" Info "boundary-event" "an event at the border of a step became a branch"
    WAYS_WITHIN "BPM0208" Info "ways-within" "the ways within a sub-process became words"
    UNNAMED "BPM0209" Info "unnamed" "an element without a name was given one"
    LEFT_OUT "BPM0210" Warning "left-out" "an element has no place in an SOP"
    OUTSIDE "BPM0211" Info "outside-party" "a pool without a process is an outside party"
    MACHINE "BPM0212" Warning "machine-condition" "a condition is written for a machine"
}

/// How a finding speaks of an element: what it is, its name and its id.
pub(crate) fn called(element: &Element) -> String {
    let kind = spoken(element.local());
    let title = element.title();
    match (title.is_empty(), element.id()) {
        (false, Some(id)) => format!("{kind} \"{title}\" ({id})"),
        (false, None) => format!("{kind} \"{title}\""),
        (true, Some(id)) => format!("{kind} {id}"),
        (true, None) => format!("{kind} without name and id"),
    }
}

/// The name of an element as words: "exclusive gateway" for `exclusiveGateway`.
pub(crate) fn spoken(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !out.is_empty() && !out.ends_with(|p: char| p.is_uppercase()) {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
    }
    out
}
