//! The pages of the codes.

use gemba_app::codes;

#[test]
fn every_code_of_a_refusal_has_its_page() {
    for code in ["APP0101", "APP0402", "APP0901", "RUN0101", "RUN0212"] {
        let page = codes::page(code).expect("a page");
        assert!(page.starts_with(&format!("# {code}: ")));
    }
    assert!(codes::page("APP9999").is_none());
}
