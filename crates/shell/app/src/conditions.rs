//! Decisions that values decide: a condition that speaks of values which steps ask for is weighed by
//! Gemba, and nobody is asked.
//!
//! A condition says it in words ("the invoice total is more than 10,000 EUR", "the outcome is won") or in
//! the Common Expression Language (<https://cel.dev>), with the keys of values as names:
//! `invoice_total > 10000.0 && outcome == "won"`. A decision with one condition that is neither is left to
//! whoever does the step, as a whole.

use crate::{Result, publishing::Frozen};
use cel::{Context, Program, Value as CelValue};
use gemba_engine::{Call, Command, Completion, PlanStep, Rejection, Run, Value, event::Left};
use gemba_model::{
    Branch, EvidenceKind, Process, Routes,
    field::{self, Field, Shape},
    flow,
    limit::{Limit, Number},
};
use std::{collections::BTreeMap, fmt};

/// The longest expression, in bytes, and how deep its brackets go.
const MAX_EXPRESSION: usize = 300;
const MAX_DEPTH: usize = 16;

/// The values of a run by their keys.
pub(crate) type Values = BTreeMap<String, Value>;

/// How the way out of a step is found from values.
#[derive(Debug)]
pub(crate) struct Conditions {
    /// In the order of the document: the branch, its words, what must hold.
    rules: Vec<(Branch, Condition)>,
    otherwise: Option<Branch>,
}

enum Condition {
    /// A number beyond or within an amount.
    Limit(String, Limit),
    /// A value that is this word.
    Is(String, String),
    /// An expression, with the keys it names.
    Expression(Program, Vec<String>),
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limit(_, limit) => write!(f, "{limit}"),
            Self::Is(key, word) => write!(f, "{key} = {word}"),
            Self::Expression(_, keys) => write!(f, "an expression over {keys:?}"),
        }
    }
}

impl Conditions {
    /// The conditions of a step, where all of them speak of values.
    pub(crate) fn of(process: &Process, step: &PlanStep) -> Option<Self> {
        let Routes::Branches(branches) = &step.routes else { return None };
        let steps = process.all_steps();
        let evidence = steps.iter().flat_map(|step| &step.evidence);
        let fields: Vec<Field> = evidence.filter_map(Field::of).collect();
        let (mut rules, mut otherwise) = (Vec::new(), None);
        for branch in branches {
            if flow::says_otherwise(&branch.label) {
                otherwise = Some(branch.clone());
            } else {
                rules.push((branch.clone(), Condition::read(&branch.label, &fields)?));
            }
        }
        (!rules.is_empty()).then_some(Self { rules, otherwise })
    }

    /// The keys of the values that are looked at.
    fn keys(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().flat_map(|(_, condition)| match condition {
            Condition::Limit(key, _) | Condition::Is(key, _) => vec![key.as_str()],
            Condition::Expression(_, keys) => keys.iter().map(String::as_str).collect(),
        })
    }

    /// Whether every value that is looked at is there or is asked for by the step itself.
    pub(crate) fn can_decide(&self, step: &PlanStep, values: &Values) -> bool {
        let asked: Vec<String> =
            step.evidence.iter().filter_map(Field::of).map(|field| field.key).collect();
        self.keys().all(|key| values.contains_key(key) || asked.iter().any(|own| own == key))
    }

    /// The branch that these values decide, and why; none where a value is missing, an expression does not
    /// fit its values, or nothing holds and nothing is said for that case.
    fn decide(&self, values: &Values) -> Option<(&Branch, String)> {
        if !self.keys().all(|key| values.contains_key(key)) {
            return None;
        }
        for (branch, condition) in &self.rules {
            if condition.holds(values)? {
                return Some((branch, self.because(values)));
            }
        }
        self.otherwise.as_ref().map(|branch| (branch, self.because(values)))
    }

    fn because(&self, values: &Values) -> String {
        let mut told: Vec<String> = Vec::new();
        for key in self.keys() {
            let is = values
                .get(key)
                .map(|value| format!("{} is {}", key.replace('_', " "), value.value));
            told.extend(is.filter(|is| !told.contains(is)));
        }
        told.join(", ")
    }
}

