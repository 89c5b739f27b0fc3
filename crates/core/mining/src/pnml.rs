//! Petri nets as PNML (ISO/IEC 15909-2), read as `ProM` and its relatives write it, and written for them.

use crate::net::{Net, Transition};
use crate::number::id;
use crate::report::{Refusal, Unwatched};
use crate::xml::{Item, Scanner, Tag, escape, unescape};
use std::collections::BTreeMap;
use std::io::Read;

/// The largest file and the largest net that is read.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
const MAX_NODES: usize = 100_000;
const MAX_DEPTH: usize = 64;

/// What words are read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Nothing,
    Name,
    Initial,
    Weight,
    Final,
}

#[derive(Debug, Default)]
struct Node {
    id: String,
    name: String,
    is_place: bool,
    is_silent: bool,
    tokens: u32,
}

#[derive(Debug, Default)]
struct Arc {
    from: String,
    to: String,
    weight: Option<u32>,
}

/// Reads a net.
///
/// A net without a final marking ends with one token in its only place that nothing takes from.
///
/// # Errors
///
/// What is no PNML, has arcs between things that are not there, or no end, is refused.
pub fn read(reader: impl Read) -> Result<Net, Refusal> {
    let mut limited = reader.take(MAX_BYTES + 1);
    read_any(&mut limited)
}

fn malformed(what: impl Into<String>) -> Refusal {
    Refusal::Malformed(what.into())
}

fn read_any(reader: &mut dyn Read) -> Result<Net, Refusal> {
    let mut scanner = Scanner::new(reader)?;
    let mut into = Reading::default();
    let mut path: Vec<Vec<u8>> = Vec::new();
    loop {
        if scanner.position() > MAX_BYTES {
            return Err(Refusal::TooLarge("the model is larger than 64 MiB".to_owned()));
        }
        match scanner.next(&mut Unwatched)? {
            None => break,
            Some(Item::Text(words)) => into.words(&path, words),
            Some(Item::Start(tag, is_empty)) => {
                into.start(&path, &tag)?;
                if is_empty {
                    into.end(tag.name());
                } else {
                    if path.len() >= MAX_DEPTH {
                        return Err(Refusal::TooLarge(format!(
                            "it is nested deeper than {MAX_DEPTH}"
                        )));
                    }
                    path.push(tag.name().to_vec());
                }
            }
            Some(Item::End(name)) => {
                if path.pop().as_deref() != Some(name) {
                    return Err(malformed(
                        "it is no well-formed XML: a tag ends that was not begun",
                    ));
                }
                into.end(name);
            }
        }
    }
    if !path.is_empty() {
        return Err(malformed("it is cut off"));
    }
    into.net()
}

#[derive(Debug, Default)]
struct Reading {
    is_pnml: bool,
    nodes: Vec<Node>,
    arcs: Vec<Arc>,
    /// Whether a node or an arc is open.
    is_in_node: bool,
    is_in_arc: bool,
    /// The first marking alone counts.
    finals: Vec<(String, u32)>,
    markings: usize,
}

