//! The public JSON shapes, once: what REST, MCP and the command line give and take.
//!
//! One module per resource. Outputs are made from the views of the application by `From` or a named
//! function; inputs refuse fields they do not know. The comments on types and fields are part of the
//! product: they become the descriptions in the OpenAPI document and in the tools for AI clients.
//!
//! Boundary: nothing here decides, reads a clock or knows a protocol. Times are text in RFC 3339.

pub mod absence;
pub mod agent;
pub mod attachment;
pub mod audit;
pub mod change;
pub mod channel;
pub mod coverage;
pub mod file;
pub mod incident;
pub mod inlet;
pub mod insight;
pub mod measurable;
pub mod moving;
pub mod page;
pub mod problem;
pub mod process;
pub mod proposal;
pub mod raci;
pub mod review;
pub mod revision;
pub mod run;
pub mod search;
pub mod seat;
pub mod sop;
pub mod suggestion;
pub mod time;
pub mod token;
pub mod trigger;
pub mod work;
pub mod workspace;

pub use page::Page;
pub use problem::Problem;
pub use time::Time;
