//! A cell of a table that tells a step in several lines: the first is the step, the others stand under it.

use crate::block::{Block, Inline, Kind, Piece};

/// The first line of a cell, and what stands in the lines below it; nothing where it has one line.
pub(crate) fn parted(cell: &Block) -> Option<(Block, Vec<Block>)> {
    if cell.kind != Kind::Cell || !cell.inline.iter().any(|i| i.piece == Piece::Break) {
        return None;
    }
    let mut lines = cell.inline.split(|i| i.piece == Piece::Break).filter(|line| !blank(line));
    let first = para(lines.next()?);
    let mut under: Vec<Block> = Vec::new();
    for line in lines {
        let Some(item) = bullet(line) else {
            under.push(para(line));
            continue;
        };
        if let Some(list) = under.last_mut().filter(|b| matches!(b.kind, Kind::List(_))) {
            list.span.end = item.span.end;
            list.children.push(item);
        } else {
            let span = item.span.clone();
            under.push(Block::made(Kind::List(None), span, vec![item], Vec::new()));
        }
    }
    // Marks that reach over a line's end belong to none of the lines.
    let even = |block: &Block| {
        let opens = block.inline.iter().filter(|i| matches!(i.piece, Piece::Open(_))).count();
        let closes = block.inline.iter().filter(|i| matches!(i.piece, Piece::Close(_))).count();
        opens == closes
    };
    let whole = even(&first)
        && under.iter().all(|b| even(b) && b.children.iter().flat_map(|i| &i.children).all(even));
    (whole && !under.is_empty()).then_some((first, under))
}

fn blank(line: &[Inline]) -> bool {
    crate::inline::plain(line).is_empty()
}

fn para(line: &[Inline]) -> Block {
    let start = line.first().map_or(0, |i| i.span.start);
    let end = line.iter().map(|i| i.span.end).max().unwrap_or(start);
    Block::made(Kind::Para, start..end, Vec::new(), line.to_vec())
}

/// A line that begins with a mark, as an item.
fn bullet(line: &[Inline]) -> Option<Block> {
    let Piece::Text(text) = &line.first()?.piece else { return None };
    let rest =
        ["- ", "* ", "• ", "– "].iter().find_map(|mark| text.trim_start().strip_prefix(mark))?;
    let bare = para(line).from(0, text.len() - rest.len())?;
    let span = bare.span.clone();
    Some(Block::made(Kind::Item(None), span, vec![bare], Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &str, expected: &[&str]) {
        let source = format!("| What |\n|---|\n| {cell} |\n");
        let tree = crate::block::read(&source, 0);
        let cell =
            tree.blocks.first().and_then(|t| t.children.get(1)).and_then(|r| r.children.first());
        let (first, under) = parted(cell.expect("a cell")).expect("several lines");
        let mut lines = vec![first.plain().to_owned()];
        for block in &under {
            match block.kind {
                Kind::List(_) => {
                    let items = block.children.iter().filter_map(|i| i.children.first());
                    lines.extend(items.map(|p| format!("- {}", p.plain())));
                }
                _ => lines.push(block.plain().to_owned()),
            }
        }
        assert_eq!(lines, expected, "{source}");
    }

    #[test]
    fn the_first_line_is_the_step() {
        check("Send it<br>If it is late, call", &["Send it", "If it is late, call"]);
        check(
            "Look<br/>- good: send it<br>- bad: stop",
            &["Look", "- good: send it", "- bad: stop"],
        );
        check("**Send** it<br><br>Then rest", &["Send it", "Then rest"]);
    }
}
