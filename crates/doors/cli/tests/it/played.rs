//! What a written process allows, played out at random, fits it wholly: each SOP of the library as a model, walked
//! through step by step, then held against that same model.

use gemba_mining::Unwatched;
use gemba_mining::align::{Limits, Model};
use gemba_mining::conform::{Method, conform};
use gemba_mining::net::Net;
use gemba_mining::sop::{model, steps};
use gemba_mining::table::Names;
use gemba_mining::variants::Variants;
use gemba_sop::compile;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Walks through each model.
const WALKS: usize = 40;
/// A walk that goes round and round is given up; another is begun.
const LONGEST: usize = 400;

/// A generator that gives the same walks on every machine (`SplitMix64`; Steele, Lea and Flood, 2014).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let most = u64::try_from(most).expect("a usize is no wider");
        usize::try_from((x ^ (x >> 31)) % most).expect("it is below a usize")
    }
}

fn at(place: u32) -> usize {
    usize::try_from(place).expect("a place is in memory")
}

/// One way through a net from its first to its last marking; `None` where it takes too long.
fn walk(net: &Net, dice: &mut Dice) -> Option<Vec<String>> {
    let mut tokens = vec![0_u32; net.places.len()];
    for (place, count) in &net.initial {
        tokens[at(*place)] += count;
    }
    let mut said = Vec::new();
    for _ in 0..LONGEST {
        let is_over = net.end.iter().all(|(place, count)| tokens[at(*place)] == *count)
            && tokens.iter().sum::<u32>() == net.end.iter().map(|(_, count)| count).sum::<u32>();
        if is_over {
            return Some(said);
        }
        let able: Vec<_> = net
            .transitions
            .iter()
            .filter(|t| t.takes.iter().all(|(place, count)| tokens[at(*place)] >= *count))
            .collect();
        assert!(!able.is_empty(), "nothing can be done and the end is not reached, after {said:?}");
        let chosen = able[dice.below(able.len())];
        for (place, count) in &chosen.takes {
            tokens[at(*place)] -= count;
        }
        for (place, count) in &chosen.gives {
            tokens[at(*place)] += count;
        }
        said.extend(chosen.name.clone());
    }
    None
}

fn library() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../core/library/sops");
    let folders = fs::read_dir(root).expect("the library is there");
    let files = folders.flat_map(|folder| {
        fs::read_dir(folder.expect("a folder").path()).expect("a folder of SOPs")
    });
    let mut all: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    all.sort();
    all
}

#[track_caller]
fn check(path: &Path, model: &Model, dice: &mut Dice) {
    let walks: Vec<Vec<String>> = (0..WALKS).filter_map(|_| walk(&model.net, dice)).collect();
    assert!(walks.len() > WALKS / 2, "{}: only {} walks ended", path.display(), walks.len());
    let mut names = Names::default();
    let traces: Vec<(Vec<u32>, u64)> = walks
        .iter()
        .map(|walk| (walk.iter().map(|name| names.intern(name)).collect(), 1))
        .collect();
    let variants = Variants::of(traces);
    for method in [Method::Align, Method::Replay] {
        let found = conform(&names, &variants, model, method, Limits::default(), &mut Unwatched)
            .expect("a model of a SOP comes to its end");
        assert!(found.deviations.is_empty(), "{}: {:?}", path.display(), found.deviations);
        assert!((found.log - 1.0).abs() < 1e-12, "{}: fitness {}", path.display(), found.log);
    }
    // One step more than any way has is one deviation, so that a model which takes anything does not pass.
    let stranger = names.intern("Something that nobody wrote down");
    let with_more = walks.iter().map(|walk| {
        let ids = walk.iter().map(|name| names.intern(name));
        (ids.chain([stranger]).collect::<Vec<u32>>(), 1)
    });
    let with_more = Variants::of(with_more.collect::<Vec<_>>());
    let limits = Limits::default();
    let found = conform(&names, &with_more, model, Method::Align, limits, &mut Unwatched)
        .expect("a model of a SOP comes to its end");
    assert!(found.per_variant.iter().all(|one| one.cost == 1), "{}", path.display());
}

#[test]
fn what_a_sop_of_the_library_allows_fits_it_wholly() {
    let mut dice = Dice(20_261_126);
    let all = library();
    assert_eq!(all.len(), 32);
    for path in all {
        let text = fs::read_to_string(&path).expect("an SOP");
        for process in &compile(&text, "library.md").processes {
            let titles: BTreeSet<String> =
                steps(process).into_iter().map(|known| known.name).collect();
            check(&path, &model(process, &titles), &mut dice);
            check(&path, &model(process, &BTreeSet::new()), &mut dice);
        }
    }
}
