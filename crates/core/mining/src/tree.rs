//! Process trees: blocks of steps in sequence, in parallel, one of several, or repeated.

use std::collections::BTreeSet;
use std::fmt;

/// A block of a process.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tree {
    /// Nothing happens.
    Silent,
    /// An activity.
    Activity(String),
    /// One after the other.
    Sequence(Vec<Self>),
    /// Exactly one.
    Choice(Vec<Self>),
    /// All, in any order, mixed.
    Parallel(Vec<Self>),
    /// The first once; then, any number of times, the second and the first again.
    Loop(Box<Self>, Box<Self>),
}

impl Tree {
    /// A block of one activity.
    pub fn activity(name: impl Into<String>) -> Self {
        Self::Activity(name.into())
    }

    /// A block that may be left out.
    #[must_use]
    pub fn optional(self) -> Self {
        match self {
            Self::Choice(mut parts) if parts.first() == Some(&Self::Silent) => {
                parts.dedup();
                Self::Choice(parts)
            }
            Self::Choice(parts) => {
                Self::Choice(std::iter::once(Self::Silent).chain(parts).collect())
            }
            Self::Silent => Self::Silent,
            other => Self::Choice(vec![Self::Silent, other]),
        }
    }

    /// The parts of a block.
    pub fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Silent | Self::Activity(_) => Vec::new(),
            Self::Sequence(parts) | Self::Choice(parts) | Self::Parallel(parts) => {
                parts.iter().collect()
            }
            Self::Loop(body, redo) => vec![body, redo],
        }
    }

    /// The names of its activities, each as often as it stands there, from left to right.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        let mut open = vec![self];
        while let Some(tree) = open.pop() {
            if let Self::Activity(name) = tree {
                names.push(name.as_str());
            }
            open.extend(tree.parts().into_iter().rev());
        }
        names
    }

    /// Whether no activity stands in two places: then alignments are found block by block.
    pub fn is_unique(&self) -> bool {
        let names = self.names();
        names.iter().collect::<BTreeSet<_>>().len() == names.len()
    }

    /// How many activities the shortest way through has.
    pub fn shortest(&self) -> u64 {
        match self {
            Self::Silent => 0,
            Self::Activity(_) => 1,
            Self::Sequence(parts) | Self::Parallel(parts) => parts.iter().map(Self::shortest).sum(),
            Self::Choice(parts) => parts.iter().map(Self::shortest).min().unwrap_or(0),
            Self::Loop(body, _) => body.shortest(),
        }
    }

    /// How deep its blocks are nested.
    pub fn depth(&self) -> u64 {
        1 + self.parts().into_iter().map(Self::depth).max().unwrap_or(0)
    }

    /// How many blocks and activities it has.
    pub fn size(&self) -> u64 {
        1 + self.parts().into_iter().map(Self::size).sum::<u64>()
    }

    /// The same process in fewer blocks: blocks within blocks of their kind, blocks of one part, silent steps
    /// in a row, and a loop around an optional body.
    #[must_use]
    pub fn folded(self) -> Self {
        match self {
            Self::Silent | Self::Activity(_) => self,
            Self::Sequence(parts) => {
                let flat = flattened(parts, |part| match part {
                    Self::Sequence(inner) => Ok(inner),
                    other => Err(other),
                });
                one_of(flat.into_iter().filter(|p| *p != Self::Silent).collect(), Self::Sequence)
            }
            Self::Parallel(parts) => {
                let flat = flattened(parts, |part| match part {
                    Self::Parallel(inner) => Ok(inner),
                    other => Err(other),
                });
                one_of(flat.into_iter().filter(|p| *p != Self::Silent).collect(), Self::Parallel)
            }
            Self::Choice(parts) => {
                let mut flat = flattened(parts, |part| match part {
                    Self::Choice(inner) => Ok(inner),
                    other => Err(other),
                });
                if flat.contains(&Self::Silent) {
                    flat.retain(|part| *part != Self::Silent);
                    // A part that can be nothing makes the silent one needless.
                    if !flat.iter().any(|part| part.shortest() == 0 && part.can_be_nothing()) {
                        flat.insert(0, Self::Silent);
                    }
                }
                one_of(flat, Self::Choice)
            }
            Self::Loop(body, redo) => match (body.folded(), redo.folded()) {
                (Self::Silent, Self::Silent) => Self::Silent,
                (Self::Loop(body, inner), Self::Silent) if *inner == Self::Silent => {
                    Self::Loop(body, inner)
                }
                (body, redo) => Self::Loop(Box::new(body), Box::new(redo)),
            },
        }
    }

    /// Whether it can be done without any activity.
    fn can_be_nothing(&self) -> bool {
        self.shortest() == 0
    }
}

fn flattened(parts: Vec<Tree>, split: fn(Tree) -> Result<Vec<Tree>, Tree>) -> Vec<Tree> {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match split(part.folded()) {
            Ok(inner) => flat.extend(inner),
            Err(part) => flat.push(part),
        }
    }
    flat
}

fn one_of(mut parts: Vec<Tree>, block: fn(Vec<Tree>) -> Tree) -> Tree {
    match parts.len() {
        0 => Tree::Silent,
        1 => parts.pop().unwrap_or(Tree::Silent),
        _ => block(parts),
    }
}

impl fmt::Display for Tree {
    /// As the literature writes it: `->( 'a', X( tau, 'b' ) )`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self {
            Self::Silent => return f.write_str("tau"),
            Self::Activity(name) => return write!(f, "'{name}'"),
            Self::Sequence(_) => "->",
            Self::Choice(_) => "X",
            Self::Parallel(_) => "+",
            Self::Loop(..) => "*",
        };
        write!(f, "{sign}( ")?;
        for (n, part) in self.parts().into_iter().enumerate() {
            if n > 0 {
                f.write_str(", ")?;
            }
            part.fmt(f)?;
        }
        f.write_str(" )")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a(name: &str) -> Tree {
        Tree::activity(name)
    }

    #[test]
    fn a_tree_folds_into_the_fewest_blocks_that_mean_the_same() {
        let silent = || Tree::Silent;
        for (tree, expected) in [
            (
                Tree::Sequence(vec![a("a"), Tree::Sequence(vec![a("b"), silent()])]),
                "->( 'a', 'b' )",
            ),
            (
                Tree::Choice(vec![Tree::Choice(vec![a("a"), silent()]), a("b")]),
                "X( tau, 'a', 'b' )",
            ),
            (Tree::Choice(vec![silent(), a("a").optional()]), "X( tau, 'a' )"),
            (Tree::Parallel(vec![silent(), a("a")]), "'a'"),
            (Tree::Sequence(vec![silent()]), "tau"),
            (
                Tree::Loop(
                    Box::new(Tree::Loop(Box::new(a("a")), Box::new(silent()))),
                    Box::new(silent()),
                ),
                "*( 'a', tau )",
            ),
        ] {
            assert_eq!(tree.folded().to_string(), expected);
        }
    }

    #[test]
    fn the_shortest_way_and_the_names_are_those_of_the_blocks() {
        let tree = Tree::Sequence(vec![
            a("a"),
            Tree::Choice(vec![a("b"), Tree::Parallel(vec![a("c"), a("d")])]),
            Tree::Loop(Box::new(a("e")), Box::new(a("f"))),
        ]);
        assert_eq!(tree.shortest(), 3);
        assert_eq!(tree.names(), ["a", "b", "c", "d", "e", "f"]);
        assert!(tree.is_unique());
        assert!(!Tree::Sequence(vec![a("a"), a("a")]).is_unique());
    }
}
