//! From the tree to text, escaped so that what is read back is what was written.

use crate::definitions::Definitions;
use crate::xml::{Element, Node};

const INDENT: &str = "  ";

/// The model as an XML document in UTF-8.
///
/// What was read keeps its white space; what was made here is indented. Line breaks and tabs in
/// attributes are written as references, because a plain one would be read back as a blank.
pub fn write(definitions: &Definitions) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    for node in &definitions.before {
        write_node(&mut out, node, 0);
        out.push('\n');
    }
    element(&mut out, &definitions.root, 0);
    out.push('\n');
    for node in &definitions.after {
        write_node(&mut out, node, 0);
        out.push('\n');
    }
    out
}

/// One element as text.
pub(crate) fn fragment(it: &Element) -> String {
    let mut out = String::new();
    element(&mut out, it, 0);
    out
}

fn write_node(out: &mut String, node: &Node, depth: usize) {
    match node {
        Node::Element(it) => element(out, it, depth),
        Node::Text(text) => escape(out, text, false),
        Node::Comment(text) => {
            out.push_str("<!--");
            out.push_str(text);
            out.push_str("-->");
        }
        Node::Instruction(target, content) => {
            out.push_str("<?");
            out.push_str(target);
            if !content.is_empty() {
                out.push(' ');
                out.push_str(content);
            }
            out.push_str("?>");
        }
    }
}

fn element(out: &mut String, it: &Element, depth: usize) {
    out.push('<');
    out.push_str(&it.name);
    for declaration in &it.declared {
        out.push_str(" xmlns");
        if !declaration.prefix.is_empty() {
            out.push(':');
            out.push_str(&declaration.prefix);
        }
        value(out, &declaration.address);
    }
    for attribute in &it.attributes {
        out.push(' ');
        out.push_str(&attribute.name);
        value(out, &attribute.value);
    }
    if it.children.is_empty() {
        out.push_str(" />");
        return;
    }
    out.push('>');
    // What was read stays on its one line if it was on one.
    let is_read = !it.span.is_empty();
    let is_laid_out = is_read || it.children.iter().any(|node| matches!(node, Node::Text(_)));
    for node in &it.children {
        if !is_laid_out {
            line(out, depth + 1);
        }
        write_node(out, node, depth + 1);
    }
    if !is_laid_out {
        line(out, depth);
    }
    out.push_str("</");
    out.push_str(&it.name);
    out.push('>');
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth {
        out.push_str(INDENT);
    }
}

fn value(out: &mut String, text: &str) {
    out.push_str("=\"");
    escape(out, text, true);
    out.push('"');
}

fn escape(out: &mut String, text: &str, in_attribute: bool) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if in_attribute => out.push_str("&quot;"),
            '\n' if in_attribute => out.push_str("&#10;"),
            '\t' if in_attribute => out.push_str("&#9;"),
            '\r' => out.push_str("&#13;"),
            c if allowed(c) => out.push(c),
            // XML has no way to say these at all.
            _ => out.push('\u{fffd}'),
        }
    }
}

/// Whether XML 1.0 may hold the character.
fn allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}
