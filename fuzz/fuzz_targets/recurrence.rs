//! Any text is read as a rhythm, a cue, a limit or a rule of a failure signal, or refused, without a
//! panic; what is read, printed and read again is the same.

#![no_main]

use gemba_model::limit::Limit;
use gemba_model::period::Period;
use gemba_model::signal::SignalRule;
use gemba_model::{Cue, Recurrence, TriggerKind};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let document = gemba_fuzz::document(bytes);
    let text = String::from_utf8_lossy(&document);
    match text.parse::<Recurrence>() {
        Ok(rule) => {
            assert!(rule.period_days() > 0);
            let printed = rule.to_string();
            assert_eq!(printed.parse::<Recurrence>().as_ref(), Ok(&rule), "{printed}");
        }
        Err(error) => assert!(!error.reason.is_empty()),
    }
    if let Some(rule) = Recurrence::said_in(&text) {
        assert_eq!(rule.to_string().parse::<Recurrence>(), Ok(rule));
    }
    for kind in [TriggerKind::Schedule, TriggerKind::Threshold, TriggerKind::Event] {
        assert!(Cue::said_in(kind, &text).is_none_or(|cue| !cue.to_string().is_empty()));
    }
    for limit in [text.parse().ok(), Limit::said_in(&text)].into_iter().flatten() {
        assert_eq!(limit.to_string().parse::<Limit>(), Ok(limit));
    }
    for rule in [text.parse().ok(), SignalRule::said_in(&text), SignalRule::promised_in(&text)]
        .into_iter()
        .flatten()
    {
        assert_eq!(rule.to_string().parse::<SignalRule>(), Ok(rule));
    }
    if let Ok(period) = text.parse::<Period>() {
        assert_eq!(period.to_string().parse::<Period>(), Ok(period));
    }
});
