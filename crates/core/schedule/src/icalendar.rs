//! Calendars as other programs read them: iCalendar (RFC 5545), written, with its folding and escaping.

use jiff::Timestamp;
use jiff::civil::Date;

/// The most bytes of a line before it is folded (RFC 5545, section 3.1), without its end.
const LINE: usize = 75;

/// When something stands in a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// On a whole day.
    Day(Date),
    /// At a moment.
    Moment(Timestamp),
}

/// One thing in a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What tells it from any other, the same for ever: a program that reads the calendar again knows by it
    /// that something moved.
    pub uid: String,
    /// When it is.
    pub when: When,
    /// What it is, in a line.
    pub title: String,
    /// What else there is to say.
    pub text: String,
    /// The page about it.
    pub url: String,
    /// What it is of: "Review", "Deadline".
    pub category: String,
}

/// A calendar with this name, as it is at `now`.
pub fn write(name: &str, entries: &[Entry], now: Timestamp) -> String {
    let mut out = String::new();
    let mut line = |text: &str| fold(&mut out, text);
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//Gemba//Gemba//EN");
    line("CALSCALE:GREGORIAN");
    // As most programs name and refresh a calendar (RFC 7986, and before it the habit of X- properties).
    line(&format!("NAME:{}", escaped(name)));
    line(&format!("X-WR-CALNAME:{}", escaped(name)));
    line("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    line("X-PUBLISHED-TTL:PT1H");
    for entry in entries {
        line("BEGIN:VEVENT");
        line(&format!("UID:{}", escaped(&entry.uid)));
        line(&format!("DTSTAMP:{}", moment(now)));
        match entry.when {
            When::Day(date) => {
                line(&format!("DTSTART;VALUE=DATE:{}", date.strftime("%Y%m%d")));
                // Nobody is busy because of it.
                line("TRANSP:TRANSPARENT");
            }
            When::Moment(at) => {
                line(&format!("DTSTART:{}", moment(at)));
                line(&format!("DTEND:{}", moment(at)));
                line("TRANSP:TRANSPARENT");
            }
        }
        line(&format!("SUMMARY:{}", escaped(&entry.title)));
        if !entry.text.is_empty() {
            line(&format!("DESCRIPTION:{}", escaped(&entry.text)));
        }
        if !entry.url.is_empty() {
            line(&format!("URL:{}", plain(&entry.url)));
        }
        line(&format!("CATEGORIES:{}", escaped(&entry.category)));
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    out
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text (RFC 5545, section 3.3.11): what means something else is escaped, a new line is written `\\n`,
/// other control characters are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            ';' => out.push_str("\\;"),
            ',' => out.push_str("\\,"),
            '\n' | '\r' => out.push_str("\\n"),
            '\t' => out.push(' '),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// A value that is no text: an address. A line break in it would begin another property.
fn plain(value: &str) -> String {
    value.chars().filter(|c| !c.is_control()).collect()
}

/// Adds a line, folded between characters, with its end.
fn fold(out: &mut String, text: &str) {
    let mut room = LINE;
    for c in text.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            // The blank belongs to the line.
            room = LINE - 1;
        }
        out.push(c);
        room -= c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(title: &str, text: &str) -> Entry {
        Entry {
            uid: "work-1@gemba".to_owned(),
            when: When::Moment("2026-03-05T17:00:00Z".parse().expect("a time")),
            title: title.to_owned(),
            text: text.to_owned(),
            url: "https://gemba.example/work/1".to_owned(),
            category: "Deadline".to_owned(),
        }
    }

    fn written(entry: Entry) -> String {
        write("Accounting", &[entry], Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_calendar_is_written_as_the_specification_says() {
        let got = written(entry("Send the invoices", ""));
        let expected = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Gemba//Gemba//EN",
            "CALSCALE:GREGORIAN",
            "NAME:Accounting",
            "X-WR-CALNAME:Accounting",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
            "X-PUBLISHED-TTL:PT1H",
            "BEGIN:VEVENT",
            "UID:work-1@gemba",
            "DTSTAMP:19700101T000000Z",
            "DTSTART:20260305T170000Z",
            "DTEND:20260305T170000Z",
            "TRANSP:TRANSPARENT",
            "SUMMARY:Send the invoices",
            "URL:https://gemba.example/work/1",
            "CATEGORIES:Deadline",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ];
        assert_eq!(got, expected.join("\r\n"));
        let day = When::Day("2026-03-05".parse().expect("a day"));
        let got = written(Entry { when: day, ..entry("Review", "") });
        assert!(got.contains("\r\nDTSTART;VALUE=DATE:20260305\r\n"), "{got}");
        assert!(!got.contains("DTEND"), "{got}");
    }

    #[test]
    fn a_text_is_escaped() {
        for (text, expected) in [
            ("a, b; c", "a\\, b\\; c"),
            ("C:\\new", "C:\\\\new"),
            ("one\ntwo\r\nthree\rfour", "one\\ntwo\\nthree\\nfour"),
            ("tab\there\u{7}\u{0}", "tab here"),
            ("END:VEVENT\r\nBEGIN:VALARM", "END:VEVENT\\nBEGIN:VALARM"),
            ("“é” 漢字 :", "“é” 漢字 :"),
        ] {
            assert_eq!(escaped(text), expected);
            let got = written(entry(text, text));
            let lines: Vec<String> =
                got.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect();
            assert!(lines.contains(&format!("SUMMARY:{expected}")), "{got}");
            assert!(lines.contains(&format!("DESCRIPTION:{expected}")), "{got}");
            assert_eq!(got.matches("\r\nBEGIN:").count(), 1, "{got}");
        }
        let odd = Entry { url: "https://x/\r\nBEGIN:VALARM".to_owned(), ..entry("", "") };
        assert!(written(odd).contains("URL:https://x/BEGIN:VALARM\r\n"));
    }

    #[test]
    fn no_line_has_more_than_75_bytes_and_none_is_cut_within_a_character() {
        for unit in ["a", "é", "漢", "👩‍🔧", "a,", "\\"] {
            for n in [1, 20, 37, 38, 74, 75, 76, 150, 500] {
                let text = unit.repeat(n);
                let got = written(entry(&text, ""));
                for line in got.split("\r\n") {
                    assert!(line.len() <= LINE, "{} bytes: {line}", line.len());
                }
                let whole = got.replace("\r\n ", "");
                let expected = format!("SUMMARY:{}\r\n", escaped(&text));
                assert!(whole.contains(&expected), "{unit} {n}");
            }
        }
        let mut out = String::new();
        fold(&mut out, &"x".repeat(75));
        assert_eq!(out.len(), 77);
        out.clear();
        fold(&mut out, &"x".repeat(76));
        assert_eq!(out, format!("{}\r\n x\r\n", "x".repeat(75)));
    }
}
