//! The manual pages of codes, of findings and of refusals, for `gemba explain` and the links in pages.

/// The page of a code, as Markdown: of a finding in a document, or of a refusal.
pub fn page(code: &str) -> Option<&'static str> {
    gemba_sop::rules()
        .iter()
        .find(|rule| rule.code.as_str() == code)
        .map(|rule| rule.page)
        .or_else(|| of_model(code))
        .or_else(|| of_refusal(code))
}

fn of_model(code: &str) -> Option<&'static str> {
    gemba_bpmn::rules().iter().find(|rule| rule.code.as_str() == code).map(|rule| rule.page)
}

fn of_refusal(code: &str) -> Option<&'static str> {
    Some(match code {
        "APP0101" => include_str!("../../../../docs/codes/APP0101.md"),
        "APP0102" => include_str!("../../../../docs/codes/APP0102.md"),
        "APP0103" => include_str!("../../../../docs/codes/APP0103.md"),
        "APP0201" => include_str!("../../../../docs/codes/APP0201.md"),
        "APP0202" => include_str!("../../../../docs/codes/APP0202.md"),
        "APP0203" => include_str!("../../../../docs/codes/APP0203.md"),
        "APP0301" => include_str!("../../../../docs/codes/APP0301.md"),
        "APP0302" => include_str!("../../../../docs/codes/APP0302.md"),
        "APP0303" => include_str!("../../../../docs/codes/APP0303.md"),
        "APP0304" => include_str!("../../../../docs/codes/APP0304.md"),
        "APP0305" => include_str!("../../../../docs/codes/APP0305.md"),
        "APP0306" => include_str!("../../../../docs/codes/APP0306.md"),
        "APP0307" => include_str!("../../../../docs/codes/APP0307.md"),
        "APP0308" => include_str!("../../../../docs/codes/APP0308.md"),
        "APP0401" => include_str!("../../../../docs/codes/APP0401.md"),
        "APP0402" => include_str!("../../../../docs/codes/APP0402.md"),
        "APP0403" => include_str!("../../../../docs/codes/APP0403.md"),
        "APP0404" => include_str!("../../../../docs/codes/APP0404.md"),
        "APP0420" => include_str!("../../../../docs/codes/APP0420.md"),
        "APP0421" => include_str!("../../../../docs/codes/APP0421.md"),
        "APP0422" => include_str!("../../../../docs/codes/APP0422.md"),
        "APP0426" => include_str!("../../../../docs/codes/APP0426.md"),
        "APP0405" => include_str!("../../../../docs/codes/APP0405.md"),
        "APP0406" => include_str!("../../../../docs/codes/APP0406.md"),
        "APP0901" => include_str!("../../../../docs/codes/APP0901.md"),
        "APP0902" => include_str!("../../../../docs/codes/APP0902.md"),
        "LOG0001" => include_str!("../../../../docs/codes/LOG0001.md"),
        "LOG0002" => include_str!("../../../../docs/codes/LOG0002.md"),
        "RUN0101" => include_str!("../../../../docs/codes/RUN0101.md"),
        "RUN0102" => include_str!("../../../../docs/codes/RUN0102.md"),
        "RUN0103" => include_str!("../../../../docs/codes/RUN0103.md"),
        "RUN0201" => include_str!("../../../../docs/codes/RUN0201.md"),
        "RUN0202" => include_str!("../../../../docs/codes/RUN0202.md"),
        "RUN0203" => include_str!("../../../../docs/codes/RUN0203.md"),
        "RUN0204" => include_str!("../../../../docs/codes/RUN0204.md"),
        "RUN0205" => include_str!("../../../../docs/codes/RUN0205.md"),
        "RUN0206" => include_str!("../../../../docs/codes/RUN0206.md"),
        "RUN0207" => include_str!("../../../../docs/codes/RUN0207.md"),
        "RUN0208" => include_str!("../../../../docs/codes/RUN0208.md"),
        "RUN0209" => include_str!("../../../../docs/codes/RUN0209.md"),
        "RUN0210" => include_str!("../../../../docs/codes/RUN0210.md"),
        "RUN0211" => include_str!("../../../../docs/codes/RUN0211.md"),
        "RUN0212" => include_str!("../../../../docs/codes/RUN0212.md"),
        "RUN0213" => include_str!("../../../../docs/codes/RUN0213.md"),
        "RUN0214" => include_str!("../../../../docs/codes/RUN0214.md"),
        "RUN0215" => include_str!("../../../../docs/codes/RUN0215.md"),
        "RUN0216" => include_str!("../../../../docs/codes/RUN0216.md"),
        "RUN0219" => include_str!("../../../../docs/codes/RUN0219.md"),
        "RUN0220" => include_str!("../../../../docs/codes/RUN0220.md"),
        "RUN0221" => include_str!("../../../../docs/codes/RUN0221.md"),
        "RUN0222" => include_str!("../../../../docs/codes/RUN0222.md"),
        "RUN0223" => include_str!("../../../../docs/codes/RUN0223.md"),
        "RUN0224" => include_str!("../../../../docs/codes/RUN0224.md"),
        "RUN0225" => include_str!("../../../../docs/codes/RUN0225.md"),
        "RUN0218" => include_str!("../../../../docs/codes/RUN0218.md"),
        "RUN0217" => include_str!("../../../../docs/codes/RUN0217.md"),
        _ => return None,
    })
}
