//! The two typefaces: how wide their text is and how it breaks into lines.

use crate::Error;
use krilla::text::Font;
use resvg::usvg::fontdb;
use std::sync::Arc;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// One typeface.
struct Face {
    font: Font,
    shape: ttf_parser::Face<'static>,
}

impl Face {
    fn read(bytes: &'static [u8]) -> Result<Self, Error> {
        let font = Font::new(Arc::new(bytes.to_vec()).into(), 0);
        Ok(Self {
            font: font.ok_or_else(|| Error::new("the typeface cannot be read"))?,
            shape: ttf_parser::Face::parse(bytes, 0).map_err(Error::new)?,
        })
    }

    /// The advance of a character per point of size.
    fn advance(&self, c: char) -> f32 {
        let glyph = self.shape.glyph_index(c).unwrap_or_default();
        let units = self.shape.glyph_hor_advance(glyph).unwrap_or_default();
        f32::from(units) / f32::from(self.shape.units_per_em())
    }
}

/// Both typefaces: `DejaVu` Sans, which has the Latin, Greek, Cyrillic, Armenian and Georgian letters.
pub(crate) struct Faces {
    regular: Face,
    bold: Face,
}

/// Some text in one style, to be broken into lines.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Run {
    pub(crate) text: String,
    pub(crate) weight: Weight,
    pub(crate) link: Option<String>,
}

impl Run {
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), weight: Weight::Regular, link: None }
    }

    pub(crate) fn bold(text: impl Into<String>) -> Self {
        Self { text: text.into(), weight: Weight::Bold, link: None }
    }
}

/// A piece of a line, from its left end.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    pub(crate) x: f32,
    pub(crate) width: f32,
    pub(crate) text: String,
    pub(crate) weight: Weight,
    pub(crate) link: Option<String>,
}

/// What stands on one line.
pub(crate) type Line = Vec<Piece>;

impl Faces {
    pub(crate) fn load() -> Result<Self, Error> {
        Ok(Self {
            regular: Face::read(dejavu::sans::regular())?,
            bold: Face::read(dejavu::sans::bold())?,
        })
    }

