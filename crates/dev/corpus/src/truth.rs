//! The folder of documents and what a person found in them.

use serde_json::Value;
use std::path::{Path, PathBuf};

/// A folder of documents.
#[derive(Debug)]
pub struct Corpus {
    /// The documents by name.
    pub documents: Vec<Document>,
}

/// One document, with what a person found in it, where somebody did.
#[derive(Debug)]
pub struct Document {
    /// The file's name.
    pub name: String,
    /// The Markdown.
    pub source: String,
    /// What a person found.
    pub truth: Option<Value>,
}

impl Corpus {
    /// Where the documents are looked for: `sops` in the folder that `GEMBA_CORPUS` names, or in one
    /// beside the checkout.
    pub fn folder() -> PathBuf {
        let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus");
        std::env::var_os("GEMBA_CORPUS").map_or_else(beside, PathBuf::from).join("sops")
    }

    /// Reads the documents of a folder; those whose names begin with a digit are SOPs.
    ///
    /// # Errors
    ///
    /// One line where the folder cannot be read or a truth is no JSON.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let tell = |path: &Path, why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
        let mut documents = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(|why| tell(folder, &why))? {
            let path = entry.map_err(|why| tell(folder, &why))?.path();
            let Some(name) = path.file_name().and_then(|n| n.to_str()) else { continue };
            let is_sop = path.extension().is_some_and(|e| e == "md")
                && name.starts_with(|c: char| c.is_ascii_digit());
            if !is_sop {
                continue;
            }
            let source = std::fs::read_to_string(&path).map_err(|why| tell(&path, &why))?;
            let beside = folder.join("truth").join(name).with_extension("json");
            let truth = match std::fs::read_to_string(&beside) {
                Ok(text) => Some(serde_json::from_str(&text).map_err(|why| tell(&beside, &why))?),
                Err(_) => None,
            };
            documents.push(Document { name: name.to_owned(), source, truth });
        }
        documents.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { documents })
    }
}
