//! Icons: decoration beside words, absent without harm when the front end was not built.

use crate::assets;
use maud::{Markup, html};

macro_rules! icons {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// One icon of the sprite.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Icon { $($(#[$doc])* $variant,)* }

        impl Icon {
            /// Every icon, in the order of the sprite.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its name in the sprite.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

icons! {
    /// Work to do.
    Work = "list-todo",
    /// A process.
    Process = "workflow",
    /// A run.
    Run = "play",
    /// The team.
    Team = "users",
    /// Measurables.
    Scorecard = "chart-line",
    /// The audit.
    Audit = "shield-check",
    /// Settings.
    Settings = "settings",
    /// More entries.
    Menu = "menu",
    /// Searching.
    Search = "search",
    /// Something new.
    Plus = "plus",
    /// Done.
    Check = "check",
    /// Closing.
    Close = "x",
    /// Onwards in a list.
    Right = "chevron-right",
    /// Opening downwards.
    Down = "chevron-down",
    /// Going on.
    Arrow = "arrow-right",
    /// A time.
    Clock = "clock",
    /// A date.
    Calendar = "calendar",
    /// Copying.
    Copy = "copy",
    /// Editing.
    Edit = "pencil",
    /// Deleting.
    Delete = "trash-2",
    /// A warning.
    Warning = "triangle-alert",
    /// A fault.
    Fault = "circle-alert",
    /// Something to know.
    Info = "info",
    /// A document.
    Document = "file-text",
    /// What was before.
    History = "history",
    /// A link.
    Link = "link",
    /// Leaving.
    SignOut = "log-out",
    /// The light theme.
    Sun = "sun",
    /// The dark theme.
    Moon = "moon",
    /// The theme of the system.
    Screen = "monitor",
}

/// The icon at 16 pixels.
pub fn icon(icon: Icon) -> Markup {
    sized(icon, "icon")
}

/// The icon at 20 pixels.
pub fn large_icon(icon: Icon) -> Markup {
    sized(icon, "icon large")
}

fn sized(icon: Icon, class: &str) -> Markup {
    html! {
        @if let Some(sprite) = assets::address("icons.svg") {
            svg class=(class) viewBox="0 0 24 24" aria-hidden="true" focusable="false" {
                use href={ (sprite) "#" (icon.name()) } {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sprite_is_built_from_the_same_list() {
        let built: Vec<String> =
            serde_json::from_str(include_str!("../../front/icons.json")).unwrap();
        let named: Vec<_> = Icon::ALL.iter().map(|icon| icon.name()).collect();
        assert_eq!(built, named);
    }
}