impl Condition {
    fn read(label: &str, fields: &[Field]) -> Option<Self> {
        let label = label.trim().trim_end_matches([',', ':', '.']);
        let limit = label.parse().ok().or_else(|| Limit::said_in(&format!("if {label}")));
        let limited = limit.and_then(|limit: Limit| {
            let field = fields.iter().find(|field| field.is_meant_by(&limit))?;
            Some(Self::Limit(field.key.clone(), limit))
        });
        limited.or_else(|| is(label, fields)).or_else(|| expression(label, fields))
    }

    /// Whether it holds; none where an expression comes to no yes or no.
    fn holds(&self, values: &Values) -> Option<bool> {
        match self {
            Self::Limit(key, limit) => {
                let number: Number = values.get(key)?.value.parse().ok()?;
                Some(limit.is_met_by(&number))
            }
            Self::Is(key, word) => Some(values.get(key)?.value.eq_ignore_ascii_case(word)),
            Self::Expression(program, keys) => {
                let mut context = Context::default();
                for key in keys {
                    context.add_variable_from_value(key.clone(), told(values.get(key)?)?);
                }
                match program.execute(&context) {
                    Ok(CelValue::Bool(holds)) => Some(holds),
                    Ok(_) | Err(_) => None,
                }
            }
        }
    }
}

/// "the outcome is won", "outcome: won".
fn is(label: &str, fields: &[Field]) -> Option<Condition> {
    let (name, word) = [" is ", ": ", " = "].iter().find_map(|sign| label.split_once(sign))?;
    let key = field::key(name);
    let field = fields.iter().find(|field| field.key == key)?;
    let Shape::Choice(words) = &field.shape else { return None };
    let word = word.trim().trim_matches(['"', '“', '”']);
    let meant = words.iter().find(|own| own.eq_ignore_ascii_case(word))?;
    Some(Condition::Is(key, meant.clone()))
}

/// An expression over values only. Lists and maps are not needed, and with them go the loops of the
/// language: what is left takes no longer than it is long.
fn expression(label: &str, fields: &[Field]) -> Option<Condition> {
    let mut depth = 0_usize;
    for c in label.chars() {
        match c {
            '[' | '{' => return None,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return None;
        }
    }
    // Words in a row are a sentence: the parser is spared what can be no expression.
    if label.len() > MAX_EXPRESSION || !label.contains(['=', '<', '>', '!']) {
        return None;
    }
    let program = Program::compile(label).ok()?;
    let keys: Vec<String> =
        program.references().variables().into_iter().map(str::to_owned).collect();
    let known = |key: &String| fields.iter().any(|field| field.key == *key);
    (!keys.is_empty() && keys.iter().all(known)).then_some(Condition::Expression(program, keys))
}

fn told(value: &Value) -> Option<CelValue> {
    match value.kind {
        EvidenceKind::Number => value.value.parse::<f64>().ok().map(CelValue::Float),
        // Days compare as the text they are written in.
        EvidenceKind::Date | EvidenceKind::Choice => {
            Some(CelValue::String(value.value.clone().into()))
        }
        EvidenceKind::Text | EvidenceKind::Link | EvidenceKind::File => None,
    }
}

