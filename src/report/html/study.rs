//! The page of somebody else's study: what it shows, what it cannot, and the pictures.

use maud::{Markup, html};

use super::chart::{self, BOTTOM, LEFT, RIGHT, TOP};
use super::document::document;
use super::scale::Scale;
use crate::artifacts::{FindingKind, StudyReport, TrialState};
use crate::report::escape::Text;
use crate::report::study::{
    STUDY_NEXT, study_level, study_origin, study_pairs, study_parts, study_score, study_trials, study_verdict,
};
use crate::report::view::{StudyPage, StudyPoint};

/// Parameters that have a picture.
const PICTURES: usize = 12;
/// Parameters of the winner, and things left out, that are listed.
const MOST: usize = 60;
/// Lines about one thing.
const LINES: usize = 50;

impl StudyPage {
    /// The page as HTML. It never says that anything passed.
    pub fn html(&self) -> String {
        let Some(report) = self.report() else { return String::new() };
        let word = report.verdict.to_string();
        let class = if report.answer().is_some() { "advisory" } else { "skip" };
        let name = Text::new(report.source.study.as_deref().unwrap_or(&report.source.file));
        let body = html! {
            header class=(class) {
                p.verdict { (word) }
                h1 { (name) }
                p { (Text::new(study_verdict(report))) }
                p { (study_level(report)) }
            }
            div.columns { (winner(report)) (trials(report)) }
            (findings(report))
            (section("By the second score", &report.paired.as_ref().map(study_pairs).unwrap_or_default()))
            (section("Parts of the optimised score", &report.parts.as_ref().map(study_parts).unwrap_or_default()))
            (self.pictures(report))
            (left_out(report))
            section { h2 { "The way to a verdict" } p { (STUDY_NEXT) } }
            footer { dl {
                dt { "File" } dd { (Text::new(&report.source.file)) }
                dt { "SHA-256" } dd { (Text::new(&report.source.sha256)) }
                dt { "From" } dd { (Text::new(study_origin(report))) }
            } }
        };
        document(&html! { (name) ": " (word) }, &body)
    }

    fn pictures(&self, report: &StudyReport) -> Markup {
        let params = self.params.iter().enumerate().take(PICTURES);
        html! {
            section {
                h2 { "Evidence" }
                div.pictures {
                    (self.over_trials(report))
                    (self.against(report))
                    @for (at, name) in params { (self.over_values(at, name, report)) }
                }
                @if self.params.len() > PICTURES {
                    p.note { "The parameters behind the first " (PICTURES) " are not drawn" "." }
                }
            }
        }
    }

    /// Scores in the order of the file, and the best so far.
    fn over_trials(&self, report: &StudyReport) -> Markup {
        let points = self.trials.items();
        let x = Scale::over(points.iter().map(|point| point.place), LEFT, RIGHT).map(|scale| scale.with_room(0.02));
        let levels = points.iter().map(|point| point.score).chain(self.bests.iter().map(|best| best.1));
        let y = Scale::over(levels, BOTTOM, TOP).map(|scale| scale.with_room(0.05));
        let (Some(x), Some(y)) = (x, y) else { return html! {} };
        let mut stairs: Vec<(f64, f64)> = Vec::new();
        for (place, score) in &self.bests {
            if let Some(&(_, level)) = stairs.last() {
                stairs.push((x.at(*place), level));
            }
            stairs.push((x.at(*place), y.at(*score)));
        }
        if let Some(&(_, level)) = stairs.last() {
            stairs.push((RIGHT, level));
        }
        let of = |eligible: bool| {
            let found = points.iter().filter(move |point| point.eligible == eligible);
            found.map(|point| (x.at(point.place), y.at(point.score)))
        };
        let body = html! {
            (chart::axes(&x, &y, &"trial", &Text::new(&report.score.name).short(40)))
            (chart::dots("accent faint", of(false)))
            (chart::dots("accent", of(true)))
            (chart::line("frontier", &stairs))
        };
        let mut legend = vec![("accent", "complete"), ("best", "best so far")];
        if points.iter().any(|point| !point.eligible) {
            legend.push(("hollow", "faint: violates a constraint"));
        }
        let undrawn = report.trials.not_finite + report.trials.without_score;
        let undrawn = (undrawn > 0).then(|| format!("{undrawn} complete trials have no finite score"));
        let notes: Vec<String> = self.trials.note().into_iter().chain(undrawn).collect();
        let picture = html! { (chart::svg(chart::HEIGHT, "Scores over trials", &body)) (chart::legend(&legend)) };
        chart::figure("Scores over trials", "Every complete trial in the order of the file.", &notes, &picture)
    }

    /// One score against the other.
    fn against(&self, report: &StudyReport) -> Markup {
        let Some(paired) = &report.paired else { return html! {} };
        let pairs = self.pairs.items();
        let x = Scale::over(pairs.iter().map(|pair| pair.0), LEFT, RIGHT).map(|scale| scale.with_room(0.06));
        let y = Scale::over(pairs.iter().map(|pair| pair.1), BOTTOM, TOP).map(|scale| scale.with_room(0.06));
        let (Some(x), Some(y)) = (x, y) else { return html! {} };
        let body = html! {
            (chart::axes(&x, &y, &Text::new(&report.score.name).short(40), &Text::new(&paired.name).short(40)))
            (chart::dots("accent", pairs.iter().map(|pair| (x.at(pair.0), y.at(pair.1)))))
            @if let Some((one, other)) = self.winner { (chart::selected(x.at(one), y.at(other))) }
        };
        let notes: Vec<String> = self.pairs.note().into_iter().collect();
        let picture = html! {
            (chart::svg(chart::HEIGHT, "One score against the other", &body))
            (chart::legend(&[("accent", "trial"), ("selected", "winner")]))
        };
        let meaning = "Both turned so that larger is better. Dots that rise to the right: what is good by one score is good by \
                       the other.";
        chart::figure("One score against the other", meaning, &notes, &picture)
    }

