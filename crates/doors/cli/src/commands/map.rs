//! `gemba map`: the process map as a picture or as text for other tools.

use super::show::read;
use crate::{
    args::{Map, MapFormat},
    failure::Failure,
    paths, terminal,
};
use gemba_map::{Direction, Options, Overlay, SvgStyle};
use gemba_model::Process;
use resvg::{tiny_skia, usvg};
use std::process::ExitCode;
use std::sync::Arc;

/// Pixels per unit of the drawing, where the picture stays small enough.
const SCALE: f32 = 2.0;
/// The longest side of a picture in pixels.
const MAX_SIDE: f32 = 16_000.0;

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
        let bytes = picture(process, format, args.down)?;
        let mut path = args.output.clone();
        if many {
            let stem =
                path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
            let ending = path.extension().map(|e| format!(".{}", e.to_string_lossy()));
            path.set_file_name(format!("{stem}-{}{}", n + 1, ending.unwrap_or_default()));
        }
        paths::write(&path, &bytes)?;
        terminal::say(&format!("{}: {}", path.display(), process.title));
    }
    Ok(ExitCode::SUCCESS)
}

fn format_of(args: &Map) -> Result<MapFormat, Failure> {
    if let Some(format) = args.format {
        return Ok(format);
    }
    let ending = args.output.extension().map(|e| e.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("svg") => Ok(MapFormat::Svg),
        Some("png") => Ok(MapFormat::Png),
        Some("bpmn") => Ok(MapFormat::Bpmn),
        Some("mmd") => Ok(MapFormat::Mmd),
        Some("dot") => Ok(MapFormat::Dot),
        _ => Err(Failure::Usage(
            "name the format by the ending of OUT: svg, png, bpmn, mmd or dot".to_owned(),
        )),
    }
}

fn picture(process: &Process, format: MapFormat, down: bool) -> Result<Vec<u8>, Failure> {
    let direction = if down { Direction::Down } else { Direction::Right };
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
        MapFormat::Png => png(&svg(SvgStyle::Print)),
    }
}

fn png(svg: &str) -> Result<Vec<u8>, Failure> {
    let failed = |what: String| Failure::Machine(format!("cannot draw the map: {what}"));
    let mut fonts = usvg::fontdb::Database::new();
    fonts.load_font_data(dejavu::sans::regular().to_vec());
    fonts.load_font_data(dejavu::sans::bold().to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    let options = usvg::Options {
        font_family: "DejaVu Sans".to_owned(),
        fontdb: Arc::new(fonts),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(svg, &options).map_err(|e| failed(e.to_string()))?;
    let size = tree.size();
    let scale = SCALE.min(MAX_SIDE / size.width().max(size.height()));
    let pixels = size.to_int_size().scale_by(scale);
    let mut canvas = pixels
        .and_then(|p| tiny_skia::Pixmap::new(p.width(), p.height()))
        .ok_or_else(|| failed("it has no size".to_owned()))?;
    canvas.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut canvas.as_mut());
    canvas.encode_png().map_err(|e| failed(e.to_string()))
}