/// A command with the branch that values decide. What was said otherwise is refused; where the values do
/// not decide, whoever does the step is asked as ever.
pub(crate) fn weighed(frozen: &Frozen, state: &Run, command: Command) -> Result<Command> {
    let command = match command {
        Command::Call(Call::Returned { run, outcome, values, mut with }) => {
            let open = state.open.iter().find(|open| open.child == Some(run));
            let step = open.and_then(|open| frozen.plan.step(&open.step));
            let decided = step.and_then(|step| Some((step, frozen.conditions.get(&step.id)?)));
            if let Some((step, conditions)) = decided {
                let mut known = state.values.clone();
                known.extend(
                    values.iter().filter_map(Left::value).map(|(key, v)| (key.to_owned(), v)),
                );
                // What does not fit, or is not there, is asked of the seat.
                let mut filled = with.clone();
                if fill_in(conditions, step, &known, &mut filled).is_ok() {
                    with = filled;
                }
            }
            return Ok(Command::Call(Call::Returned { run, outcome, values, with }));
        }
        other => other,
    };
    let Command::Complete { which, mut with } = command else { return Ok(command) };
    let free = |open: &&gemba_engine::Open| which.is(open) && open.child.is_none();
    if let Some(open) = state.open.iter().find(free)
        && let Some(conditions) = frozen.conditions.get(&open.step)
        && let Some(step) = frozen.plan.step(&open.step)
    {
        fill_in(conditions, step, &state.values, &mut with)?;
    }
    Ok(Command::Complete { which, with })
}

fn fill_in(
    conditions: &Conditions,
    step: &PlanStep,
    values: &Values,
    with: &mut Completion,
) -> Result<()> {
    let left = step.left(with.evidence.clone())?;
    let mut values = values.clone();
    values.extend(left.iter().filter_map(Left::value).map(|(key, value)| (key.to_owned(), value)));
    let Some((branch, because)) = conditions.decide(&values) else { return Ok(()) };
    let said = with.branch.as_deref().map(str::trim).filter(|said| !said.is_empty());
    if said.is_some_and(|said| said != branch.id) {
        let (branch, label) = (branch.id.clone(), branch.label.clone());
        return Err(Rejection::ValuesDecide { branch, label, because }.into());
    }
    with.branch = Some(branch.id.clone());
    if with.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
        with.reason = Some(because);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use gemba_model::Evidence;

    fn fields() -> Vec<Field> {
        [
            (EvidenceKind::Number, "invoice total in EUR, at least 0"),
            (EvidenceKind::Choice, "outcome: won, lost"),
            (EvidenceKind::Date, "delivery"),
        ]
        .into_iter()
        .map(|(kind, text)| Field::of(&Evidence { kind, text: text.to_owned() }).unwrap())
        .collect()
    }

    #[test]
    fn conditions_in_words_and_expressions_are_weighed() {
        let kept = |kind, value: &str| Value { kind, value: value.to_owned() };
        let values: Values = [
            ("invoice_total".to_owned(), kept(EvidenceKind::Number, "12000.5")),
            ("outcome".to_owned(), kept(EvidenceKind::Choice, "won")),
            ("delivery".to_owned(), kept(EvidenceKind::Date, "2026-03-31")),
        ]
        .into();
        let check = |label: &str, expected: Option<Option<bool>>| {
            let condition = Condition::read(label, &fields());
            assert_eq!(condition.map(|c| c.holds(&values)), expected, "{label}");
        };
        check("the invoice total is more than 10,000 EUR", Some(Some(true)));
        check("the invoice total exceeds 12,000.50", Some(Some(false)));
        check("the invoice total is more than 10,000 USD", None);
        check("invoice total >= 12000.5", Some(Some(true)));
        check("the outcome is won", Some(Some(true)));
        check("the outcome is lost", Some(Some(false)));
        check("the outcome is good", None);
        check("invoice_total > 10000.0 && outcome == \"won\"", Some(Some(true)));
        check("invoice_total > 10000 || outcome == \"lost\"", Some(Some(true)));
        check("delivery < \"2026-04-01\"", Some(Some(true)));
        check("outcome > 3", Some(None));
        check("invoice_total + 1.0 == 12001.5", Some(Some(true)));
        check("stranger > 3.0", None);
        check("the client is happy", None);
        check("1 == 1", None);
        check("[1, 2].all(x, x > 0) && invoice_total > 1.0", None);
        check(
            &format!(
                "outcome == \"won\" && {}invoice_total{} > 1.0",
                "(".repeat(17),
                ")".repeat(17)
            ),
            None,
        );
        check(&format!("invoice_total > {}1.0", "1.0 + ".repeat(60)), None);
        check("invoice_total ==", None);
    }
}
