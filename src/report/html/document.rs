//! What is around every page: one file without a script, readable on a phone, light and dark.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::style;

/// A page of this title and content; the same bytes for the same.
pub(super) fn document(title: &Markup, content: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content={ "default-src 'none'; style-src '" (style::HASH) "'" };
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(style::CSS)) }
            }
            body { main { (content) } }
        }
    };
    page.into_string() + "\n"
}
