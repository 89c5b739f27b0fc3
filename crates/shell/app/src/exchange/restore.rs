//! From the files of a workspace back into one: what is not here yet is added, nothing is overwritten.

use super::{
    ATTACHMENTS, FORMAT, INDEX, MARK, Note, Outcome, Restored, SCORECARD, TEAM,
    sheet::{self, Entry},
};
use crate::{
    Act, App, Error, Result, Who, access,
    accounts::hashed,
    attachments::{self, About, Content},
    audit,
    measurables::{self, MeasurableInput},
    ports::zone,
    processes,
    publishing::{self, Publication},
    records::{Account, Direction, Measurable, ProcessRecord, Seat},
    retirement, search,
    seats::{self, Directory, HolderInput, SeatInput},
    workspace::{loaded, text},
};
use gemba_model::Slug;
use gemba_store::{Mode, Tx, Versioned, all, save, unique};
use std::collections::{BTreeMap, BTreeSet};

/// The files of one import by path.
type Files = BTreeMap<String, Vec<u8>>;

/// An import on its way.
struct Restoring<'a> {
    app: &'a App,
    who: &'a Who,
    notes: Vec<Note>,
    done: Restored,
}

impl Restoring<'_> {
    fn note(&mut self, about: impl Into<String>, message: impl Into<String>) {
        self.notes.push(Note { about: about.into(), message: message.into() });
    }
}

fn refused(message: impl Into<String>) -> Error {
    Error::invalid("files", message)
}

/// An error with where it was met; one of the store stays what it is.
fn at(place: &str) -> impl Fn(Error) -> Error + '_ {
    move |error| match error {
        Error::Store(_) => error,
        other => refused(format!("{place}: {other}")),
    }
}

pub(super) async fn restore(app: &App, who: &Who, mut files: Files) -> Result<Outcome> {
    access::require(who, Act::Manage)?;
    let settings = settings(&sheet_of(&mut files, MARK)?)?;
    let team = sheet_of(&mut files, TEAM)?;
    let scorecard = sheet_of(&mut files, SCORECARD)?;
    let index = sheet_of(&mut files, INDEX)?;
    let attached = sheet_of(&mut files, ATTACHMENTS)?;
    let documents = documents(&mut files)?;
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let tx_ref = &mut *tx;
    let is_empty = all::<Seat>(tx_ref).await?.is_empty()
        && all::<ProcessRecord>(tx_ref).await?.is_empty()
        && all::<Measurable>(tx_ref).await?.is_empty();
    let mut to = Restoring { app, who, notes: Vec::new(), done: Restored::default() };
    to.seats(tx_ref, team).await?;
    to.measurables(tx_ref, &scorecard).await?;
    let added = to.processes(tx_ref, documents, &index).await?;
    to.attachments(tx_ref, &attached, &mut files, &added).await?;
    to.settings(tx_ref, settings, is_empty).await?;
    tx.commit().await?;
    for (path, _) in files {
        to.note(path, "belongs to nothing here, and was left out");
    }
    Ok(Outcome { documents: Vec::new(), notes: to.notes, restored: Some(to.done) })
}

/// The entries of a sheet, which is taken out of the files; none where there is no such file.
fn sheet_of(files: &mut Files, path: &str) -> Result<Vec<Entry>> {
    let Some(bytes) = files.remove(path) else { return Ok(Vec::new()) };
    Ok(sheet::entries(&utf8(path, bytes)?))
}

fn utf8(path: &str, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|e| refused(format!("{path} is not UTF-8: {e}")))
}

struct Settings {
    name: String,
    zone: String,
    second_person: bool,
}

fn settings(entries: &[Entry]) -> Result<Settings> {
    let entry = entries.iter().find(|entry| entry.fact("Format").is_some());
    let entry = entry.ok_or_else(|| refused(format!("{MARK} has no settings")))?;
    match entry.needed(MARK, "Format")? {
        FORMAT => {}
        other => {
            let message = format!("{MARK} is of format {other}; this Gemba reads format {FORMAT}");
            return Err(refused(message));
        }
    }
    let zone_name = entry.needed(MARK, "Zone")?;
    zone(zone_name).map_err(at(MARK))?;
    Ok(Settings {
        name: text("name", entry.needed(MARK, "Name")?, 100).map_err(at(MARK))?,
        zone: zone_name.to_owned(),
        second_person: entry.fact("A second person approves every revision") == Some("yes"),
    })
}

