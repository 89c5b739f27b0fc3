//! A BPMN file as it was read or made: the whole tree, and the ways into it.

use crate::xml::{Element, Node, Ns, local};
use std::collections::BTreeMap;

/// A whole model: everything that was in the file, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Definitions {
    /// Comments and instructions before the root.
    pub before: Vec<Node>,
    /// The root element, `definitions`.
    pub root: Element,
    /// Comments and instructions after it.
    pub after: Vec<Node>,
}

impl Definitions {
    /// The processes, in order.
    pub fn processes(&self) -> Vec<&Element> {
        self.root.parts_named("process").collect()
    }

    /// The elements of the semantic model by id; of several with one id the first.
    pub fn ids(&self) -> Ids<'_> {
        let mut by_id = BTreeMap::new();
        for element in self.root.walk() {
            if let Some(id) = element.id().filter(|_| element.ns == Ns::Bpmn) {
                by_id.entry(id).or_insert(element);
            }
        }
        Ids { by_id }
    }
}

/// The elements of a model by id.
#[derive(Debug)]
pub struct Ids<'a> {
    by_id: BTreeMap<&'a str, &'a Element>,
}

impl<'a> Ids<'a> {
    /// The element that a reference means: by its id, or by its id behind a prefix.
    pub fn find(&self, reference: &str) -> Option<&'a Element> {
        let reference = reference.trim();
        self.by_id.get(reference).or_else(|| self.by_id.get(local(reference))).copied()
    }
}