    fn face(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    pub(crate) fn font(&self, weight: Weight) -> Font {
        self.face(weight).font.clone()
    }

    /// Whether there is a shape for a character.
    pub(crate) fn has(&self, c: char) -> bool {
        c.is_whitespace() || c.is_control() || self.regular.shape.glyph_index(c).is_some()
    }

    pub(crate) fn width(&self, text: &str, weight: Weight, size: f32) -> f32 {
        let face = self.face(weight);
        text.chars().map(|c| face.advance(c)).sum::<f32>() * size
    }

    /// A text of one line, cut where it would be wider than this.
    pub(crate) fn fitting(&self, text: &str, size: f32, width: f32) -> String {
        let mut out = String::new();
        let mut x = self.width("…", Weight::Regular, size);
        for c in text.chars() {
            let c = if c.is_control() { ' ' } else { c };
            x += self.regular.advance(c) * size;
            if x > width {
                out.push('…');
                break;
            }
            out.push(c);
        }
        out
    }

    /// Breaks runs into lines of at most this width, at spaces, and within words that are longer than a
    /// line.
    pub(crate) fn lines(&self, runs: &[Run], size: f32, width: f32) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        let mut line: Line = Vec::new();
        let mut x = 0.0;
        for word in words(runs) {
            let long = word.parts.iter().map(|p| self.width(&p.text, p.weight, size)).sum::<f32>();
            let space = word.space.filter(|_| !line.is_empty());
            let gap = space.map_or(0.0, |weight| self.width(" ", weight, size));
            if !line.is_empty() && x + gap + long > width {
                lines.push(std::mem::take(&mut line));
                x = 0.0;
            } else if let (Some(_), Some(last)) = (space, line.last_mut()) {
                last.text.push(' ');
                last.width += gap;
                x += gap;
            }
            for part in word.parts {
                for text in self.cut(&part, size, width) {
                    let long = self.width(&text, part.weight, size);
                    if x + long > width && !line.is_empty() {
                        lines.push(std::mem::take(&mut line));
                        x = 0.0;
                    }
                    match line.last_mut() {
                        Some(last) if last.weight == part.weight && last.link == part.link => {
                            last.text.push_str(&text);
                            last.width += long;
                        }
                        _ => line.push(Piece {
                            x,
                            width: long,
                            text,
                            weight: part.weight,
                            link: part.link.clone(),
                        }),
                    }
                    x += long;
                }
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// A word in parts that each fit on a line.
    fn cut(&self, part: &Run, size: f32, width: f32) -> Vec<String> {
        let mut parts = vec![String::new()];
        let mut long = 0.0;
        for c in part.text.chars() {
            let wide = self.face(part.weight).advance(c) * size;
            if long + wide > width && long > 0.0 {
                parts.push(String::new());
                long = 0.0;
            }
            long += wide;
            if let Some(last) = parts.last_mut() {
                last.push(c);
            }
        }
        parts.retain(|p| !p.is_empty());
        parts
    }
}

/// What stands between two spaces, and the space before it.
struct Word {
    space: Option<Weight>,
    parts: Vec<Run>,
}

fn words(runs: &[Run]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut space = Some(Weight::Regular);
    for run in runs {
        let clean = |c: char| if c.is_control() { ' ' } else { c };
        let text: String = run.text.chars().map(clean).collect();
        for part in text.split_inclusive(char::is_whitespace) {
            let bare = part.trim_end();
            if !bare.is_empty() {
                let part = Run { text: bare.to_owned(), ..run.clone() };
                match words.last_mut().filter(|_| space.is_none()) {
                    Some(word) => word.parts.push(part),
                    None => words.push(Word { space, parts: vec![part] }),
                }
                space = None;
            }
            if part.len() > bare.len() {
                space = Some(run.weight);
            }
        }
    }
    words
}

/// The typefaces as the drawings of maps ask for them.
pub(crate) fn database() -> Arc<fontdb::Database> {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(dejavu::sans::regular().to_vec());
    fonts.load_font_data(dejavu::sans::bold().to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    Arc::new(fonts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(runs: &[Run], width: f32) -> Vec<String> {
        let lines = Faces::load().unwrap().lines(runs, 10.0, width);
        lines.iter().map(|l| l.iter().map(|p| p.text.as_str()).collect()).collect()
    }

    #[test]
    fn text_breaks_at_spaces_and_within_endless_words() {
        let check = |text: &str, width: f32, expected: &[&str]| {
            assert_eq!(broken(&[Run::plain(text)], width), expected, "{text}");
        };
        check("one two three", 500.0, &["one two three"]);
        check("  one   two\n\tthree ", 500.0, &["one two three"]);
        check("one two three", 45.0, &["one two", "three"]);
        check("iiiiiiiiiiiiiiiiiiii", 28.0, &["iiiiiiiiii", "iiiiiiiiii"]);
        check("", 45.0, &[]);
        check("a b", 0.5, &["a", "b"]);
    }

    #[test]
    fn a_word_in_two_styles_stays_one_word() {
        let runs = [Run::plain("see "), Run::bold("this"), Run::plain(", then go")];
        assert_eq!(broken(&runs, 500.0), ["see this, then go"]);
        assert_eq!(broken(&runs, 50.0), ["see this,", "then go"]);
    }

    #[test]
    fn every_line_stays_within_its_width() {
        let faces = Faces::load().unwrap();
        let text = "Überprüfung der Eingangsrechnungen; доставка ".repeat(40);
        for width in [30.0, 77.0, 200.0] {
            for line in faces.lines(&[Run::plain(&text)], 9.5, width) {
                let end = line.last().map_or(0.0, |p| p.x + p.width);
                assert!(end <= width + 0.01, "{end} in {width}");
            }
        }
    }
}
