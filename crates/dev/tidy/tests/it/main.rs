//! What holds for the repository as a whole: rings, documents, codes, words.
//!
//! Each rule is a function from plain data to findings, so that a test can show it going red. One
//! more rule is one more function and one line where its module collects findings.

#[cfg(test)]
mod codes;
#[cfg(test)]
mod files;
#[cfg(test)]
mod library;
#[cfg(test)]
mod rings;
#[cfg(test)]
mod sources;
#[cfg(test)]
mod words;

/// Fails with every finding at once, one to a line.
#[cfg(test)]
fn none(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}
