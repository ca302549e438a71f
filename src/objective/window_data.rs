//! What the targets of a window say of their data.

/// What the two targets of a window say of their data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WindowData {
    /// The identity of the part that is searched; empty if the target has none.
    pub train: String,
    /// The identity of the part that the winner is tested on.
    pub test: String,
}

/// One name for the data of all windows together; empty if a part of it has none.
pub fn of_all_windows<'d>(identities: impl Iterator<Item = &'d str>) -> String {
    let identities: Vec<&str> = identities.collect();
    if identities.contains(&"") { String::new() } else { format!("{identities:?}") }
}
