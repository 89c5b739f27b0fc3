//! Markdown SOP to Process and back.
