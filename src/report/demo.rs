//! What `cargo omega demo` tells: a winner that was luck, one that was not, and a bar that somebody lowered.

use std::fmt::Write;

use super::differences::differences_table;
use crate::benchmark::{CaseStudy, Level};
use crate::declaration::{Declaration, Field, differences};
use crate::gates::{GateReport, Measure, Reading};
use crate::number::fixed;
use crate::pipeline::RunConfig;

/// The case study as one page; the same study gives the same bytes.
pub fn demo(study: &CaseStudy) -> String {
    let mut page = String::new();
    // Writing to a String cannot fail.
    let _ = write_luck(&mut page, study)
        .and_then(|()| write_winner(&mut page, study))
        .and_then(|()| write_lowered(&mut page, study));
    page
}

fn write_luck(page: &mut String, study: &CaseStudy) -> std::fmt::Result {
    let candidates = study.outcome.passes.iter().map(|pass| pass.candidates.len()).sum::<usize>();
    writeln!(page, "1. A WINNER THAT WAS LUCK\n")?;
    writeln!(page, "   Somebody tunes an amplifier: its gain and its bias. The best settings are gain 3 and bias 0,")?;
    writeln!(page, "   worth about 5. Above gain 6 the part is not rated: there its score is mostly noise.")?;
    writeln!(
        page,
        "   A search tries {candidates} settings on one slice of the data, called train, and takes the best."
    )?;
    writeln!(page, "   Two other slices, which it did not see, show what that one is worth:\n")?;
    write_level(page, "the best of all", &study.naive)?;
    writeln!(page)?;
    writeln!(page, "   A rule was declared before the search: what is good on train has to be good on test.")?;
    writeln!(
        page,
        "   Over the ten best on train, the two scores have to correlate by {} at least.\n",
        bar(&study.config)
    )?;
    write_rule(page, study, &study.transfer)?;
    writeln!(page, "   the verdict   {}", study.outcome.verdict)?;
    writeln!(page)
}

fn write_winner(page: &mut String, study: &CaseStudy) -> std::fmt::Result {
    writeln!(page, "2. A WINNER THAT WAS NOT\n")?;
    writeln!(
        page,
        "   The same search, and one rule more: the amplifier stays within its rating. {} settings do.\n",
        study.feasible_candidates
    )?;
    write_level(page, "the best of these", &study.feasible)?;
    writeln!(page)?;
    writeln!(page, "   It scored less on train, and it keeps what it scored.\n")?;
    write_rule(page, study, &study.feasible_transfer)?;
    writeln!(page)
}

fn write_lowered(page: &mut String, study: &CaseStudy) -> std::fmt::Result {
    writeln!(page, "3. A BAR THAT SOMEBODY LOWERED\n")?;
    writeln!(
        page,
        "   Somebody wants the first winner, and asks for {} instead. Now luck passes:\n",
        bar(&study.lowered)
    )?;
    writeln!(page, "   the verdict   {}\n", study.lowered_outcome.verdict)?;
    writeln!(page, "   But the rules that were accepted stand in a committed file, omega.lock. The test case")?;
    writeln!(page, "   `declaration` compares, and fails:\n")?;
    let [locked, declared] = [&study.config, &study.lowered].map(|config| fields(study, config));
    for line in differences_table(&differences(&locked, &declared), "locked", "declared") {
        writeln!(page, "   {line}")?;
    }
    writeln!(page)?;
    writeln!(page, "   Somebody may rewrite omega.lock too. Then `cargo omega test --against main` fails the pull")?;
    writeln!(page, "   request, until somebody else approves that very change.\n")?;
    writeln!(page, "Next: `cargo omega init` writes a calibration into a crate of yours, `cargo omega test` judges it.")
}

/// A candidate on every slice, below the names of these.
fn write_level(page: &mut String, name: &str, level: &Level) -> std::fmt::Result {
    let [train, test, holdout] = [level.train, level.test, level.holdout].map(|fitness| fixed(fitness, 3));
    let change = fixed(level.change_percent(), 1);
    let sign = if level.change_percent() < 0.0 { "" } else { "+" };
    let of = |key| level.params.get(key).map_or_else(String::new, ToString::to_string);
    let (gain, bias) = (of("gain"), of("bias"));
    writeln!(page, "                        gain     bias    train     test  holdout   change")?;
    let change = format!("{sign}{change}%");
    writeln!(page, "   {name:<18} {gain:>6}  {bias:>7}  {train:>7}  {test:>7}  {holdout:>7}  {change:>7}")
}

/// What the rule measured.
fn write_rule(page: &mut String, study: &CaseStudy, report: &GateReport) -> std::fmt::Result {
    let number = |measure: &Measure| match measure.measured {
        Some(Reading::Number(correlation)) => Some(fixed(correlation, 3)),
        _ => None,
    };
    let measured = report.measures.iter().find_map(number).unwrap_or_default();
    writeln!(page, "   the rule      {}: the correlation is {measured}, required {}", report.status, bar(&study.config))
}

/// The smallest correlation that passes.
fn bar(config: &RunConfig) -> String {
    config.thresholds.pearson_min.to_string()
}

fn fields(study: &CaseStudy, config: &RunConfig) -> Vec<Field> {
    Declaration::new("amplifier", config.clone(), study.space.clone()).fields()
}
