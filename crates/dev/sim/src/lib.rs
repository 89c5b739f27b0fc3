//! The deterministic simulator: what one seed brings to the engine and the application, and whether the
//! laws hold.
//!
//! One thread, a clock that is set, chance from the seed. Two nodes work on one store; every call of the
//! store gives way, so that their requests go between one another in any order. Requests are lost and
//! doubled, answers are lost and asked for again, calls of the store fail, a commit is kept and not known
//! to be, nodes crash between any two calls, clocks jump. After each commit everything that is stored is
//! held against the laws ([`laws`]) and against what the processes were written to mean ([`course`]).
//! In the end the faults stop, everybody does their work, and every run must come to its end.
//!
//! Boundary: the store is the in-memory reference, whose transactions are whole by construction; that
//! SQLite and PostgreSQL keep what they committed is shown by killing real processes.

mod acts;
mod company;
mod course;
mod dice;
mod faults;
mod laws;
mod now;
mod outside;
mod world;
mod written;

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};
use world::World;

/// How many things happen in a simulation, unless it is said otherwise.
pub const STEPS: usize = 50;

/// What a simulation saw.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Runs.
    pub runs: usize,
    /// Events of runs.
    pub events: u64,
    /// Occurrences of triggers.
    pub occurrences: usize,
    /// Crashes of a node.
    pub crashes: u64,
    /// Calls of the store that failed.
    pub faults: u64,
    /// How often all laws were held against the store.
    pub looks: u64,
}

/// A law that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The seed.
    pub seed: u64,
    /// How many things had been let happen.
    pub steps: usize,
    /// Which law, and how.
    pub law: String,
    /// What happened before, latest last.
    pub trace: Vec<String>,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}: {}", self.seed, self.law)?;
        let from = self.trace.len().saturating_sub(30);
        for line in self.trace.iter().skip(from) {
            writeln!(f, "  {line}")?;
        }
        write!(f, "replay: cargo xtask sim --seed {} --steps {}", self.seed, self.steps)
    }
}

impl std::error::Error for Broken {}

/// Simulates what this seed brings, with so many things that happen.
pub fn simulate(seed: u64, steps: usize) -> Result<Seen, Box<Broken>> {
    let broken = |law: String, trace: Vec<String>| Box::new(Broken { seed, steps, law, trace });
    let mut world = World::new(seed).map_err(|law| broken(law, Vec::new()))?;
    // A panic is a broken law like any other, with its seed and what came before.
    let lived = catch_unwind(AssertUnwindSafe(|| live(&mut world, steps)));
    match lived.unwrap_or_else(|_panic| Err("it panicked".to_owned())) {
        Ok(()) => Ok(Seen {
            runs: world.laws.runs.len(),
            events: world.laws.runs.values().map(|run| run.state.n_events).sum(),
            occurrences: world.laws.occurrences.len(),
            crashes: world.n_crashes,
            faults: world.n_faults,
            looks: world.laws.n_looks,
        }),
        Err(law) => Err(broken(law, world.trace)),
    }
}

fn live(world: &mut World, steps: usize) -> Result<(), String> {
    for _ in 0..steps {
        world.act();
        if world.dice.permille(400) {
            world.time();
        }
        let polls = match world.n_tasks() {
            0..4 => world.dice.below(40),
            _ => 60 + world.dice.below(120),
        };
        for _ in 0..polls {
            world.go_on()?;
        }
    }
    world.finish()
}

#[cfg(test)]
mod tests;
