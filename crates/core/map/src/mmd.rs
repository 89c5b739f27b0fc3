//! A process as a Mermaid flowchart.

use crate::graph::{EdgeKind, Graph, Node, ShapeKind};
use crate::text::clean;
use gemba_model::{Process, StepKind};

/// Writes the map for Mermaid, one subgraph per lane.
///
/// An approval is a hexagon, a wait a flag, a procedure has double sides, parallel work is slanted;
/// handoffs are thick, ways back dotted.
pub fn mermaid(process: &Process) -> String {
    let graph = Graph::of(process);
    let title = clean(&process.title);
    let mut out = format!("---\ntitle: \"{}\"\n---\nflowchart LR\n", yaml(&title));
    for (index, lane) in graph.lanes.iter().enumerate() {
        putln!(out, "  subgraph lane_{index}[\"{}\"]", quote(lane));
        for node in graph.nodes.iter().filter(|node| node.lane == index) {
            putln!(out, "    {}{}", name(&node.id), body(node));
        }
        out.push_str("  end\n");
    }
    links(&graph, &mut out);
    out
}

fn links(graph: &Graph, out: &mut String) {
    for link in &graph.links {
        let (Some(from), Some(to)) = (graph.nodes.get(link.from), graph.nodes.get(link.to)) else {
            continue;
        };
        let line = match link.kind {
            EdgeKind::Sequence | EdgeKind::Branch => "-->",
            EdgeKind::Back => "-.->",
            EdgeKind::Handoff => "==>",
        };
        let arrow = match link.label.as_deref() {
            Some(label) if !label.is_empty() => format!("{line}|\"{}\"|", quote(label)),
            _ => line.to_owned(),
        };
        putln!(*out, "  {} {arrow} {}", name(&from.id), name(&to.id));
    }
}

fn body(node: &Node) -> String {
    let text = quote(&titled(node));
    match node.kind {
        ShapeKind::Start | ShapeKind::Event | ShapeKind::Outcome | ShapeKind::Stop => {
            format!("([\"{text}\"])")
        }
        ShapeKind::Step(StepKind::Approval) => format!("{{{{\"{text}\"}}}}"),
        ShapeKind::Step(StepKind::Wait) => format!(">\"{text}\"]"),
        ShapeKind::Step(StepKind::Call) => format!("[[\"{text}\"]]"),
        ShapeKind::Step(StepKind::Parallel) => format!("[/\"{text}\"/]"),
        ShapeKind::Step(StepKind::Task | StepKind::Decision | StepKind::End) => {
            format!("[\"{text}\"]")
        }
        ShapeKind::Decision => "{\"?\"}".to_owned(),
        ShapeKind::Join => "{\" \"}".to_owned(),
        ShapeKind::Parallel => "{\"+\"}".to_owned(),
    }
}

/// The number and the text of a node.
pub(crate) fn titled(node: &Node) -> String {
    match node.kind {
        ShapeKind::Step(_) if !node.number.is_empty() => {
            format!("{}. {}", node.number.trim_end_matches('.'), node.text)
        }
        _ => node.text.clone(),
    }
}

/// An id as a name of letters, digits and underscores; two ids never get the same.
pub(crate) fn name(id: &str) -> String {
    let mut out = String::from("n_");
    for c in id.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => out.push(c),
            '-' => out.push('_'),
            ':' => out.push_str("__"),
            other => {
                put!(out, "_x{:x}_", u32::from(other));
            }
        }
    }
    out
}

/// A text within Mermaid's quotes: everything that Mermaid or HTML might read is a character code.
fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '#' | '&' | '<' | '>' | '`' | '\\' | '|' | '{' | '}' | '[' | ']' | '(' | ')'
            | ';' | '*' | '_' | '%' | '$' => {
                put!(out, "#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// A text within YAML's double quotes.
fn yaml(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::{name, quote};

    #[test]
    fn nothing_in_a_text_can_end_its_quotes() {
        let check = |text: &str, expected: &str| assert_eq!(quote(text), expected);
        check("plain words, as usual", "plain words, as usual");
        check("say \"no\"", "say #34;no#34;");
        check("a --> b|c", "a --#62; b#124;c");
        check("<script>", "#60;script#62;");
        check("100 % #1; [x]", "100 #37; #35;1#59; #91;x#93;");
        check("`code`", "#96;code#96;");
    }

    #[test]
    fn names_never_are_words_of_the_language() {
        assert_eq!(name("end"), "n_end");
        assert_eq!(name("stop:pay-in:if \u{fc}"), "n_stop__pay_in__if_x20__xfc_");
    }
}