impl Reading {
    fn start(&mut self, path: &[Vec<u8>], tag: &Tag<'_>) -> Result<(), Refusal> {
        if path.is_empty() {
            if tag.name() != b"pnml" {
                return Err(malformed("it is no PNML: it does not begin with <pnml>"));
            }
            self.is_pnml = true;
        }
        let text = |name: &[u8]| tag.text(name).unwrap_or_default();
        match tag.name() {
            b"place" if tag.raw(b"idref").is_some() && self.markings == 1 => {
                self.finals.push((text(b"idref"), 0));
            }
            b"place" if tag.raw(b"idref").is_some() => {}
            kind @ (b"place" | b"transition") => {
                if self.nodes.len() >= MAX_NODES {
                    return Err(Refusal::TooLarge(format!(
                        "the net has more than {MAX_NODES} nodes"
                    )));
                }
                self.is_in_node = true;
                let is_place = kind == b"place";
                self.nodes.push(Node { id: text(b"id"), is_place, ..Node::default() });
            }
            b"arc" => {
                if self.arcs.len() >= MAX_NODES * 4 {
                    return Err(Refusal::TooLarge("the net has too many arcs".to_owned()));
                }
                self.is_in_arc = true;
                let (from, to) = (text(b"source"), text(b"target"));
                self.arcs.push(Arc { from, to, weight: None });
            }
            b"marking" => self.markings += 1,
            b"toolspecific" if tag.raw(b"activity") == Some(b"$invisible$") => {
                if let Some(node) = self.nodes.last_mut().filter(|_| self.is_in_node) {
                    node.is_silent = true;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) {
        match name {
            b"place" | b"transition" => self.is_in_node = false,
            b"arc" => self.is_in_arc = false,
            _ => {}
        }
    }

    fn wanted(&self, path: &[Vec<u8>]) -> Wanted {
        let [.., above, last] = path else { return Wanted::Nothing };
        if last != b"text" {
            return Wanted::Nothing;
        }
        match above.as_slice() {
            b"name" if self.is_in_node => Wanted::Name,
            b"initialMarking" if self.is_in_node => Wanted::Initial,
            b"inscription" if self.is_in_arc => Wanted::Weight,
            b"place" if self.markings == 1 => Wanted::Final,
            _ => Wanted::Nothing,
        }
    }

    fn words(&mut self, path: &[Vec<u8>], words: &[u8]) {
        let wanted = self.wanted(path);
        if wanted == Wanted::Nothing {
            return;
        }
        let text = String::from_utf8_lossy(&unescape(words)).into_owned();
        // ProM writes "Default,1" for coloured tokens.
        let number = || text.rsplit(',').next().and_then(|n| n.trim().parse::<u32>().ok());
        match wanted {
            Wanted::Nothing => {}
            Wanted::Name => {
                if let Some(node) = self.nodes.last_mut() {
                    node.name.push_str(&text);
                }
            }
            Wanted::Initial => {
                if let (Some(node), Some(tokens)) = (self.nodes.last_mut(), number()) {
                    node.tokens = tokens;
                }
            }
            Wanted::Weight => {
                if let (Some(arc), Some(weight)) = (self.arcs.last_mut(), number()) {
                    arc.weight = Some(weight);
                }
            }
            Wanted::Final => {
                if let (Some((_, tokens)), Some(number)) = (self.finals.last_mut(), number()) {
                    *tokens = number;
                }
            }
        }
    }

    fn net(self) -> Result<Net, Refusal> {
        if !self.is_pnml {
            return Err(malformed("it is no PNML: there is no <pnml> in it"));
        }
        let mut net = Net::default();
        let mut places = BTreeMap::new();
        let mut transitions = BTreeMap::new();
        for node in self.nodes {
            if node.is_place {
                let place = net.place(node.name.trim());
                if node.tokens > 0 {
                    net.initial.push((place, node.tokens));
                }
                places.insert(node.id, place);
            } else {
                let name = node.name.trim().to_owned();
                let name = (!node.is_silent && !name.is_empty()).then_some(name);
                transitions.insert(node.id, net.transitions.len());
                net.transitions.push(Transition { name, ..Transition::default() });
            }
        }
        for arc in self.arcs {
            let weight = arc.weight.unwrap_or(1);
            let into = (places.get(&arc.from), transitions.get(&arc.to));
            let out = (transitions.get(&arc.from), places.get(&arc.to));
            let (list, place) = if let (Some(place), Some(to)) = into {
                (net.transitions.get_mut(*to).map(|t| &mut t.takes), place)
            } else if let (Some(from), Some(place)) = out {
                (net.transitions.get_mut(*from).map(|t| &mut t.gives), place)
            } else {
                let (from, to) = (arc.from, arc.to);
                return Err(malformed(format!("an arc joins {from} and {to}, which it may not")));
            };
            let Some(list) = list else { continue };
            match list.iter_mut().find(|(known, _)| known == place) {
                Some((_, sum)) => *sum = sum.saturating_add(weight),
                None if weight > 0 => list.push((*place, weight)),
                None => {}
            }
        }
        for transition in &mut net.transitions {
            transition.takes.sort_unstable();
            transition.gives.sort_unstable();
        }
        for (name, tokens) in self.finals {
            if let Some(place) = places.get(&name).filter(|_| tokens > 0) {
                net.end.push((*place, tokens));
            }
        }
        complete(&mut net)?;
        Ok(net)
    }
}

/// Finds the beginning and the end of a net that does not say them.
fn complete(net: &mut Net) -> Result<(), Refusal> {
    let (mut is_taken, mut is_given) =
        (vec![false; net.places.len()], vec![false; net.places.len()]);
    for transition in &net.transitions {
        for (flags, arcs) in
            [(&mut is_taken, &transition.takes), (&mut is_given, &transition.gives)]
        {
            for (place, _) in arcs {
                if let Some(flag) = flags.get_mut(crate::number::ix(*place)) {
                    *flag = true;
                }
            }
        }
    }
    let alone = |no: &[bool], yes: &[bool]| -> Vec<u32> {
        let both = no.iter().zip(yes).enumerate();
        both.filter(|(_, (no, yes))| !**no && **yes).map(|(place, _)| id(place)).collect()
    };
    if net.initial.is_empty() {
        net.initial = alone(&is_given, &is_taken).into_iter().map(|place| (place, 1)).collect();
    }
    if net.end.is_empty() {
        net.end = alone(&is_taken, &is_given).into_iter().map(|place| (place, 1)).collect();
    }
    if net.initial.is_empty() || net.end.is_empty() {
        return Err(malformed("the net does not say where it begins and ends"));
    }
    Ok(())
}

/// Writes a net.
pub fn write(net: &Net, title: &str) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<pnml xmlns=\"http://www.pnml.org/version-2009/grammar/pnml\">\n\
         \x20 <net id=\"net\" type=\"http://www.pnml.org/version-2009/grammar/pnmlcoremodel\">\n",
    );
    named(&mut out, title, "    ");
    out.push_str("    <page id=\"page\">\n");
    for (n, name) in net.places.iter().enumerate() {
        put!(out, "      <place id=\"p{n}\">\n");
        named(&mut out, name, "        ");
        if let Some((_, tokens)) = net.initial.iter().find(|(place, _)| *place == id(n)) {
            put!(
                out,
                "        <initialMarking>\n          <text>{tokens}</text>\n        </initialMarking>\n"
            );
        }
        out.push_str("      </place>\n");
    }
    for (n, transition) in net.transitions.iter().enumerate() {
        put!(out, "      <transition id=\"t{n}\">\n");
        if let Some(name) = &transition.name {
            named(&mut out, name, "        ");
        } else {
            named(&mut out, &format!("tau {n}"), "        ");
            out.push_str(
                "        <toolspecific tool=\"ProM\" version=\"6.4\" activity=\"$invisible$\"/>\n",
            );
        }
        out.push_str("      </transition>\n");
    }
    let mut count = 0;
    let mut arc = |out: &mut String, from: String, to: String, weight: u32| {
        put!(*out, "      <arc id=\"a{count}\" source=\"{from}\" target=\"{to}\"");
        count += 1;
        if weight == 1 {
            out.push_str("/>\n");
        } else {
            put!(
                *out,
                ">\n        <inscription>\n          <text>{weight}</text>\n        </inscription>\n      </arc>\n"
            );
        }
    };
    for (n, transition) in net.transitions.iter().enumerate() {
        for (place, weight) in &transition.takes {
            arc(&mut out, format!("p{place}"), format!("t{n}"), *weight);
        }
        for (place, weight) in &transition.gives {
            arc(&mut out, format!("t{n}"), format!("p{place}"), *weight);
        }
    }
    out.push_str("    </page>\n    <finalmarkings>\n      <marking>\n");
    for (place, tokens) in &net.end {
        put!(
            out,
            "        <place idref=\"p{place}\">\n          <text>{tokens}</text>\n        </place>\n"
        );
    }
    out.push_str("      </marking>\n    </finalmarkings>\n  </net>\n</pnml>\n");
    out
}

fn named(out: &mut String, name: &str, indent: &str) {
    put!(*out, "{indent}<name>\n{indent}  <text>");
    escape(out, name);
    put!(*out, "</text>\n{indent}</name>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Tree;

    #[test]
    fn a_net_is_written_and_read_back_as_it_was() {
        let a = |name: &str| Tree::activity(name);
        let tree = Tree::Sequence(vec![
            a("a & <b>"),
            Tree::Parallel(vec![
                a("c").optional(),
                Tree::Loop(Box::new(a("d")), Box::new(Tree::Silent)),
            ]),
        ]);
        let mut net = Net::of_tree(&tree);
        net.transitions[0].takes[0].1 = 3;
        net.initial[0].1 = 3;
        assert_eq!(read(write(&net, "T").as_bytes()), Ok(net));
    }

    #[test]
    fn what_is_no_net_is_refused() {
        for (text, reason) in [
            ("<net/>", "does not begin with <pnml>"),
            ("", "no <pnml>"),
            ("<pnml><net>", "cut off"),
            ("<pnml><net></pnml></net>", "not begun"),
            ("<pnml><net><place id='p'/></net></pnml>", "begins and ends"),
            (
                "<pnml><net><place id='p'/><place id='q'/><arc source='p' target='q'/></net></pnml>",
                "joins p and q",
            ),
        ] {
            let refusal = read(text.as_bytes()).unwrap_err().to_string();
            assert!(refusal.contains(reason), "{text}: {refusal}");
        }
    }
}
