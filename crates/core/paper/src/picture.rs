//! A drawing as pixels.

use crate::{Error, face::database};
use resvg::{tiny_skia, usvg};

/// Pixels per unit of the drawing, where the picture stays small enough.
const SCALE: f32 = 2.0;
/// The longest side of a picture in pixels.
const MAX_SIDE: f32 = 16_000.0;

/// The drawing as it is put on paper.
pub(crate) fn tree(svg: &str) -> Result<usvg::Tree, Error> {
    let options = usvg::Options {
        font_family: "DejaVu Sans".to_owned(),
        fontdb: database(),
        ..usvg::Options::default()
    };
    usvg::Tree::from_str(svg, &options).map_err(Error::new)
}

/// An SVG drawing as a PNG on white.
pub fn png(svg: &str) -> Result<Vec<u8>, Error> {
    let tree = tree(svg)?;
    let size = tree.size();
    let scale = SCALE.min(MAX_SIDE / size.width().max(size.height()));
    let pixels = size.to_int_size().scale_by(scale);
    let mut canvas = pixels
        .and_then(|p| tiny_skia::Pixmap::new(p.width(), p.height()))
        .ok_or_else(|| Error::new("the drawing has no size"))?;
    canvas.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut canvas.as_mut());
    canvas.encode_png().map_err(Error::new)
}
