//! `gemba map`: the process map as a picture or as text for other tools.

use super::{print::paper, show::read};
use crate::{
    args::{Map, MapFormat, SheetTurn},
    failure::Failure,
    paths, terminal,
};
use gemba_map::{Direction, Options, Overlay, SvgStyle};
use gemba_model::Process;
use gemba_paper::Turn;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(super) fn run(args: &Map) -> Result<ExitCode, Failure> {
    let format = format_of(args)?;
    let document = read(&args.file)?;
    if let (MapFormat::Bpmn, Some(model)) = (format, &document.model) {
        let drawn = gemba_bpmn::write(&gemba_bpmn::drawn(model));
        paths::write(&args.output, drawn.as_bytes())?;
        terminal::say(&format!("{}: {}", args.output.display(), args.file.display()));
        return Ok(ExitCode::SUCCESS);
    }
    if document.processes.is_empty() {
        let findings = gemba_diag::text::render(
            &document.path,
            &document.source,
            &document.diagnostics,
            false,
        );
        let message = format!("there is nothing to draw in {}", document.path);
        return Err(Failure::Refused { code: "BPM0201", message, findings });
    }
    let many = document.processes.len() > 1;
    for (n, process) in document.processes.iter().enumerate() {
        let bytes = picture(process, format, args)?;
        let path = numbered(&args.output, many.then_some(n + 1));
        paths::write(&path, &bytes)?;
        terminal::say(&format!("{}: {}", path.display(), process.title));
    }
    Ok(ExitCode::SUCCESS)
}

/// The name of one of several files that one name was given for.
pub(super) fn numbered(path: &Path, number: Option<usize>) -> PathBuf {
    let Some(number) = number else { return path.to_owned() };
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let ending = path.extension().map(|e| format!(".{}", e.to_string_lossy()));
    path.with_file_name(format!("{stem}-{number}{}", ending.unwrap_or_default()))
}

fn format_of(args: &Map) -> Result<MapFormat, Failure> {
    if let Some(format) = args.format {
        return Ok(format);
    }
    let ending = args.output.extension().map(|e| e.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("svg") => Ok(MapFormat::Svg),
        Some("png") => Ok(MapFormat::Png),
        Some("pdf") => Ok(MapFormat::Pdf),
        Some("bpmn") => Ok(MapFormat::Bpmn),
        Some("mmd") => Ok(MapFormat::Mmd),
        Some("dot") => Ok(MapFormat::Dot),
        _ => Err(Failure::Usage(
            "name the format by the ending of OUT: svg, png, pdf, bpmn, mmd or dot".to_owned(),
        )),
    }
}

fn picture(process: &Process, format: MapFormat, args: &Map) -> Result<Vec<u8>, Failure> {
    let (paper, turn) = (paper(args.paper), args.turn);
    let failed = |e: gemba_paper::Error| Failure::Machine(e.to_string());
    let direction = if args.down { Direction::Down } else { Direction::Right };
    let options = Options { direction, ..Options::default() };
    let svg = |style| {
        let layout = gemba_map::layout(process, &options);
        gemba_map::svg(&layout, &Overlay::default(), style)
    };
    match format {
        MapFormat::Svg => Ok(svg(SvgStyle::default()).into_bytes()),
        MapFormat::Bpmn => {
            let model = gemba_bpmn::of_process(process, &[]);
            Ok(gemba_bpmn::write(&model).into_bytes())
        }
        MapFormat::Mmd => Ok(gemba_map::mermaid(process).into_bytes()),
        MapFormat::Dot => Ok(gemba_map::dot(process).into_bytes()),
        MapFormat::Png => gemba_paper::png(&svg(SvgStyle::Print)).map_err(failed),
        MapFormat::Pdf => {
            let turn = turn.map(|turn| match turn {
                SheetTurn::Portrait => Turn::Portrait,
                SheetTurn::Landscape => Turn::Landscape,
            });
            gemba_paper::map(process, &Overlay::default(), paper, turn).map_err(failed)
        }
    }
}
