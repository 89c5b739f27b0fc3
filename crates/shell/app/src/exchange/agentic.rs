//! Documents in the forms of agents among the files of an import: folders of skills, and agent SOPs.

use super::{Note, Source};
use crate::skills;
use gemba_sop::agent_sop;
use std::collections::BTreeSet;

/// Whether a file is the text of a skill.
pub(super) fn is_skill(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case(skills::FILE))
}

/// The files with what is written for agents as documents of ours; what else lies in the folder of a skill is
/// left out and told.
pub(super) fn read(files: Vec<Source>, notes: &mut Vec<Note>) -> Vec<Source> {
    let folders: BTreeSet<String> = files
        .iter()
        .filter(|file| is_skill(&file.path))
        .filter_map(|file| file.path.rsplit_once('/').map(|(folder, _)| format!("{folder}/")))
        .collect();
    let mut kept = Vec::with_capacity(files.len());
    for mut file in files {
        let skill = is_skill(&file.path);
        let beside = folders.iter().find(|folder| file.path.starts_with(folder.as_str()));
        if let (false, Some(folder)) = (skill, beside) {
            let folder = folder.trim_end_matches('/');
            let message = format!(
                "belongs to the skill `{folder}` and was left out: of a skill its text is taken, and nothing is run"
            );
            notes.push(Note { about: file.name, message });
            continue;
        }
        let agent_sop = file.path.to_lowercase().ends_with(agent_sop::ENDING);
        if (skill || agent_sop)
            && let Ok(text) = str::from_utf8(&file.bytes)
        {
            let text = text.replace("\r\n", "\n");
            if skill && text.lines().any(|line| line.starts_with("allowed-tools:")) {
                let message =
                    "what it allows to be used was left out: that is said of a seat, by its tokens";
                notes.push(Note { about: file.name.clone(), message: message.to_owned() });
            }
            let text =
                if skill { skills::read(&text) } else { agent_sop::read(&text).unwrap_or(text) };
            file.bytes = text.into_bytes();
        }
        kept.push(file);
    }
    kept
}
