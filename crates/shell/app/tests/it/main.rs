//! What people and agents do with Gemba, told through the application's own functions.

mod answers;
mod people;
mod schedules;
mod the_cycle;
