//! The page: what it came to first, then why, what would ship, and the evidence.

use maud::{Markup, html};

use super::document::document;
use super::{candidates, curve, deltas, gates, heat_map, parallel, shipping, stress, timeline, transfer, windows};
use crate::report::escape::Text;
use crate::report::view::{Gate, Page, Pass, Trust};

/// Reasons that are given in the banner; the table has all of them.
const REASONS: usize = 6;
/// Rounds or windows whose search is drawn.
const PASSES: usize = 8;
/// Lines about what was verified, and notes.
const LINES: usize = 50;

/// What the page may say at the top.
enum Banner {
    Pass,
    /// It says PASS, and nothing proves it.
    Unproven,
    Fail,
    /// Its own gates hold, and the committed files do not accept it.
    Refused,
    Damaged,
    /// There is no verdict to show.
    Record,
}

impl Page {
    /// The page as HTML.
    pub fn html(&self) -> String {
        let body = html! {
            (self.head())
            div.columns {
                (shipping::shipping(self, self.banner().shipping()))
                (candidates::candidates(self))
            }
            (gates::gates(self))
            (windows::windows(self))
            (self.pictures())
            (deltas::gold(self))
            (self.verified())
            (lines("Notes", &self.notes))
            (self.facts())
        };
        document(&html! { (self.title()) ": " (self.banner().word()) }, &body)
    }

    fn title(&self) -> &Text {
        if self.name.as_str().is_empty() { &self.kind } else { &self.name }
    }

    fn banner(&self) -> Banner {
        match (self.trust, &self.verdict) {
            _ if self.contradicts_itself() => Banner::Damaged,
            (Trust::Damaged, _) => Banner::Damaged,
            (_, None) => Banner::Record,
            _ if self.claims_a_pass() && self.refusal.is_some() => Banner::Refused,
            (Trust::Proven, _) if self.claims_a_pass() => Banner::Pass,
            _ if self.claims_a_pass() => Banner::Unproven,
            _ => Banner::Fail,
        }
    }

    fn head(&self) -> Markup {
        let banner = self.banner();
        let failed: Vec<&Gate> = self.failed_gates().collect();
        let says = self.verdict.as_ref().map(Text::as_str).unwrap_or("no verdict");
        html! {
            header class=(banner.class()) {
                p.verdict { (banner.word()) }
                h1 { (self.title()) }
                @match banner {
                    Banner::Pass => p { (self.counts()) " The result was made once more from its trail, and is the same." },
                    Banner::Unproven => p { "The file says PASS. " (self.counts())
                        " No record beside it proves it: see what was verified, below." },
                    Banner::Fail => (reasons(&failed, says)),
                    Banner::Refused => p { "The gates of the run itself: " (self.counts()) },
                    Banner::Damaged => p { "The file says " b { (Text::new(says)) } ", and cannot be trusted: see what was verified, below." },
                    Banner::Record => p { "A record of evaluations. It has no verdict." },
                }
                (self.refusals())
                @if !matches!(banner, Banner::Damaged) { (self.grounds()) }
            }
        }
    }

    fn refusals(&self) -> Markup {
        html! {
            @if let Some(refusal) = &self.refusal {
                p.refused { "Not accepted when it was tested, by the files that are committed: " (refusal.verdict) }
                ul.reasons { @for (case, reason) in &refusal.cases { li { b { (case) } ": " (reason) } } }
            }
        }
    }

    fn counts(&self) -> Markup {
        let with = |status: &str| self.gates.iter().filter(|gate| gate.status.as_str() == status).count();
        let (passed, skipped, shown) = (with("PASS"), with("SKIP"), with("ADVISORY"));
        html! {
            (passed) @if passed == 1 { " gate" } @else { " gates" } " passed"
            @if skipped > 0 { ", " (skipped) " not applicable" }
            @if shown > 0 { ", " (shown) " shown without deciding" } "."
        }
    }

    /// What the verdict rests on, whatever it is, and what was not asked.
    fn grounds(&self) -> Markup {
        html! {
            @for (place, known) in self.rests_on.iter().enumerate() {
                p.grounds { @if place == 0 { "It rests on " } @else { "and on " } b { (known) } @if let Some(words) = ground(known) { ": " (words) } "." }
            }
            @if !self.without.is_empty() {
                p.note { "Not asked, because it does not apply: "
                    @for (place, known) in self.without.iter().enumerate() { @if place > 0 { ", " } (known) } "." }
            }
        }
    }