    /// Scores over the values of one parameter.
    fn over_values(&self, at: usize, name: &str, report: &StudyReport) -> Markup {
        let words = self.words.get(at).map_or(&[][..], Vec::as_slice);
        let value_of =
            |point: &StudyPoint| point.params.iter().find(|(known, _)| *known == at).map(|(_, value)| *value);
        let values = || self.trials.items().iter().filter_map(value_of);
        let log =
            words.is_empty() && self.logarithmic.iter().any(|known| known == name) && values().all(|value| value > 0.0);
        let scaled = |value: f64| if log { value.log10() } else { value };
        let x = Scale::over(values().map(scaled), LEFT, RIGHT).map(|scale| scale.with_room(0.04));
        let y = Scale::over(self.trials.items().iter().map(|point| point.score), BOTTOM, TOP);
        let (Some(x), Some(y)) = (x, y.map(|scale| scale.with_room(0.05))) else { return html! {} };
        let of = |eligible: bool| {
            let points = self.trials.items().iter().filter(move |point| point.eligible == eligible);
            points.filter_map(|point| Some((x.at(scaled(value_of(point)?)), y.at(point.score))))
        };
        let mut seen: Vec<f64> = values().collect();
        seen.sort_by(f64::total_cmp);
        seen.dedup();
        if seen.len() < 2 {
            return html! {};
        }
        let short = Text::new(name).short(40);
        let axis = if log { Text::new(format!("log10 of {short}")) } else { short.clone() };
        let body = html! {
            (chart::axes(&x, &y, &axis, &Text::new(&report.score.name).short(40)))
            (chart::dots("accent faint", of(false)))
            (chart::dots("accent", of(true)))
        };
        let listed: Vec<String> =
            words.iter().enumerate().map(|(place, word)| format!("{place}: {}", Text::new(word).short(24))).collect();
        let picture = chart::svg(chart::HEIGHT, "Scores over one parameter", &body);
        html! {
            figure {
                h3 { (short) }
                (picture)
                figcaption { "The score of every complete trial over its value"
                    @if !listed.is_empty() { "; " (listed.join(", ")) } "." }
            }
        }
    }
}

fn winner(report: &StudyReport) -> Markup {
    html! {
        section {
            h2 { "The best of the record" }
            @match &report.winner {
                None => p { "None: no complete trial has a finite score and violates nothing." },
                Some(winner) => {
                    p { "Trial " b { (winner.number) } ": " b { (Text::number(winner.score.0)) }
                        @if let Some(next) = winner.next { "; the next best set of parameters has " (Text::number(next.0)) } "." }
                    ul.params {
                        @for (name, value) in winner.params.0.iter().take(MOST) {
                            li { span.metric { (Text::new(name)) } " " b { (Text::new(value.to_string())) }
                                @if winner.on_edge.contains(name) { " " span.missed { "on the edge" } } }
                        }
                    }
                    @if winner.params.0.len() > MOST { p.note { "and " (winner.params.0.len() - MOST) " more" } }
                }
            }
        }
    }
}

fn trials(report: &StudyReport) -> Markup {
    let most = report.trials.states.0.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
    let of = |state: &TrialState| report.trials.states.0.iter().find(|(name, _)| name.as_str() == state.name());
    html! {
        section {
            h2 { "Trials" }
            p { (Text::new(study_trials(report))) "." }
            svg viewBox={ "0 0 460 " (20 * report.trials.states.0.len() + 4) } role="img" aria-label="Trials by state" {
                @for (place, (name, count)) in TrialState::ALL.iter().filter_map(of).enumerate() {
                    text x="0" y=(20 * place + 15) { (name) }
                    rect.bar.unlocked x="80" y=(20 * place + 4) height="14" width=(super::scale::pixels(300.0 * *count as f64 / most as f64)) {}
                    text.end x="456" y=(20 * place + 15) { (count) }
                }
            }
            p { "Score: " (Text::new(study_score(report))) "." }
            p { (report.sets.distinct) " different sets of parameters, " (report.sets.repeats) " repeats." }
        }
    }
}

fn findings(report: &StudyReport) -> Markup {
    let of = |kind: FindingKind| report.findings.iter().filter(move |finding| finding.kind == kind).take(LINES);
    html! {
        section {
            h2 { "What the record shows" }
            @if report.findings.is_empty() { p { "Nothing beside its counts." } }
            @if of(FindingKind::Against).next().is_some() {
                h3.missed { "Against taking the winner for real" }
                ul { @for finding in of(FindingKind::Against) { li { (Text::new(&finding.text)) } } }
            }
            @if of(FindingKind::Note).next().is_some() {
                h3 { "To be known" }
                ul { @for finding in of(FindingKind::Note) { li { (Text::new(&finding.text)) } } }
            }
        }
    }
}

fn section(heading: &str, texts: &[String]) -> Markup {
    html! {
        @if !texts.is_empty() {
            section { h2 { (heading) } @for text in texts.iter().take(LINES) { p { (Text::new(text)) } } }
        }
    }
}

fn left_out(report: &StudyReport) -> Markup {
    html! {
        @if !report.left_out.is_empty() {
            section {
                h2 { "What the file has and is not looked at" }
                ul { @for left in report.left_out.iter().take(MOST) {
                    li { (Text::new(left.to_string())) }
                } }
            }
        }
    }
}
