//! What is different between two states of a process.

use gemba_app::changes::{self, State};
use gemba_model::change;
use schemars::JsonSchema;
use serde::Serialize;

/// What is different between two states of a process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Changes {
    /// The older state: the number of a revision, "draft" or "proposal".
    pub from: String,
    /// The newer state.
    pub to: String,
    /// All of it in one line: "2 steps added, 1 moved, owner changed".
    pub summary: String,
    /// The steps that came, went, moved or say something else.
    pub steps: Vec<StepChange>,
    /// The cells of the RACI matrix that say something else.
    pub raci: Vec<CellChange>,
    /// The other parts that say something else, one value each.
    pub fields: Vec<FieldChange>,
    /// The lists of which entries came or went.
    pub lists: Vec<ListChange>,
    /// The text, line by line: runs of lines that stayed, went or came.
    pub text: Vec<TextChange>,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepChange {
    /// The stable id.
    pub id: String,
    /// The title.
    pub title: String,
    /// Its number before; null for a step that came.
    pub was: Option<String>,
    /// Its number now; null for a step that went.
    pub is: Option<String>,
    /// Whether it stands elsewhere among the steps that stayed.
    pub moved: bool,
    /// The parts of it that say something else.
    pub parts: Vec<FieldChange>,
}

/// A value that is another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FieldChange {
    /// Which value: "title", "seat", "decision", "owner".
    pub field: String,
    /// Before; empty where nothing was said.
    pub old: String,
    /// Now; empty where nothing is said.
    pub new: String,
}

/// A cell of the RACI matrix that says something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CellChange {
    /// The number of the step.
    pub step: String,
    /// Its title.
    pub title: String,
    /// "responsible", "accountable", "consulted" or "informed".
    pub column: String,
    /// The seats before.
    pub old: String,
    /// The seats now.
    pub new: String,
}

/// A list of which entries came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ListChange {
    /// "triggers", "`expected_output`", "`failure_signals`" or "sections".
    pub list: String,
    /// What went.
    pub removed: Vec<String>,
    /// What came.
    pub added: Vec<String>,
}

/// Lines that stayed, or that took each other's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TextChange {
    /// "same" or "changed".
    pub kind: String,
    /// The number of the first old line, from 1.
    pub old_line: usize,
    /// The number of the first new line, from 1.
    pub new_line: usize,
    /// How many old lines.
    pub n_old: usize,
    /// How many new lines.
    pub n_new: usize,
    /// The old lines; empty for those that stayed.
    pub removed: Vec<String>,
    /// The new lines; empty for those that stayed.
    pub added: Vec<String>,
}

fn state(state: State) -> String {
    match state {
        State::Revision(number) => number.to_string(),
        State::Proposal => "proposal".to_owned(),
        State::Draft => "draft".to_owned(),
    }
}

fn part(part: change::Part) -> &'static str {
    use change::Part;
    match part {
        Part::Title => "title",
        Part::Text => "text",
        Part::Kind => "kind",
        Part::Seat => "seat",
        Part::Decision => "decision",
        Part::Handoff => "handoff_to",
        Part::Due => "due",
        Part::Wait => "wait_for",
        Part::Approval => "approval",
        Part::Procedure => "procedure",
        Part::Evidence => "evidence",
    }
}

fn column(column: change::Column) -> &'static str {
    use change::Column;
    match column {
        Column::Responsible => "responsible",
        Column::Accountable => "accountable",
        Column::Consulted => "consulted",
        Column::Informed => "informed",
    }
}

fn field(name: &str, change: &change::Change) -> FieldChange {
    FieldChange { field: name.to_owned(), old: change.old.clone(), new: change.new.clone() }
}

impl From<&change::StepChange> for StepChange {
    fn from(step: &change::StepChange) -> Self {
        Self {
            id: step.id.clone(),
            title: step.title.clone(),
            was: step.was.clone(),
            is: step.is.clone(),
            moved: step.moved,
            parts: step.parts.iter().map(|p| field(part(p.part), &p.change)).collect(),
        }
    }
}

impl From<&change::CellChange> for CellChange {
    fn from(cell: &change::CellChange) -> Self {
        Self {
            step: cell.step.clone(),
            title: cell.title.clone(),
            column: column(cell.column).to_owned(),
            old: cell.change.old.clone(),
            new: cell.change.new.clone(),
        }
    }
}

impl From<&changes::Block> for TextChange {
    fn from(block: &changes::Block) -> Self {
        Self {
            kind: if block.is_same { "same" } else { "changed" }.to_owned(),
            old_line: block.old_line,
            new_line: block.new_line,
            n_old: block.old.len(),
            n_new: block.new.len(),
            removed: if block.is_same { Vec::new() } else { block.old.clone() },
            added: if block.is_same { Vec::new() } else { block.new.clone() },
        }
    }
}

impl From<&changes::ChangesView> for Changes {
    fn from(view: &changes::ChangesView) -> Self {
        let said = &view.changes;
        let fields = [
            ("title", &said.title),
            ("function", &said.function),
            ("owner", &said.owner),
            ("purpose", &said.purpose),
            ("review", &said.review),
        ];
        let sections = change::ListChange {
            removed: said.sections.removed.clone(),
            added: said.sections.added.iter().chain(&said.reworded).cloned().collect(),
        };
        let lists = [
            ("triggers", &said.triggers),
            ("expected_output", &said.expected_output),
            ("failure_signals", &said.failure_signals),
            ("sections", &sections),
        ];
        Self {
            from: state(view.from),
            to: state(view.to),
            summary: said.summary(),
            steps: said.steps.iter().map(StepChange::from).collect(),
            raci: said.raci.iter().map(CellChange::from).collect(),
            fields: fields
                .into_iter()
                .filter_map(|(name, change)| Some(field(name, change.as_ref()?)))
                .collect(),
            lists: lists
                .into_iter()
                .filter(|(_, list)| !list.is_empty())
                .map(|(name, list)| ListChange {
                    list: name.to_owned(),
                    removed: list.removed.clone(),
                    added: list.added.clone(),
                })
                .collect(),
            text: view.text.iter().map(TextChange::from).collect(),
        }
    }
}
