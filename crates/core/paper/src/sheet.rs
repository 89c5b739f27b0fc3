//! Sheets: their sizes in points (1/72 inch) and margins.

/// A size of paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    /// 210 mm by 297 mm (ISO 216).
    #[default]
    A4,
    /// 297 mm by 420 mm (ISO 216).
    A3,
    /// 8.5 inches by 11 inches (ANSI/ASME Y14.1).
    Letter,
}

impl Paper {
    /// All sizes.
    pub const ALL: [Self; 3] = [Self::A4, Self::A3, Self::Letter];

    /// The word in addresses and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::A4 => "a4",
            Self::A3 => "a3",
            Self::Letter => "letter",
        }
    }

    /// The size of a [`Self::word`].
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|paper| paper.word() == word)
    }

    /// Width and height upright, in points.
    fn size(self) -> (f32, f32) {
        match self {
            Self::A4 => (595.28, 841.89),
            Self::A3 => (841.89, 1190.55),
            Self::Letter => (612.0, 792.0),
        }
    }
}

/// How a sheet lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Upright.
    Portrait,
    /// On its long side.
    Landscape,
}

/// A sheet with its margins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sheet {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) margin: f32,
}

/// The room that the footer takes below the content.
const FOOT: f32 = 26.0;

impl Sheet {
    pub(crate) fn of(paper: Paper, turn: Turn) -> Self {
        let (short, long) = paper.size();
        let (width, height) = match turn {
            Turn::Portrait => (short, long),
            Turn::Landscape => (long, short),
        };
        Self { width, height, margin: 51.0 }
    }

    /// The same with narrow margins, for drawings.
    pub(crate) fn narrow(self) -> Self {
        Self { margin: 34.0, ..self }
    }

    /// How wide the content may be.
    pub(crate) fn room(&self) -> f32 {
        self.width - 2.0 * self.margin
    }

    /// Where the content must end.
    pub(crate) fn bottom(&self) -> f32 {
        self.height - self.margin - FOOT
    }
}
