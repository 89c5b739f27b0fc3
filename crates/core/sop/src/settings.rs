//! What settings say about a process: triggers and RACI.

use crate::front::{Setting, Settings};
use crate::inline::fold;
use crate::trigger::{self, Said};
use crate::yaml::Value;
use gemba_model::raci::Row;
use gemba_model::{Span, Trigger};
use std::ops::Range;

/// A span of the model from a range.
pub(crate) fn span(range: &Range<usize>) -> Span {
    Span::new(range.start, range.end)
}

/// The triggers that the settings state.
pub(crate) fn triggers(settings: &Settings) -> Vec<Trigger> {
    let Some(entry) = settings.get(&["trigger", "triggers"]) else { return Vec::new() };
    let items: &[Value] = match &entry.value {
        Value::List(items) => items,
        one => std::slice::from_ref(one),
    };
    items.iter().filter_map(|item| one_trigger(item, entry)).collect()
}

fn one_trigger(item: &Value, entry: &Setting) -> Option<Trigger> {
    let (text, kind) = match item {
        Value::Text(text) if !text.trim().is_empty() => (fold(text), None),
        Value::Map(entries) => entries
            .iter()
            .find_map(|(key, value)| Some((fold(value.text()?), Some(trigger::kind_word(key)?))))?,
        Value::Text(_) | Value::Null | Value::List(_) => return None,
    };
    Some(trigger::at(trigger::read(text, Said::Outright, kind), &entry.span))
}

/// The RACI rows that the settings state, with the step's id still in `step`.
pub(crate) fn raci(settings: &Settings) -> Vec<Row> {
    let Some(Setting { value: Value::Map(rows), .. }) = settings.get(&["raci"]) else {
        return Vec::new();
    };
    rows.iter()
        .filter_map(|(key, value)| {
            let Value::Map(cells) = value else { return None };
            let pick = |name: &str| {
                let cell = cells.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
                let texts = cell.map(|(_, value)| value.texts()).unwrap_or_default();
                texts.iter().map(|t| fold(t)).filter(|t| !t.is_empty()).collect::<Vec<_>>()
            };
            Some(Row {
                step: key.clone(),
                title: String::new(),
                responsible: pick("responsible"),
                accountable: pick("accountable"),
                consulted: pick("consulted"),
                informed: pick("informed"),
            })
        })
        .collect()
}
