//! A seat as files for the agents of others: what it is and which SOPs it works by, in the forms that
//! coding agents and agent frameworks read.

mod brief;

use crate::{Act, App, Error, Result, Who, archive, followed, seats, skills};
use gemba_sop::agent_sop;
use gemba_store::Mode;

/// A form that agents read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `AGENTS.md`: the seat and its SOPs on one page.
    AgentsMd,
    /// `CLAUDE.md`: the same under the name that Claude Code reads.
    ClaudeMd,
    /// One folder for each SOP with a `SKILL.md` in it.
    Skills,
    /// One `.sop.md` for each SOP.
    SopMd,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::AgentsMd, Self::ClaudeMd, Self::Skills, Self::SopMd];

    /// The word of commands and addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::AgentsMd => "agents-md",
            Self::ClaudeMd => "claude-md",
            Self::Skills => "skills",
            Self::SopMd => "sop-md",
        }
    }

    /// The form of a word.
    pub fn of(word: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|form| form.word() == word);
        found.ok_or_else(|| {
            let words = Self::ALL.map(Self::word).join(", ");
            Error::invalid("as", format!("`{word}` is none of {words}"))
        })
    }

    /// The one file that it is; none where it is as many as there are SOPs.
    pub fn file(self) -> Option<&'static str> {
        match self {
            Self::AgentsMd => Some("AGENTS.md"),
            Self::ClaudeMd => Some("CLAUDE.md"),
            Self::Skills | Self::SopMd => None,
        }
    }
}

/// The files of a seat in a form: path with `/` between folders, and bytes; ordered by path. The same
/// seat gives the same bytes.
pub async fn export(
    app: &App,
    who: &Who,
    seat: &str,
    form: Form,
) -> Result<Vec<(String, Vec<u8>)>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let tx = &mut *tx;
    let seat = seats::find(tx, seat).await?.value;
    let records = followed::in_force(tx).await?;
    let mine = followed::of_seat(&records, seat.id);
    let mut revisions = Vec::with_capacity(mine.len());
    for followed in mine {
        let revision = followed::revision(tx, &followed).await?;
        revisions.push((followed, revision));
    }
    if let Some(name) = form.file() {
        let text = brief::write(app, tx, &seat, &revisions).await?;
        return Ok(vec![(name.to_owned(), text.into_bytes())]);
    }
    let files = revisions.iter().filter_map(|(followed, revision)| {
        let slug = &followed.slug;
        match form {
            Form::Skills if skills::is_a_name(slug) => {
                let text = skills::write(slug, revision).text;
                Some((format!("{slug}/{}", skills::FILE), text.into_bytes()))
            }
            Form::SopMd => {
                let text = agent_sop::write(&revision.compiled);
                Some((format!("{slug}{}", agent_sop::ENDING), text.into_bytes()))
            }
            Form::Skills | Form::AgentsMd | Form::ClaudeMd => None,
        }
    });
    Ok(files.collect())
}

/// The same as one file to save, its name and bytes: as the page that it is, or as an archive.
pub async fn download(app: &App, who: &Who, seat: &str, form: Form) -> Result<(String, Vec<u8>)> {
    let files = export(app, who, seat, form).await?;
    if let (Some(name), [(_, bytes)]) = (form.file(), files.as_slice()) {
        return Ok((name.to_owned(), bytes.clone()));
    }
    let slug = seats::get(app, who, seat).await?.seat.slug;
    Ok((format!("{slug}-{}.zip", form.word()), archive::pack(&files)?))
}
