//! Zip archives: unpacked within limits that no archive can talk its way past, and packed alike each time.

use crate::{Error, Result};
use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

/// The most entries of an archive, folders among them.
pub const MAX_ENTRIES: usize = 10_000;
/// The most bytes of one file.
pub const MAX_FILE: u64 = 32 * 1024 * 1024;
/// The most bytes of all files together.
pub const MAX_TOTAL: u64 = 256 * 1024 * 1024;
/// How many times its packed size an archive unpacks to at most, beyond the first mebibyte. What
/// people write packs to a tenth at best; a bomb packs to a thousandth.
pub const MAX_RATIO: u64 = 100;
/// How many folders deep a file lies at most.
pub const MAX_DEPTH: usize = 16;
const MAX_NAME: usize = 1_000;
const FREE_OF_RATIO: u64 = 1024 * 1024;

/// Whether these bytes begin as a zip archive does, an empty one too.
pub fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

fn refused(message: impl Into<String>) -> Error {
    Error::invalid("files", message)
}

/// The files of an archive by name, in the order of their names; folders are left out.
///
/// Refused as a whole where it is no archive, is larger than the limits, or has an entry that no export has: a name
/// that leads out of the folder, a link, a password, two files of one name.
pub fn unpack(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>> {
    let broken = |e: zip::result::ZipError| refused(format!("the archive cannot be read: {e}"));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > MAX_ENTRIES {
        let message =
            format!("the archive has {} entries; at most {MAX_ENTRIES} are taken", archive.len());
        return Err(refused(message));
    }
    if archive.has_overlapping_entries().map_err(broken)? {
        return Err(refused("files in the archive lie within each other; pack it again"));
    }
    let packed = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let most = MAX_TOTAL.min(packed.saturating_mul(MAX_RATIO).saturating_add(FREE_OF_RATIO));
    let mut left = most;
    let mut seen = BTreeSet::new();
    let mut files = Vec::new();
    for at in 0..archive.len() {
        // Without unpacking: a password or an unknown method is told apart below.
        let entry = archive.by_index_raw(at).map_err(broken)?;
        let name = name(entry.name_raw())?;
        if entry.is_symlink() {
            return Err(refused(format!("`{name}` is a link; pack the file itself")));
        }
        if entry.encrypted() {
            return Err(refused(format!("`{name}` has a password; pack it without one")));
        }
        let is_folder = entry.is_dir();
        let said = entry.size();
        let method = entry.compression();
        drop(entry);
        if !seen.insert(name.to_lowercase()) {
            return Err(refused(format!("the archive has two files of the name `{name}`")));
        }
        if is_folder {
            continue;
        }
        if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
            let message = format!("`{name}` is packed with {method}; pack it with deflate");
            return Err(refused(message));
        }
        let limit = MAX_FILE.min(left);
        // What is said is refused early; what comes out is counted nevertheless.
        let mut content = Vec::new();
        if said <= limit {
            let entry = archive.by_index(at).map_err(broken)?;
            entry
                .take(limit.saturating_add(1))
                .read_to_end(&mut content)
                .map_err(|e| refused(format!("`{name}` in the archive is damaged: {e}")))?;
        }
        let came = u64::try_from(content.len()).unwrap_or(u64::MAX).max(said);
        if came > MAX_FILE {
            let message = format!("`{name}` is larger than {} MiB", MAX_FILE >> 20);
            return Err(refused(message));
        }
        left = left.checked_sub(came).ok_or_else(|| {
            refused(if most == MAX_TOTAL {
                format!("the archive unpacks to more than {} MiB", MAX_TOTAL >> 20)
            } else {
                format!("the archive unpacks to more than {MAX_RATIO} times its size")
            })
        })?;
        files.push((name, content));
    }
    files.sort();
    Ok(files)
}

/// The name of an entry with `/` between folders, refused where it leads anywhere else than below.
fn name(raw: &[u8]) -> Result<String> {
    let shown = String::from_utf8_lossy(raw).chars().take(120).collect::<String>();
    let Ok(name) = str::from_utf8(raw) else {
        return Err(refused(format!("the name `{shown}` in the archive is not UTF-8")));
    };
    // Some tools of Windows write their own sign between folders.
    let name = name.replace('\\', "/");
    let name = name.strip_suffix('/').unwrap_or(&name);
    if name.is_empty() || name.len() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(refused(format!("`{shown}` in the archive is no name for a file")));
    }
    let drive = name.as_bytes().get(1) == Some(&b':');
    if name.starts_with('/') || drive {
        return Err(refused(format!("`{shown}` in the archive names a place outside of it")));
    }
    if name.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(refused(format!("`{shown}` in the archive leads out of its folder")));
    }
    if name.split('/').count() > MAX_DEPTH + 1 {
        return Err(refused(format!("`{shown}` lies deeper than {MAX_DEPTH} folders")));
    }
    Ok(name.to_owned())
}

/// An archive of these files, the same bytes for the same files: no times, nothing of the machine.
pub fn pack(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>> {
    let failed = |e: zip::result::ZipError| refused(format!("the archive was not made: {e}"));
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let text = str::from_utf8(content).is_ok();
        // Pictures and videos are packed already.
        let method = if text { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o644);
        writer.start_file(name.as_str(), options).map_err(failed)?;
        writer.write_all(content).map_err(|e| failed(e.into()))?;
    }
    Ok(writer.finish().map_err(failed)?.into_inner())
}
