//! `cargo xtask gallery [FOLDER...] [-o DIR]`: every map of the SOPs in these folders on one page.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it says to the person at the terminal what it wrote"
)]

mod page;

use gemba_map::{Direction, Measure, Options, Overlay, SvgStyle, layout, svg};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "cargo xtask gallery [FOLDER...] [-o DIR]";
/// What is drawn where no folder is named.
const OURS: [&str; 2] = ["crates/core/library/sops", "crates/shell/sample/processes"];

/// One drawn map.
#[derive(Debug)]
pub(crate) struct Picture {
    /// The document it came from.
    pub(crate) source: String,
    pub(crate) title: String,
    /// The file with the flow to the right, then the one with the flow down.
    pub(crate) files: [String; 2],
    pub(crate) measures: [Measure; 2],
}

fn main() -> ExitCode {
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut out = PathBuf::from("target/gallery");
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-o" | "--output" => match arguments.next() {
                Some(folder) => out = folder.into(),
                None => return usage(),
            },
            other if other.starts_with('-') => return usage(),
            other => folders.push(other.into()),
        }
    }
    if folders.is_empty() {
        folders = OURS.iter().map(PathBuf::from).filter(|folder| folder.is_dir()).collect();
    }
    match draw(&folders, &out) {
        Ok(count) => {
            println!("{count} maps: {}", out.join("index.html").display());
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}

fn draw(folders: &[PathBuf], out: &Path) -> Result<usize, String> {
    let failed = |path: &Path, why: &std::io::Error| format!("{}: {why}", path.display());
    std::fs::create_dir_all(out).map_err(|why| failed(out, &why))?;
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in folders {
        gather(folder, &mut paths).map_err(|why| failed(folder, &why))?;
    }
    let mut pictures: Vec<Picture> = Vec::new();
    for path in paths {
        let text = std::fs::read(&path).map_err(|why| failed(&path, &why))?;
        let text = String::from_utf8_lossy(&text);
        let source = path.display().to_string();
        for process in gemba_sop::compile(&text, &source).processes {
            let number = pictures.len() + 1;
            let slug = process.slug.as_str();
            let directions = [(Direction::Right, "right"), (Direction::Down, "down")];
            let maps = directions.map(|(direction, word)| {
                let map = layout(&process, &Options { direction, ..Options::default() });
                (format!("{number:03}-{slug}-{word}.svg"), map)
            });
            for (file, map) in &maps {
                let drawn = svg(map, &Overlay::default(), SvgStyle::Standalone);
                let path = out.join(file);
                std::fs::write(&path, drawn).map_err(|why| failed(&path, &why))?;
            }
            pictures.push(Picture {
                source: source.clone(),
                title: process.title.clone(),
                measures: maps.each_ref().map(|(_, map)| map.measure()),
                files: maps.map(|(file, _)| file),
            });
        }
    }
    let index = out.join("index.html");
    std::fs::write(&index, page::page(&pictures)).map_err(|why| failed(&index, &why))?;
    Ok(pictures.len())
}

/// All Markdown files below a folder, in order of their paths.
fn gather(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let entries: std::io::Result<Vec<_>> = std::fs::read_dir(folder)?.collect();
    let mut paths: Vec<PathBuf> = entries?.iter().map(std::fs::DirEntry::path).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            gather(&path, found)?;
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
    Ok(())
}
