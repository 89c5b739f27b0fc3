//! Models as processes.

/// How the lane is called whose steps are nobody's.
pub(crate) const UNASSIGNED: &str = "Unassigned";
