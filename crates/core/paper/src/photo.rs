//! Pictures that belong to a process: read as far as a page needs it, and left out where they cannot be
//! drawn.

use krilla::{Data, Document, geom::Size, image::Image, page::PageSettings};

/// A picture with more pixels is not drawn: it would be unpacked as a whole.
const MOST_PIXELS: u64 = 24_000_000;
/// How many pixels all pictures of a document have at most.
const MOST_IN_ALL: u64 = 96_000_000;
/// What a pixel measures where a picture is not made smaller: 96 of them are an inch.
const PIXEL: f32 = 0.75;

/// A picture that can be put on a page.
#[derive(Debug, Clone)]
pub(crate) struct Photo {
    pub(crate) image: Image,
    width: u32,
    height: u32,
}

impl Photo {
    /// A PNG, JPEG, GIF or WebP; `None` where it is another kind, broken in its head or too large.
    fn of(bytes: &[u8]) -> Option<Self> {
        let data = || Data::from(bytes.to_vec());
        let image = if bytes.starts_with(b"\x89PNG") {
            Image::from_png(data(), true)
        } else if bytes.starts_with(b"\xff\xd8\xff") {
            Image::from_jpeg(data(), true)
        } else if bytes.starts_with(b"GIF8") {
            Image::from_gif(data(), true)
        } else if bytes.starts_with(b"RIFF") {
            Image::from_webp(data(), true)
        } else {
            return None;
        }
        .ok()?;
        let (width, height) = image.size();
        let photo = Self { image, width, height };
        (0 < photo.pixels() && photo.pixels() <= MOST_PIXELS).then_some(photo)
    }

    fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Its size on paper, in this room: never enlarged, never out of shape.
    pub(crate) fn size(&self, width: f32, height: f32) -> (f32, f32) {
        let side = |pixels: u32| f32::from(u16::try_from(pixels).unwrap_or(u16::MAX)) * PIXEL;
        let (own_width, own_height) = (side(self.width).max(1.0), side(self.height).max(1.0));
        let scale = (width / own_width).min(height / own_height).min(1.0);
        (own_width * scale, own_height * scale)
    }

    /// Whether it can be drawn: what is broken inside its data shows only then.
    fn can_be_drawn(&self) -> bool {
        let mut document = Document::new();
        let Some(page) = PageSettings::from_wh(10.0, 10.0) else { return false };
        let mut page = document.start_page_with(page);
        let mut surface = page.surface();
        if let Some(size) = Size::from_wh(1.0, 1.0) {
            surface.draw_image(self.image.clone(), size);
        }
        surface.finish();
        page.finish();
        document.finish().is_ok()
    }
}

/// The pictures of a document in their places, as many as are drawn.
#[derive(Debug)]
pub(crate) struct Photos(Vec<Option<Photo>>);

impl Photos {
    pub(crate) fn of<'b>(all: impl Iterator<Item = Option<&'b [u8]>>) -> Self {
        let mut left = MOST_IN_ALL;
        let take = |bytes: Option<&[u8]>| {
            let photo = Photo::of(bytes?)?;
            left = left.checked_sub(photo.pixels())?;
            Some(photo)
        };
        Self(all.map(take).collect())
    }

    pub(crate) fn get(&self, at: usize) -> Option<&Photo> {
        self.0.get(at).and_then(Option::as_ref)
    }

    /// Those of them that can be drawn; `None` where that is all of them.
    pub(crate) fn sound(self) -> Option<Self> {
        let before = self.0.iter().flatten().count();
        let kept: Vec<Option<Photo>> =
            self.0.into_iter().map(|photo| photo.filter(Photo::can_be_drawn)).collect();
        (kept.iter().flatten().count() < before).then_some(Self(kept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_keeps_its_shape_and_is_never_enlarged() {
        let bytes = crate::png(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"100\"><rect width=\"9\" height=\"9\"/></svg>",
        )
        .unwrap();
        let photo = Photo::of(&bytes).unwrap();
        let n = photo.width / 200;
        assert_eq!((photo.width, photo.height), (200 * n, 100 * n));
        let (width, height) = photo.size(100.0, 400.0);
        assert!((width - 100.0).abs() < 0.1 && (height - 50.0).abs() < 0.1);
        let (width, _) = photo.size(10_000.0, 10_000.0);
        assert!(width < 200.1 * PIXEL * f32::from(u16::try_from(n).unwrap()));
        assert!(photo.can_be_drawn());
    }

    #[test]
    fn what_is_no_picture_or_broken_is_none() {
        for bytes in
            [&b""[..], b"<svg/>", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF", b"\xff\xd8\xff"]
        {
            assert!(Photo::of(bytes).is_none(), "{bytes:?}");
        }
    }
}
