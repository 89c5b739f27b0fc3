//! The rule SOP0704: an abbreviation is nowhere spelled out.
#![doc = include_str!("../../../../../docs/codes/SOP0704.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0704"),
    name: "undefined-abbreviation",
    severity: Severity::Info,
    summary: "An abbreviation is nowhere spelled out",
    page: include_str!("../../../../../docs/codes/SOP0704.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<&str, (usize, Range<usize>)> = BTreeMap::new();
    let mut explained: BTreeSet<&str> = BTreeSet::new();
    for passage in document.passages {
        let text = passage.block.plain();
        if !text.as_bytes().windows(2).any(|pair| pair.iter().all(u8::is_ascii_uppercase)) {
            continue;
        }
        let words = tokens(text);
        let shouted = words.iter().filter(|(_, word)| is_capital(word)).count();
        for (at, word) in &words {
            if !is_abbreviation(word) {
                continue;
            }
            let before = text.get(..*at).unwrap_or_default();
            let after = text.get(at + word.len()..).unwrap_or_default();
            if says_what(before, after) {
                explained.insert(word);
            }
            // Where most words are capitals, this is how the passage is written.
            if passage.quoted || shouted * 3 > words.len() && words.len() > 1 {
                continue;
            }
            let place = passage.place(document.source, word);
            seen.entry(word).or_insert((0, place)).0 += 1;
        }
    }
    seen.retain(|word, (count, _)| *count > 1 && !explained.contains(word));
    if seen.is_empty() {
        return;
    }
    let small: BTreeMap<String, &str> =
        seen.keys().map(|word| (word.to_lowercase(), *word)).collect();
    let mut spelled: BTreeSet<&str> = BTreeSet::new();
    for passage in document.passages {
        // Written small elsewhere it is a word, or the first letters of words say what it stands for.
        for (_, word) in tokens(passage.block.plain()) {
            if let Some(known) = small.get(word) {
                spelled.insert(known);
            }
        }
        let initials: String =
            tokens(&passage.lower).iter().filter_map(|(_, word)| word.chars().next()).collect();
        let said = |lower: &str| initials.contains(lower);
        spelled.extend(small.iter().filter(|(lower, _)| said(lower)).map(|(_, word)| *word));
    }
    seen.retain(|word, _| !spelled.contains(word));
    let seats = document.surroundings.seats.as_deref().unwrap_or_default();
    let is_seat = |word: &str| {
        let names = seats.iter().flat_map(|s| std::iter::once(&s.name).chain(&s.aliases));
        names.flat_map(|name| name.split_whitespace()).any(|part| part == word)
    };
    for (word, (_, place)) in seen.into_iter().filter(|(word, _)| !is_seat(word)) {
        found
            .push(RULE.at(place, format!("\"{word}\" is nowhere spelled out")).with_help(
                "write the words out at first, as in \"service level agreement (SLA)\"",
            ));
    }
}

/// The words of a text with their places.
fn tokens(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    let ends = text.char_indices().chain(std::iter::once((text.len(), ' ')));
    for (at, c) in ends {
        // What is joined by such a mark is one name: "INV-001", "SKU_7", "a.b".
        let joined = matches!(c, '-' | '_' | '/' | '.' | '&' | '#' | '@' | '’' | '\'' | ':')
            && text
                .get(at + c.len_utf8()..)
                .is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
        if c.is_alphanumeric() || joined {
            start = start.or(Some(at));
        } else if let Some(from) = start.take() {
            found.push((from, text.get(from..at).unwrap_or_default()));
        }
    }
    found
}

fn is_capital(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(char::is_uppercase)
}

fn is_abbreviation(word: &str) -> bool {
    (2..=5).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_uppercase())
        && KNOWN.binary_search(&word).is_err()
}