/// The texts of one process.
#[derive(Default)]
struct Texts {
    in_force: Option<String>,
    draft: Option<String>,
    is_retired: bool,
}

/// The documents below `processes/` and `retired/` by slug, taken out of the files.
fn documents(files: &mut Files) -> Result<BTreeMap<String, Texts>> {
    let is_document = |path: &str| {
        (path.starts_with("processes/") || path.starts_with("retired/"))
            && path.strip_suffix(".md").is_some()
    };
    let paths: Vec<String> = files.keys().filter(|path| is_document(path)).cloned().collect();
    let mut documents: BTreeMap<String, Texts> = BTreeMap::new();
    for path in paths {
        let bytes = files.remove(&path).unwrap_or_default();
        if bytes.len() > gemba_sop::MAX_BYTES {
            return Err(refused(format!("{path} is larger than 1 MiB")));
        }
        let text = utf8(&path, bytes)?;
        let name = path.rsplit('/').next().unwrap_or(&path);
        let name = name.strip_suffix(".md").unwrap_or(name);
        let (name, is_draft) = name.strip_suffix(".draft").map_or((name, false), |n| (n, true));
        let texts =
            documents.entry(Slug::from_text(name, "process").as_str().to_owned()).or_default();
        texts.is_retired |= path.starts_with("retired/");
        let place = if is_draft { &mut texts.draft } else { &mut texts.in_force };
        if place.replace(text).is_some() {
            return Err(refused(format!("{path}: another file is the text of `{name}` too")));
        }
    }
    Ok(documents)
}

