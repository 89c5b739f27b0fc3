//! The page that shows the maps.

use crate::Picture;
use gemba_map::Measure;
use std::fmt::{Arguments, Write as _};

const HEAD: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Maps</title>\
<meta name=\"viewport\" content=\"width=device-width\"><style>\
:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}\
body{margin:24px}section{margin:0 0 48px}h2{margin:0;font-size:18px}p{margin:0 0 8px}\
.maps{display:flex;gap:24px;align-items:flex-start}\
.maps div{overflow:auto;border:1px solid #8888;max-height:90vh}\
.maps div:first-child{flex:1}.maps div:last-child{width:360px;flex:none}\
table{border-collapse:collapse;margin:0 0 32px}td,th{padding:2px 12px;text-align:right}\
td:first-child,th:first-child{text-align:left}</style><h1>Maps</h1>";

/// The whole page: the figures of all maps, then each map in both directions.
pub(crate) fn page(pictures: &[Picture]) -> String {
    let mut out = String::from(HEAD);
    put(
        &mut out,
        format_args!(
            "<table><tr><th>{} maps<th>shapes<th>edges<th>crossings<th>bends<th>backward<th>shared",
            pictures.len()
        ),
    );
    for (word, at) in [("to the right", 0), ("down", 1)] {
        let sum = |pick: fn(&Measure) -> usize| -> usize {
            pictures.iter().filter_map(|p| p.measures.get(at)).map(pick).sum()
        };
        put(
            &mut out,
            format_args!(
                "<tr><td>{word}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}",
                sum(|m| m.shapes),
                sum(|m| m.edges),
                sum(|m| m.crossings),
                sum(|m| m.bends),
                sum(|m| m.backward),
                sum(|m| m.shared)
            ),
        );
    }
    out.push_str("</table>");
    for (number, picture) in pictures.iter().enumerate() {
        let [right, down] = &picture.measures;
        put(
            &mut out,
            format_args!(
                "<section id=\"m{}\"><h2>{}</h2><p>{} &middot; {} shapes, {} crossings, {} bends to the \
             right, {} and {} down</p><div class=\"maps\">",
                number + 1,
                escaped(&picture.title),
                escaped(&picture.source),
                right.shapes,
                right.crossings,
                right.bends,
                down.crossings,
                down.bends
            ),
        );
        for file in &picture.files {
            put(
                &mut out,
                format_args!(
                    "<div><img alt=\"\" loading=\"lazy\" src=\"{}\"></div>",
                    escaped(file)
                ),
            );
        }
        out.push_str("</div></section>");
    }
    out
}

/// Appends to a string, which cannot fail.
fn put(out: &mut String, words: Arguments<'_>) {
    out.write_fmt(words).unwrap_or_default();
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