/// Whether what stands around an abbreviation says what it stands for.
fn says_what(before: &str, after: &str) -> bool {
    let in_brackets = before.ends_with('(') && after.starts_with(')');
    let begins = before.trim().is_empty();
    in_brackets
        || after.starts_with(" (")
        || [" stands for", " means ", " = ", " is short for"].iter().any(|w| after.starts_with(w))
        || begins && [": ", " - ", " – ", " — "].iter().any(|mark| after.starts_with(mark))
}

/// What everybody in a company knows, and words that are written large to be heard; in order.
const KNOWN: [&str; 270] = [
    "ACH", "AD", "ADP", "AI", "ALL", "ALT", "AM", "AND", "ANY", "AP", "API", "AR", "ASAP", "ASCII",
    "AWS", "BAN", "BCC", "BI", "BST", "CAD", "CAPA", "CAPEX", "CC", "CCTV", "CD", "CEO", "CEST",
    "CET", "CFO", "CI", "CIO", "CLI", "CMO", "CMS", "COB", "COGS", "COO", "CPA", "CPC", "CPU",
    "CRM", "CSM", "CSS", "CSV", "CTA", "CTO", "CTR", "CV", "DB", "DM", "DNS", "DO", "DOB", "DOC",
    "DOCX", "DONE", "DPO", "EACH", "EBIT", "EIN", "EMEA", "EOB", "EOD", "EOM", "EOY", "ERP", "ES",
    "EST", "ET", "ETA", "ETL", "EU", "EUR", "FAIL", "FAQ", "FBI", "FIFO", "FIRST", "FROM", "FTE",
    "FTP", "FYI", "GAAP", "GBP", "GCP", "GDPR", "GIT", "GL", "GM", "GMT", "GO", "GPS", "GUI",
    "HIPAA", "HOLD", "HR", "HSA", "HTML", "HTTP", "HTTPS", "IBAN", "ID", "IDS", "IF", "IFRS",
    "INC", "IOS", "IP", "IRS", "ISO", "IT", "ITIL", "JIRA", "JPEG", "JPG", "JSON", "JWT", "KEY",
    "KPI", "KPIS", "KYC", "LAN", "LDAP", "LED", "LGTM", "LLC", "LLM", "LTD", "MB", "MFA", "MIT",
    "MRI", "MRR", "MSA", "MUST", "MVP", "NA", "NATO", "NB", "NDA", "NEVER", "NEW", "NEXT", "NFC",
    "NO", "NOT", "NOTE", "NOW", "NPM", "NPS", "OCR", "OFF", "OK", "OKR", "OKRS", "ON", "ONCE",
    "ONE", "ONLY", "OOO", "OPEX", "OPT", "OR", "ORM", "OS", "OSHA", "OUT", "OVER", "PASS", "PAYE",
    "PC", "PCI", "PDF", "PII", "PIN", "PL", "PM", "PNG", "PO", "PPE", "PPT", "PR", "PRS", "PS",
    "PST", "PT", "PTO", "QA", "QBR", "QR", "RACI", "RAM", "READ", "REST", "RFC", "RFP", "RFQ",
    "ROI", "RSS", "RSVP", "SAAS", "SAML", "SDK", "SEC", "SEND", "SEO", "SFTP", "SIM", "SKU", "SLA",
    "SLAS", "SMART", "SME", "SMS", "SMTP", "SOC", "SOP", "SOPS", "SOW", "SQL", "SSD", "SSH", "SSL",
    "SSN", "SSO", "STOP", "SVG", "SWOT", "TBA", "TBC", "TBD", "TCP", "TIN", "TLS", "TODO", "TV",
    "TXT", "UI", "UK", "UML", "UN", "UPS", "URI", "URL", "URLS", "US", "USA", "USB", "USD", "USE",
    "USPS", "UTC", "UX", "VAT", "VIP", "VM", "VP", "VPN", "WAN", "WARN", "WIFI", "WIP", "WORD",
    "XLSX", "XML", "YAML", "YES", "YOU", "YTD", "ZIP",
];
