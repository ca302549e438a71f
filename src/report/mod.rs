//! Artifacts shown to people. Nothing here computes; everything comes from the artifacts themselves.

#[cfg(feature = "benchmark")]
mod benchmark;
#[cfg(feature = "harness")]
mod color;
#[cfg(feature = "benchmark")]
mod demo;
#[cfg(feature = "subcommand")]
mod diff;
#[cfg(feature = "committed")]
mod differences;
mod escape;
mod failure;
mod gain;
#[cfg(feature = "subcommand")]
mod github;
#[cfg(feature = "committed")]
mod gold;
#[cfg(feature = "html")]
mod html;
#[cfg(feature = "junit")]
mod junit;
#[cfg(feature = "subcommand")]
mod markdown;
mod measure;
#[cfg(all(feature = "benchmark", feature = "python"))]
mod peer_benchmark;
mod plain;
#[cfg(feature = "subcommand")]
mod scores;
mod selected;
#[cfg(feature = "subcommand")]
mod study;
mod table;
#[cfg(feature = "subcommand")]
mod tried;
mod under_way;
mod view;
mod wrapped;

#[cfg(feature = "benchmark")]
pub use benchmark::benchmark;
#[cfg(feature = "harness")]
pub use color::colored;
#[cfg(feature = "benchmark")]
pub use demo::demo;
#[cfg(feature = "subcommand")]
pub use diff::{diff_markdown, diff_text};
#[cfg(feature = "committed")]
pub use differences::{declaration_page, differences_line, differences_table};
pub use escape::{escaped, escaped_line};
pub use failure::{failure_text, measures_line};
pub use gain::gain_line;
#[cfg(feature = "subcommand")]
pub use github::{annotations, guarded, step_outputs};
#[cfg(feature = "committed")]
pub use gold::{gold_diff, gold_line, gold_table, provenance_line, unified};
#[cfg(all(feature = "html", feature = "subcommand"))]
pub use html::{ScorePage, recheck_page};
#[cfg(feature = "junit")]
pub use junit::junit;
#[cfg(feature = "subcommand")]
pub use markdown::step_summary;
pub use measure::{measured, required};
#[cfg(all(feature = "benchmark", feature = "python"))]
pub use peer_benchmark::peer_benchmark;
pub use plain::scorecard;
#[cfg(feature = "subcommand")]
pub use scores::{NOT_THE_WINNER, rank_verdict, rank_words, score_verdict};
pub use selected::{selected_changes, selected_levels, selected_line, selected_place};
#[cfg(feature = "subcommand")]
pub use study::study_text;
pub use table::table;
#[cfg(feature = "subcommand")]
pub use tried::{tried_evaluations, tried_findings};
pub use under_way::{span, under_way_line, under_way_text};
#[cfg(feature = "subcommand")]
pub use view::StudyPage;
pub use view::{Page, Trust, proposes};
pub use wrapped::wrapped;
