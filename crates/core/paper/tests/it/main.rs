//! What comes out on paper: whole files, the same each time, with all the words in them.

use gemba_map::Overlay;
use gemba_paper::{About, Extra, Paper, Turn, document, map, png};
use gemba_testkit::read;

const SOP: &str = "---
owner: Accounting
function: Finance
trigger: monthly on the 1st at 09:00
---

# Monthly invoicing

Every client gets a **correct** invoice; see [the ledger](https://ledger.example/).

## Steps

1. **Collect the hours** — Accounting {#collect}

   Pull the approved timesheets.

   | What | Where |
   |------|-------|
   | Hours | The tracker |

2. **Check** — Delivery lead {#check}

   - If hours are missing, go back to step 1.
   - Otherwise, continue.

## Expected output

- One invoice per client

## Failure signals

- A client asks where the invoice is
";

fn about() -> About {
    About {
        revision: "Revision 4, in force since 12 May 2026".to_owned(),
        standing: Some("Verified by Mia on 12 May 2026".to_owned()),
        company: Some("Acme".to_owned()),
        extras: vec![Extra {
            title: "A walkthrough".to_owned(),
            summary: "One sees the tracker.".to_owned(),
            step: None,
            href: Some("https://video.example/1".to_owned()),
            picture: None,
        }],
        ..About::default()
    }
}

/// How often a name stands in a PDF outside its streams.
fn count(pdf: &[u8], name: &str) -> usize {
    pdf.windows(name.len()).filter(|w| *w == name.as_bytes()).count()
}

#[test]
fn a_document_is_a_whole_tagged_pdf_and_the_same_each_time() {
    let process = read(SOP);
    for paper in Paper::ALL {
        let pdf = document(&process, &about(), paper).unwrap();
        assert!(pdf.starts_with(b"%PDF-1.7") && pdf.trim_ascii_end().ends_with(b"%%EOF"));
        assert_eq!(pdf, document(&process, &about(), paper).unwrap(), "{paper:?}");
        for name in ["/StructTreeRoot", "/Outlines", "/Lang", "/URI", "/Table", "/Figure"] {
            assert!(count(&pdf, name) > 0, "{name} on {paper:?}");
        }
        assert!(count(&pdf, "/CreationDate") == 0, "no time is written");
    }
}

#[test]
fn a_picture_stands_where_it_belongs_and_one_that_is_broken_leaves_its_words() {
    let process = read(SOP);
    let picture = png(
        "<svg xmlns='http://www.w3.org/2000/svg' width='640' height='360'><rect width='300' height='90'/></svg>",
    )
    .unwrap();
    let mut broken = picture.clone();
    let middle = broken.len() / 2;
    broken.truncate(middle);
    let step = Some(gemba_model::StepId::from_text("collect", "x"));
    let lost = Some(gemba_model::StepId::from_text("not-there", "x"));
    // Each picture with transparency is an image and its mask.
    for (pictures, images) in [
        (vec![(None, picture.clone())], 1),
        (vec![(step.clone(), picture.clone())], 1),
        (vec![(lost, picture.clone())], 0),
        (vec![(step.clone(), broken.clone())], 0),
        (vec![(step, b"no picture".to_vec()), (None, broken), (None, picture)], 1),
    ] {
        let extras = pictures
            .into_iter()
            .map(|(step, bytes)| Extra {
                title: "The tracker".to_owned(),
                summary: "One sees the hours.".to_owned(),
                step,
                href: None,
                picture: Some(bytes),
            })
            .collect();
        let pdf = document(&process, &About { extras, ..about() }, Paper::A4).unwrap();
        let (all, masks) = (count(&pdf, "/Subtype/Image"), count(&pdf, "/SMask "));
        assert_eq!(all - masks.min(all), images, "{all} images, {masks} masks");
    }
}

#[test]
fn paper_has_the_size_that_its_name_says() {
    let process = read(SOP);
    for (paper, turn, size) in [
        (Paper::A4, Turn::Portrait, "[0 0 595.28 841.89]"),
        (Paper::A4, Turn::Landscape, "[0 0 841.89 595.28]"),
        (Paper::A3, Turn::Portrait, "[0 0 841.89 1190.55]"),
        (Paper::Letter, Turn::Landscape, "[0 0 792 612]"),
    ] {
        let pdf = map(&process, &Overlay::default(), paper, Some(turn)).unwrap();
        assert_eq!(count(&pdf, &format!("/MediaBox{size}")), 1, "{paper:?} {turn:?}");
    }
}

#[test]
fn a_long_document_takes_as_many_pages_as_it_needs() {
    let pages = |n: usize| {
        let steps: Vec<String> = (1..=n)
            .map(|n| {
                format!("{n}. **Step {n}**\n\n   {}\n\n", "A sentence of some words. ".repeat(30))
            })
            .collect();
        let process = read(&format!("# Long\n\n## Steps\n\n{}", steps.concat()));
        count(&document(&process, &About::default(), Paper::A4).unwrap(), "/MediaBox")
    };
    let (few, many) = (pages(2), pages(24));
    assert!(few < many && many > 4, "{few} {many}");
}

#[test]
fn whatever_a_document_holds_there_is_a_file() {
    let long = "endless".repeat(2_000);
    let deep: Vec<String> = (0..40).map(|n| format!("{}- deep\n", "  ".repeat(n))).collect();
    let deep = deep.concat();
    let wide = format!("| {} |\n|{}\n", vec!["a"; 60].join(" | "), "---|".repeat(60));
    let tall = format!("| a | b |\n|---|---|\n| {} | b |\n", "many words here ".repeat(900));
    for text in [
        "",
        "# \u{0}\u{7f}\u{200b}",
        "# 請求書を送る\n\n1. 確認する\n2. \u{1f600} Ελληνικά, кириллица, עברית, العربية\n",
        &format!("# {long}\n\n1. {long}\n\n   {long}\n"),
        &format!("# Deep\n\n1. A\n\n{deep}"),
        &format!("# Wide\n\n1. A\n\n## Notes\n\n{wide}\n{tall}"),
        "# A\n\n1. [x](javascript:alert(1)) <b>b</b> ![i](a.png)\n",
    ] {
        let process = read(text);
        assert!(document(&process, &About::default(), Paper::A4).is_ok(), "{text:.40}");
        assert!(map(&process, &Overlay::default(), Paper::Letter, None).is_ok(), "{text:.40}");
    }
    assert_eq!(
        count(
            &document(&read("# A\n\n1. [x](javascript:y)\n"), &About::default(), Paper::A4)
                .unwrap(),
            "javascript"
        ),
        0
    );
}

#[test]
fn a_drawing_becomes_pixels_and_what_is_none_is_said() {
    let process = read(SOP);
    let layout = gemba_map::layout(&process, &gemba_map::Options::default());
    let svg = gemba_map::svg(&layout, &Overlay::default(), gemba_map::SvgStyle::Print);
    assert!(png(&svg).unwrap().starts_with(b"\x89PNG\r\n\x1a\n"));
    for odd in ["", "<svg", "<svg xmlns='http://www.w3.org/2000/svg' width='0' height='0'/>"] {
        assert!(png(odd).unwrap_err().to_string().starts_with("cannot put this on paper"), "{odd}");
    }
}
