//! A sample of seeds; each that once broke a law has its own test here.

use crate::{STEPS, simulate};

#[track_caller]
fn check(seeds: impl IntoIterator<Item = u64>) {
    for seed in seeds {
        if let Err(broken) = simulate(seed, STEPS) {
            panic!("{broken}");
        }
    }
}

#[test]
fn the_laws_hold_for_seeds_0_to_49() {
    check(0..50);
}

#[test]
fn the_laws_hold_for_seeds_50_to_99() {
    check(50..100);
}

#[test]
fn the_laws_hold_for_seeds_100_to_149() {
    check(100..150);
}

#[test]
fn the_laws_hold_for_seeds_150_to_199() {
    check(150..200);
}

#[test]
fn the_same_seed_gives_the_same_history() {
    for seed in 0..4 {
        assert_eq!(simulate(seed, STEPS), simulate(seed, STEPS));
    }
}
