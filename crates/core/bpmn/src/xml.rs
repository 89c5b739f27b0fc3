//! XML as a tree of plain data that forgets nothing but the quotes: what a model is kept in.
//!
//! Names stay as they were written, prefix and all; beside them stands the namespace they mean.

use std::fmt;
use std::ops::Range;

/// The namespaces that BPMN 2.0 consists of, and every other one by its name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Ns {
    /// No namespace at all.
    #[default]
    None,
    /// The semantic model.
    Bpmn,
    /// The diagram: shapes, edges and labels.
    BpmnDi,
    /// Bounds and fonts.
    Dc,
    /// Way points.
    Di,
    /// Somebody else's: extensions of tools, XML Schema instances.
    Other(String),
}

/// The address of [`Ns::Bpmn`].
pub const BPMN: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";
/// The address of [`Ns::BpmnDi`].
pub const BPMNDI: &str = "http://www.omg.org/spec/BPMN/20100524/DI";
/// The address of [`Ns::Dc`].
pub const DC: &str = "http://www.omg.org/spec/DD/20100524/DC";
/// The address of [`Ns::Di`].
pub const DI: &str = "http://www.omg.org/spec/DD/20100524/DI";

impl Ns {
    /// The namespace with this address.
    pub fn of(address: Option<&str>) -> Self {
        match address {
            None | Some("") => Self::None,
            Some(BPMN) => Self::Bpmn,
            Some(BPMNDI) => Self::BpmnDi,
            Some(DC) => Self::Dc,
            Some(DI) => Self::Di,
            Some(other) => Self::Other(other.to_owned()),
        }
    }
}

/// A namespace that an element declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The prefix; empty for the default namespace.
    pub prefix: String,
    /// The address.
    pub address: String,
}

/// An attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The name as written, with its prefix.
    pub name: String,
    /// The value, with references resolved.
    pub value: String,
}

/// What an element holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Words, with references resolved; white space between elements is kept too.
    Text(String),
    /// A comment, without its marks.
    Comment(String),
    /// An instruction: target and content.
    Instruction(String, String),
}

/// An element with all that is in it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// The name as written, with its prefix.
    pub name: String,
    /// The namespace that the name means.
    pub ns: Ns,
    /// The namespaces declared here.
    pub declared: Vec<Declaration>,
    /// The attributes in order.
    pub attributes: Vec<Attribute>,
    /// What it holds, in order.
    pub children: Vec<Node>,
    /// Where its start tag stands in the source; empty where it was made here.
    pub span: Range<usize>,
}

impl fmt::Debug for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::write::fragment(self))
    }
}

impl Element {
    /// An element that is made here.
    pub(crate) fn new(name: &str, ns: Ns) -> Self {
        Self { name: name.to_owned(), ns, ..Self::default() }
    }

    /// The name without its prefix.
    pub fn local(&self) -> &str {
        local(&self.name)
    }

    /// Whether it is this element of the semantic model.
    pub fn is(&self, name: &str) -> bool {
        self.ns == Ns::Bpmn && self.local() == name
    }

    /// The value of an attribute without a prefix.
    pub fn attr(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.name == name).map(|a| a.value.as_str())
    }

    /// The id, where there is one that is not empty.
    pub fn id(&self) -> Option<&str> {
        self.attr("id").filter(|id| !id.is_empty())
    }

    /// The name on the drawing: white space folded, empty where there is none.
    pub fn title(&self) -> String {
        folded(self.attr("name").unwrap_or_default())
    }

    /// The elements in it.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) | Node::Comment(_) | Node::Instruction(..) => None,
        })
    }

    /// The elements of the semantic model in it.
    pub fn parts(&self) -> impl Iterator<Item = &Self> {
        self.elements().filter(|e| e.ns == Ns::Bpmn)
    }

    /// The first element of the semantic model in it with this name.
    pub fn part(&self, name: &str) -> Option<&Self> {
        self.elements().find(|e| e.is(name))
    }

    /// The elements of the semantic model in it with this name.
    pub fn parts_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> + 'a {
        self.elements().filter(move |e| e.is(name))
    }

    /// This element and all below it, in the order of the document.
    pub fn walk(&self) -> Vec<&Self> {
        let mut all = Vec::new();
        let mut open = vec![self];
        while let Some(element) = open.pop() {
            all.push(element);
            let below: Vec<&Self> = element.elements().collect();
            open.extend(below.into_iter().rev());
        }
        all
    }

    /// All words in it, in order.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for element in self.walk() {
            for node in &element.children {
                if let Node::Text(text) = node {
                    out.push_str(text);
                }
            }
        }
        out
    }

    /// Sets an attribute, where it stood or at the end.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        match self.attributes.iter_mut().find(|a| a.name == name) {
            Some(attribute) => attribute.value = value,
            None => self.attributes.push(Attribute { name: name.to_owned(), value }),
        }
    }

    /// The same with an attribute.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    /// The same with words in it.
    #[must_use]
    pub(crate) fn holding(mut self, text: impl Into<String>) -> Self {
        self.children.push(Node::Text(text.into()));
        self
    }

    /// Puts an element at the end.
    pub(crate) fn push(&mut self, element: Self) {
        // The white space before an end tag belongs to the end tag.
        let tail = match self.children.last() {
            Some(Node::Text(text)) if text.trim().is_empty() => self.children.pop(),
            _ => None,
        };
        if let Some(Node::Text(end)) = &tail {
            let between = self.children.iter().find_map(|node| match node {
                Node::Text(text) if text.trim().is_empty() => Some(text.clone()),
                _ => None,
            });
            self.children.push(Node::Text(between.unwrap_or_else(|| format!("{end}  "))));
        }
        self.children.push(Node::Element(element));
        self.children.extend(tail);
    }
}

/// A qualified name without its prefix.
pub(crate) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Words with every run of white space as one blank.
pub(crate) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
