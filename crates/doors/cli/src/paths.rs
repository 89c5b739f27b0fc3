//! From the paths of a command line to files.

use crate::failure::Failure;
use std::fs;
use std::path::{Path, PathBuf};

/// How deep a folder is searched.
const MAX_DEPTH: usize = 16;
/// The most files of one call.
const MAX_FILES: usize = 100_000;
/// The largest file that is read at all; the reader of SOPs has a smaller limit of its own.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// The documents among these paths: files as named, folders searched for `*.md` and `*.bpmn`, in order.
pub(crate) fn documents(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    gathered(paths, &["md", "bpmn"])
}

/// The SOPs among these paths: files as named, folders searched for `*.md`, in order.
pub(crate) fn sops(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    gathered(paths, &["md"])
}

/// Every file below a folder, in order, without hidden ones.
pub(crate) fn below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    walk(folder, 0, &[], &mut found)?;
    Ok(found)
}

fn gathered(paths: &[PathBuf], endings: &[&str]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        let meta = fs::metadata(path).map_err(|e| missing(path, &e))?;
        if meta.is_dir() {
            walk(path, 0, endings, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    if found.is_empty() {
        return Err(Failure::Usage(format!("there is no *.{} file here", endings.join(" or *."))));
    }
    Ok(found)
}

fn missing(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Usage(format!("cannot read {}: {error}", path.display()))
}

/// The files with these endings, or with any where none is named.
fn walk(
    folder: &Path,
    depth: usize,
    endings: &[&str],
    found: &mut Vec<PathBuf>,
) -> Result<(), Failure> {
    if depth > MAX_DEPTH {
        let message = format!("{} lies deeper than {MAX_DEPTH} folders", folder.display());
        return Err(Failure::Usage(message));
    }
    let read = fs::read_dir(folder).map_err(|e| Failure::file("read", folder, &e))?;
    let mut entries: Vec<PathBuf> = read.filter_map(|entry| Some(entry.ok()?.path())).collect();
    entries.sort();
    for path in entries {
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        // A link could lead in a circle.
        if hidden || path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            walk(&path, depth + 1, endings, found)?;
        } else if endings.is_empty()
            || path
                .extension()
                .is_some_and(|e| endings.iter().any(|known| e.eq_ignore_ascii_case(known)))
        {
            found.push(path);
        }
        if found.len() > MAX_FILES {
            return Err(Failure::Usage(format!("there are more than {MAX_FILES} files here")));
        }
    }
    Ok(())
}

/// What is in a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let meta = fs::metadata(path).map_err(|e| missing(path, &e))?;
    if meta.len() > MAX_BYTES {
        let size = MAX_BYTES / (1024 * 1024);
        return Err(Failure::Usage(format!("{} is larger than {size} MiB", path.display())));
    }
    fs::read(path).map_err(|e| missing(path, &e))
}

/// Writes a file whole or not at all; a new one is as readable as any that the user makes.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_as(path, bytes, 0o644)
}

/// Writes a file whole or not at all; a new one is for its owner alone.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_as(path, bytes, 0o600)
}

fn write_as(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Failure> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let fail = |e: &std::io::Error| Failure::file("write", path, e);
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|e| fail(&e))?;
    std::io::Write::write_all(&mut file, bytes).map_err(|e| fail(&e))?;
    #[cfg(unix)]
    let fresh = Some(std::os::unix::fs::PermissionsExt::from_mode(mode));
    #[cfg(not(unix))]
    let fresh = None::<fs::Permissions>.filter(|_| mode != 0);
    if let Some(permissions) = fs::metadata(path).map(|m| m.permissions()).ok().or(fresh) {
        file.as_file().set_permissions(permissions).map_err(|e| fail(&e))?;
    }
    file.persist(path).map_err(|e| fail(&e.error))?;
    Ok(())
}
