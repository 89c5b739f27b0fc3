//! The pages as people meet them, over the router: what each persona sees, what each form does, and
//! what is refused.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod agents;
mod attachments;
mod audit;
mod browser;
mod channels;
mod editor;
mod entry;
mod first_day;
mod handbook;
mod incidents;
mod live;
mod moves;
mod processes;
mod publish;
mod raci;
mod revisions;
mod runs;
mod scorecard;
mod search;
mod settings;
mod sharing;
mod small;
mod suggestions;
mod team;
mod triggers;
mod twice;
mod work;