    fn pictures(&self) -> Markup {
        let search = |pass: &Pass| match pass.axes.len() {
            0 => html! {},
            1 => curve::curve(pass),
            2 => heat_map::heat_map(pass),
            _ => parallel::parallel(pass),
        };
        html! {
            section {
                h2 { "Evidence" }
                div.pictures {
                    (transfer::transfer(&self.pairs))
                    (deltas::slices(&self.levels))
                    (stress::stress(&self.stress))
                    (timeline::timeline(&self.record, self.not_applicable))
                    @for pass in self.passes.iter().take(PASSES) { (search(pass)) }
                }
                @if self.passes.len() > PASSES { p.note { (self.passes.len() - PASSES) " more " @if self.walks { "windows" } @else { "rounds" } " are not drawn" } }
            }
        }
    }

    fn verified(&self) -> Markup {
        let (class, word) = match self.trust {
            Trust::Proven => ("pass", "The result follows from the record of every evaluation."),
            Trust::Claimed => ("advisory", "Nothing speaks against the file. Nothing but the file speaks for it."),
            Trust::Damaged => ("fail", "The file, or the record beside it, is damaged or contradicts itself."),
        };
        html! {
            section class=(class) {
                h2 { "What was verified" }
                p { b { (word) } }
                ul { @for line in self.checks.iter().take(LINES) { li { (line) } } }
                @if self.checks.len() > LINES { p.note { "and " (self.checks.len() - LINES) " more" } }
            }
        }
    }

    fn facts(&self) -> Markup {
        html! {
            footer { dl {
                dt { "Kind" } dd { (self.kind) }
                @for (label, text) in &self.identity { dt { (label) } dd { (text) } }
            } }
        }
    }
}

impl Banner {
    const fn word(&self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Unproven => "UNPROVEN",
            Self::Fail => "FAIL",
            Self::Refused => "NOT ACCEPTED",
            Self::Damaged => "DAMAGED",
            Self::Record => "RECORD",
        }
    }

    const fn class(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Unproven => "advisory",
            Self::Fail | Self::Refused | Self::Damaged => "fail",
            Self::Record => "skip",
        }
    }

    const fn shipping(&self) -> &'static str {
        match self {
            Self::Pass => "What ships",
            Self::Unproven => "What would ship",
            Self::Fail | Self::Refused => "Must not ship",
            Self::Damaged => "What the file says was selected",
            Self::Record => "Selected",
        }
    }
}

/// What a ground of a verdict means.
fn ground(known: &Text) -> Option<&'static str> {
    let words = [
        ("blocks", "the gain of the winner itself, over that many separate parts of data that the search did not see"),
        ("windows", "the winners of that many windows, each on the data that follows its own"),
        ("null", "as many runs on data without skill, whose winners it is held against"),
        ("approximate", "random surfaces as smooth as the test values; blocks or a null version would say more"),
    ];
    words.into_iter().find(|(word, _)| known.as_str().starts_with(word)).map(|(_, meaning)| meaning)
}

/// Why it failed, a line for each gate.
fn reasons(failed: &[&Gate], says: &str) -> Markup {
    let first = failed.iter().take(REASONS);
    html! {
        @if failed.is_empty() { p { (Text::new(says)) } }
        ul.reasons {
            @for gate in first {
                li {
                    b { (gate.name) } ": "
                    @let missed = gate.measures.iter().filter(|measure| !measure.ok).collect::<Vec<_>>();
                    @if missed.is_empty() { (gate.message) }
                    @for (index, measure) in missed.iter().enumerate() {
                        @if index > 0 { "; " }
                        (measure.metric) " " b { (measure.measured) }
                        @if !measure.required.as_str().is_empty() { ", required " (measure.required) }
                    }
                    "."
                    @if let Some(cause) = &gate.cause { " " (cause) }
                }
            }
        }
        @if failed.len() > REASONS { p { "and " (failed.len() - REASONS) " more gates" } }
    }
}

fn lines(heading: &str, texts: &[Text]) -> Markup {
    html! {
        @if !texts.is_empty() {
            section {
                h2 { (heading) }
                ul { @for text in texts.iter().take(LINES) { li { (text) } } }
                @if texts.len() > LINES { p.note { "and " (texts.len() - LINES) " more" } }
            }
        }
    }
}