impl Restoring<'_> {
    async fn seats(&mut self, tx: &mut dyn Tx, mut team: Vec<Entry>) -> Result<()> {
        let mut accounts: Vec<Account> =
            all::<Account>(tx).await?.into_iter().map(|a| a.value).collect();
        accounts.retain(|account| account.active);
        let known = Directory::load(tx).await?;
        team.retain(|entry| {
            let is_new = known.find(&entry.title).is_none();
            if !is_new {
                self.note(
                    format!("Seat {}", entry.title),
                    "was there already, and stayed as it is",
                );
            }
            is_new
        });
        // Who is answered to comes first; what is left when nothing moves any more is a circle or names
        // a seat that is nowhere.
        while !team.is_empty() {
            let before = team.len();
            let mut later = Vec::new();
            for entry in team {
                let directory = Directory::load(tx).await?;
                let above = entry.fact("Reports to");
                if above.is_some_and(|name| directory.find(name).is_none()) {
                    later.push(entry);
                    continue;
                }
                self.seat(tx, &entry, &accounts).await?;
            }
            team = later;
            if team.len() == before {
                let entry = team.first().map(|e| e.title.clone()).unwrap_or_default();
                let message = format!(
                    "{TEAM}: \"{entry}\" reports to a seat that is not in the file, or by a circle to itself"
                );
                return Err(refused(message));
            }
        }
        Ok(())
    }

    async fn seat(&mut self, tx: &mut dyn Tx, entry: &Entry, accounts: &[Account]) -> Result<()> {
        let place = format!("{TEAM}, \"{}\"", entry.title);
        let held = entry.fact("Held by").unwrap_or("nobody");
        let holder = if let Some(agent) = held.strip_prefix("agent ") {
            HolderInput::Agent(agent.to_owned())
        } else if let Some(person) = held.strip_prefix("person ") {
            let (name, email) = person.rsplit_once(" <").unwrap_or((person, ""));
            let email = email.trim_end_matches('>').to_lowercase();
            let mut named = accounts.iter().filter(|account| account.name == name);
            let by_name = named.next().filter(|_| named.next().is_none());
            if let Some(account) =
                accounts.iter().find(|account| account.email == email).or(by_name)
            {
                HolderInput::Person(account.id)
            } else {
                let message = format!("is vacant: there is no account of {person}");
                self.note(format!("Seat {}", entry.title), message);
                HolderInput::Vacant
            }
        } else if held == "nobody" {
            HolderInput::Vacant
        } else {
            let message =
                format!("{place}: `{held}` is neither `nobody`, `person ...` nor `agent ...`");
            return Err(refused(message));
        };
        let input = SeatInput {
            name: entry.title.clone(),
            function: entry.fact("Function").map(str::to_owned),
            purpose: entry.words.clone(),
            reports_to: entry.fact("Reports to").map(str::to_owned),
            holder,
            aliases: entry.all("Also called").map(str::to_owned).collect(),
        };
        let slug = Slug::from_text(entry.fact("Slug").unwrap_or(&entry.title), "seat");
        seats::add_as(self.app, tx, self.who, input, &slug).await.map_err(at(&place))?;
        self.done.seats += 1;
        Ok(())
    }

    async fn measurables(&mut self, tx: &mut dyn Tx, scorecard: &[Entry]) -> Result<()> {
        for entry in scorecard {
            let place = format!("{SCORECARD}, \"{}\"", entry.title);
            if all::<Measurable>(tx).await?.iter().any(|m| m.value.name == entry.title) {
                let about = format!("Measurable {}", entry.title);
                self.note(about, "was there already, and stayed as it is");
                continue;
            }
            let goal = entry.needed(SCORECARD, "Goal")?;
            let (direction, number) = match goal.strip_prefix("at least ") {
                Some(number) => (Direction::Up, number),
                None => (Direction::Down, goal.strip_prefix("at most ").unwrap_or(goal)),
            };
            let number = number.trim().parse().map_err(|_no_number| {
                refused(format!("{place}: `{goal}` is no goal; write `at least 5` or `at most 5`"))
            })?;
            let input = MeasurableInput {
                name: entry.title.clone(),
                seat: entry.needed(SCORECARD, "Seat")?.to_owned(),
                unit: entry.fact("Unit").unwrap_or_default().to_owned(),
                goal: number,
                direction,
            };
            let slug = Slug::from_text(entry.fact("Slug").unwrap_or(&entry.title), "measurable");
            measurables::add_as(self.app, tx, self.who, &input, &slug).await.map_err(at(&place))?;
            self.done.measurables += 1;
        }
        Ok(())
    }

    /// Adds the processes; the slugs of those that are new come back.
    async fn processes(
        &mut self,
        tx: &mut dyn Tx,
        documents: BTreeMap<String, Texts>,
        index: &[Entry],
    ) -> Result<BTreeSet<String>> {
        let second_person = loaded(tx).await?.value.second_person;
        let mut added = BTreeSet::new();
        for (slug, texts) in documents {
            if unique::<ProcessRecord>(tx, "slug", &slug).await?.is_some() {
                self.note(format!("Process {slug}"), "was there already, and stayed as it is");
                continue;
            }
            let said = index.iter().find(|entry| entry.fact("Slug") == Some(slug.as_str()));
            self.process(tx, &slug, texts, said, second_person).await?;
            added.insert(slug);
        }
        Ok(added)
    }

    async fn process(
        &mut self,
        tx: &mut dyn Tx,
        slug: &str,
        texts: Texts,
        said: Option<&Entry>,
        second_person: bool,
    ) -> Result<()> {
        let Texts { in_force, draft, is_retired } = texts;
        let was_in_force = in_force.is_some();
        let (first, second) = match (in_force, draft) {
            (Some(text), draft) => (text, draft),
            (None, draft) => (draft.unwrap_or_default(), None),
        };
        let mut record = processes::restored(self.app, tx, self.who, slug, first).await?;
        self.done.processes += 1;
        if was_in_force {
            let against = if second_person {
                Some("a second person approves every revision here".to_owned())
            } else {
                self.publish(tx, &mut record, said).await?
            };
            match against {
                None => self.done.in_force += usize::from(!is_retired),
                Some(reason) => {
                    let message = format!("was in force and is a draft now: {reason}");
                    self.note(format!("Process {slug}"), message);
                }
            }
        }
        if let Some(draft) = second {
            processes::write_draft(self.app, tx, self.who, &mut record, &draft).await?;
        }
        if is_retired {
            let because = said.map(|entry| entry.words.trim()).filter(|words| !words.is_empty());
            let because = because.unwrap_or("it was retired before it was imported");
            retirement::end(self.app, tx, self.who, &mut record, because).await?;
        }
        Ok(())
    }

    /// Puts the text of a process in force; what stands against it comes back.
    async fn publish(
        &self,
        tx: &mut dyn Tx,
        record: &mut Versioned<ProcessRecord>,
        said: Option<&Entry>,
    ) -> Result<Option<String>> {
        let means = said.into_iter().flat_map(|entry| entry.all("Seat"));
        let bindings = means
            .filter_map(|line| line.rsplit_once(" = "))
            .map(|(name, seat)| (name.to_owned(), seat.to_owned()))
            .collect();
        let note = "Imported with the folder of a workspace.".to_owned();
        let with = Publication { bindings, note, ..Publication::default() };
        match publishing::change(tx, self.who, record, with).await {
            Ok(change) => {
                publishing::put_in_force(self.app, tx, self.who, record, change).await?;
                Ok(None)
            }
            Err(error @ Error::Store(_)) => Err(error),
            Err(Error::NotPublishable(findings)) => {
                let first = findings.first().map(|d| format!("{} {}", d.code, d.message));
                Ok(Some(first.unwrap_or_default()))
            }
            Err(reason) => Ok(Some(reason.to_string())),
        }
    }

    async fn attachments(
        &mut self,
        tx: &mut dyn Tx,
        attached: &[Entry],
        files: &mut Files,
        added: &BTreeSet<String>,
    ) -> Result<()> {
        let mut used = BTreeSet::new();
        let mut touched = BTreeSet::new();
        for entry in attached {
            let place = format!("{ATTACHMENTS}, \"{}\"", entry.title);
            let slug = entry.needed(ATTACHMENTS, "Process")?;
            let file = entry.fact("File");
            used.extend(file.map(str::to_owned));
            if !added.contains(slug) {
                let message =
                    format!("was left out: `{slug}` stayed as it is, or is not in the folder");
                self.note(format!("Attachment {}", entry.title), message);
                continue;
            }
            let content = match (file, entry.fact("Address")) {
                (Some(path), _) => {
                    let missing = || refused(format!("{place}: there is no file {path}"));
                    let bytes = files.get(path).ok_or_else(missing)?.clone();
                    let name = path.rsplit('/').next().unwrap_or(path);
                    if name.split('.').next() != Some(hashed(&bytes).as_str()) {
                        let message =
                            format!("{place}: {path} is another file than the one exported");
                        return Err(refused(message));
                    }
                    Content::File { bytes }
                }
                (None, Some(address)) => Content::Link(address.to_owned()),
                (None, None) => {
                    return Err(refused(format!("{place} has neither file nor address")));
                }
            };
            let about = About {
                title: entry.title.clone(),
                summary: entry.words.clone(),
                step: entry.fact("Step").map(str::to_owned),
            };
            let new = attachments::prepared(&about, content).map_err(at(&place))?;
            let process = processes::find(tx, slug).await?.value.id;
            attachments::put(self.app, tx, self.who, process, new).await.map_err(at(&place))?;
            touched.insert(slug);
            self.done.attachments += 1;
        }
        for slug in touched {
            let record = processes::find(tx, slug).await?;
            search::refresh(tx, &record).await?;
        }
        for path in used {
            files.remove(&path);
        }
        Ok(())
    }

    /// A workspace that holds nothing yet becomes the one that was exported.
    async fn settings(&mut self, tx: &mut dyn Tx, to: Settings, is_empty: bool) -> Result<()> {
        let mut workspace = loaded(tx).await?;
        let mut new = workspace.value.clone();
        new.name = to.name;
        new.zone = to.zone;
        new.second_person = to.second_person;
        if new == workspace.value {
            return Ok(());
        }
        if !is_empty || !access::may(self.who, Act::Administer) {
            let why =
                if is_empty { "only admins change them" } else { "there is a workspace already" };
            self.note("Settings", format!("name, zone and approvals stayed as they are: {why}"));
            return Ok(());
        }
        workspace.value = new;
        save(tx, &workspace).await?;
        let calendar = crate::workspace::calendar(&workspace.value)?;
        crate::triggers::plan::all(self.app, tx, &calendar).await?;
        let id = crate::records::Workspace::ID;
        audit::write(self.app, tx, self.who, "workspace.changed", id, &workspace.value).await
    }
}
