//! From what is set to the bytes of a PDF: pages, tags, outline, links and the foot of each page.

use crate::{
    Error,
    face::{Faces, Weight},
    flow::{Branch, Ink, Mark, Op, PageOps, Role, Set, Twig},
};
use krilla::{
    Document,
    action::{Action, LinkAction},
    annotation::{Annotation, LinkAnnotation, Target},
    color::rgb,
    destination::XyzDestination,
    geom::{PathBuilder, Point, Rect, Size, Transform},
    metadata::Metadata,
    num::NormalizedF32,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::{Fill, FillRule},
    surface::Surface,
    tagging::{
        Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, TableHeaderScope,
        Tag, TagGroup, TagKind, TagTree,
    },
    text::TextDirection,
};
use krilla_svg::{SurfaceExt as _, SvgSettings};
use resvg::usvg;
use std::num::NonZeroU16;

/// What stands about the document at its foot and in its properties.
#[derive(Debug)]
pub(crate) struct Imprint<'i> {
    pub(crate) title: &'i str,
    pub(crate) foot: &'i str,
    pub(crate) author: Option<&'i str>,
}

const FOOT: f32 = 7.5;

impl Ink {
    fn fill(self) -> Fill {
        let (r, g, b) = match self {
            Self::Text => (23, 32, 30),
            Self::Muted => (87, 97, 94),
            Self::Link => (11, 107, 107),
            Self::Line => (200, 208, 205),
            Self::Tint => (232, 240, 239),
        };
        let paint = rgb::Color::new(r, g, b).into();
        Fill { paint, opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
    }
}

/// The PDF of what is set.
pub(crate) fn print(faces: &Faces, set: &Set, imprint: &Imprint<'_>) -> Result<Vec<u8>, Error> {
    let mut document = Document::new();
    let mut leaves: Vec<Vec<Identifier>> = (0..set.leaves).map(|_| Vec::new()).collect();
    let all = set.pages.len();
    for (at, page) in set.pages.iter().enumerate() {
        let size = PageSettings::from_wh(page.sheet.width, page.sheet.height);
        let size = size.ok_or_else(|| Error::new("a page has no size"))?;
        let mut paper = document.start_page_with(size);
        let mut surface = paper.surface();
        for (leaf, op) in &page.ops {
            let tag = match leaf {
                Some(_) => ContentTag::Span(SpanTag::empty()),
                None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
            };
            if matches!(op, Op::Link { .. }) {
                continue;
            }
            let identifier = surface.start_tagged(tag);
            draw(&mut surface, faces, &set.drawings, op)?;
            surface.end_tagged();
            if let Some(kept) = leaf.and_then(|leaf| leaves.get_mut(leaf)) {
                kept.push(identifier);
            }
        }
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
        foot(&mut surface, faces, page, imprint, &format!("Page {} of {all}", at + 1));
        surface.end_tagged();
        surface.finish();
        for (_, op) in &page.ops {
            if let Op::Link { x, y, width, height, to } = op
                && let Some(rect) = Rect::from_xywh(*x, *y, *width, *height)
            {
                let target = Target::Action(Action::Link(LinkAction::new(to.clone())));
                let link = LinkAnnotation::new(rect, target);
                paper.add_annotation(Annotation::new_link(link, Some(to.clone())));
            }
        }
        paper.finish();
    }
    document.set_outline(outline(&set.marks));
    document.set_tag_tree(tree(&set.branches, &mut leaves));
    let metadata = Metadata::new()
        .title(imprint.title.to_owned())
        .creator("Gemba".to_owned())
        .producer("Gemba".to_owned())
        .language("en".to_owned());
    let metadata = match imprint.author {
        Some(author) => metadata.authors(vec![author.to_owned()]),
        None => metadata,
    };
    document.set_metadata(metadata);
    document.finish().map_err(|e| Error::new(format!("{e:?}")))
}

fn draw(
    surface: &mut Surface<'_>,
    faces: &Faces,
    drawings: &[usvg::Tree],
    op: &Op,
) -> Result<(), Error> {
    match op {
        Op::Text { x, y, size, weight, ink, text } => {
            surface.set_fill(Some(ink.fill()));
            let at = Point::from_xy(*x, *y);
            surface.draw_text(at, faces.font(*weight), *size, text, false, TextDirection::Auto);
        }
        Op::Link { .. } => {}
        Op::Fill { x, y, width, height, ink } => {
            let mut path = PathBuilder::new();
            path.push_rect(rect(*x, *y, *width, *height)?);
            if let Some(path) = path.finish() {
                surface.set_fill(Some(ink.fill()));
                surface.draw_path(&path);
            }
        }
        Op::Photo { image, x, y, width, height } => {
            if let Some(size) = Size::from_wh(*width, *height) {
                surface.push_transform(&Transform::from_translate(*x, *y));
                surface.draw_image(image.clone(), size);
                surface.pop();
            }
        }
        Op::Drawing { number, x, y, scale, part } => {
            let drawing = drawings.get(*number).ok_or_else(|| Error::new("a drawing is gone"))?;
            let mut clip = PathBuilder::new();
            clip.push_rect(rect(*x, *y, part.width * scale, part.height * scale)?);
            let size = drawing.size();
            let size = Size::from_wh(size.width() * scale, size.height() * scale);
            if let (Some(clip), Some(size)) = (clip.finish(), size) {
                surface.push_clip_path(&clip, &FillRule::NonZero);
                let (left, top) = (x - part.x * scale, y - part.y * scale);
                surface.push_transform(&Transform::from_translate(left, top));
                surface
                    .draw_svg(drawing, size, SvgSettings::default())
                    .ok_or_else(|| Error::new("the drawing"))?;
                surface.pop();
                surface.pop();
            }
        }
    }
    Ok(())
}

fn rect(x: f32, y: f32, width: f32, height: f32) -> Result<Rect, Error> {
    Rect::from_xywh(x, y, width, height).ok_or_else(|| Error::new("a rectangle has no size"))
}

fn foot(
    surface: &mut Surface<'_>,
    faces: &Faces,
    page: &PageOps,
    imprint: &Imprint<'_>,
    number: &str,
) {
    let sheet = page.sheet;
    let y = sheet.height - sheet.margin;
    surface.set_fill(Some(Ink::Muted.fill()));
    let wide = faces.width(number, Weight::Regular, FOOT);
    let mut text = |x: f32, words: &str| {
        let (at, font) = (Point::from_xy(x, y), faces.font(Weight::Regular));
        surface.draw_text(at, font, FOOT, words, false, TextDirection::Auto);
    };
    text(sheet.width - sheet.margin - wide, number);
    let room = sheet.room() - wide - 20.0;
    let left = format!("{} · {}", imprint.title, imprint.foot);
    text(sheet.margin, &faces.fitting(&left, FOOT, room));
}

fn outline(marks: &[Mark]) -> Outline {
    let mut outline = Outline::new();
    let mut open: Vec<(u16, OutlineNode)> = Vec::new();
    let mut close = |open: &mut Vec<(u16, OutlineNode)>, level: u16| {
        while open.last().is_some_and(|(l, _)| *l >= level) {
            let Some((_, node)) = open.pop() else { break };
            match open.last_mut() {
                Some((_, parent)) => parent.push_child(node),
                None => outline.push_child(node),
            }
        }
    };
    for mark in marks {
        close(&mut open, mark.level);
        let to = XyzDestination::new(mark.page, Point::from_xy(0.0, (mark.y - 8.0).max(0.0)));
        open.push((mark.level, OutlineNode::new(mark.title.clone(), to)));
    }
    close(&mut open, 0);
    outline
}

fn tree(twigs: &[Twig], leaves: &mut [Vec<Identifier>]) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some("en".to_owned()));
    for twig in twigs {
        match twig {
            Twig::Branch(branch) => tree.push(group(branch, leaves)),
            Twig::Leaf(leaf) => {
                let kept = leaves.get_mut(*leaf).map(std::mem::take).unwrap_or_default();
                for identifier in kept {
                    tree.push(identifier);
                }
            }
        }
    }
    tree
}

fn group(branch: &Branch, leaves: &mut [Vec<Identifier>]) -> TagGroup {
    let mut group = TagGroup::new(kind(&branch.role));
    for twig in &branch.twigs {
        match twig {
            Twig::Branch(inner) => group.push(self::group(inner, leaves)),
            Twig::Leaf(leaf) => {
                let kept = leaves.get_mut(*leaf).map(std::mem::take).unwrap_or_default();
                for identifier in kept {
                    group.push(identifier);
                }
            }
        }
    }
    group
}

fn kind(role: &Role) -> TagKind {
    match role {
        Role::Part => Tag::Section.into(),
        Role::Heading(level, title) => {
            let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
            Tag::Hn(level, Some(title.clone())).into()
        }
        Role::Paragraph => Tag::P.into(),
        Role::List => Tag::L(ListNumbering::None).into(),
        Role::Item => Tag::LI.into(),
        Role::Table => Tag::Table.into(),
        Role::Row => Tag::TR.into(),
        Role::HeadCell => Tag::TH(TableHeaderScope::Column).into(),
        Role::Cell => Tag::TD.into(),
        Role::Figure(alt) => Tag::Figure(Some(alt.clone())).into(),
    }
}
