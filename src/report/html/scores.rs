//! The page of two lists of scores: what was said of them, and one against the other.

use maud::{Markup, html};

use super::chart::{self, BOTTOM, LEFT, RIGHT, TOP};
use super::document::document;
use super::scale::Scale;
use crate::gates::{RankVerdict, ScoreVerdict};
use crate::number::{fixed, repr};
use crate::report::escape::Text;
use crate::report::scores::{NOT_THE_WINNER, rank_figures, rank_words};

/// Pairs that are drawn.
const MOST: usize = 2000;

/// What a page of two lists of scores shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ScorePage {
    word: &'static str,
    class: &'static str,
    heading: &'static str,
    figures: Vec<(Text, Text)>,
    notes: Vec<Text>,
    blocks: Vec<f64>,
    pairs: Vec<(f64, f64)>,
    held: (Text, Text),
}

impl ScorePage {
    /// The page of a verdict over ranks. `pairs` are train against the other score, or the mean of its blocks.
    #[must_use]
    pub fn of_ranks(verdict: &RankVerdict, pairs: Vec<(f64, f64)>, held: (&str, &str)) -> Self {
        let figures = rank_figures(verdict).into_iter().map(|(name, figure)| (Text::new(name), Text::new(figure)));
        let notes = verdict.notes.iter().map(Text::new).chain([Text::new(NOT_THE_WINNER)]);
        Self {
            word: rank_words(verdict),
            class: if verdict.agree { "skip" } else { "advisory" },
            heading: "Do the ranks of candidates on train agree with those on other data?",
            figures: figures.collect(),
            notes: notes.collect(),
            blocks: verdict.blocks.clone(),
            pairs,
            held: (Text::new(held.0), Text::new(held.1)),
        }
    }

    /// The page of KC-4's verdict, by the numbers of the Python package.
    #[must_use]
    pub fn of_kc4(verdict: &ScoreVerdict, minimum: f64, pairs: Vec<(f64, f64)>, held: (&str, &str)) -> Self {
        let pearson = verdict.pearson.map_or_else(|| "n/a".to_owned(), |value| fixed(value, 3));
        let figure = |name: &str, figure: String| (Text::new(name), Text::new(figure));
        Self {
            word: if verdict.passed { "PASS" } else { "FAIL" },
            class: if verdict.passed { "pass" } else { "fail" },
            heading: "KC-4 of the Python package: the correlation of train and holdout, without a test of chance",
            figures: vec![
                figure("pearson", format!("{pearson}, required at least {}", repr(minimum))),
                figure("scores", pairs.len().to_string()),
            ],
            notes: verdict.reasons.iter().map(Text::new).collect(),
            blocks: Vec::new(),
            pairs,
            held: (Text::new(held.0), Text::new(held.1)),
        }
    }

    /// The page as HTML: one file without a script, and the same bytes for the same scores.
    #[must_use]
    pub fn html(&self) -> String {
        let body = html! {
            header class=(self.class) { p.verdict { (self.word) } h1 { (self.heading) } }
            section {
                h2 { "Figures" }
                dl {
                    @for (name, figure) in &self.figures { dt { (name) } dd { (figure) } }
                    dt { "train" } dd { (self.held.0) }
                    dt { "holdout" } dd { (self.held.1) }
                }
            }
            @if !self.notes.is_empty() {
                section { h2 { "What has to be known" } ul { @for note in &self.notes { li { (note) } } } }
            }
            section { h2 { "Evidence" } div.pictures { (self.against()) (self.by_block()) } }
        };
        document(&html! { "two lists of scores: " (self.word) }, &body)
    }

    fn against(&self) -> Markup {
        let finite: Vec<&(f64, f64)> =
            self.pairs.iter().filter(|(train, other)| train.is_finite() && other.is_finite()).collect();
        let x = Scale::over(finite.iter().map(|pair| pair.0), LEFT, RIGHT).map(|scale| scale.with_room(0.06));
        let y = Scale::over(finite.iter().map(|pair| pair.1), BOTTOM, TOP).map(|scale| scale.with_room(0.06));
        let (Some(x), Some(y)) = (x, y) else { return html! {} };
        let step = finite.len().div_ceil(MOST).max(1);
        let places = finite.iter().step_by(step).map(|(train, other)| (x.at(*train), y.at(*other)));
        let other = if self.blocks.is_empty() { "score on other data" } else { "mean of the blocks of other data" };
        let body = html! { (chart::axes(&x, &y, &"score on train", &other)) (chart::dots("accent", places)) };
        let drawn = finite.len().div_ceil(step);
        let notes = (drawn < self.pairs.len()).then(|| format!("{drawn} of {} pairs are drawn", self.pairs.len()));
        chart::figure(
            "One score against the other",
            "Dots that rise to the right: what is good on train is good on the other data.",
            &notes.into_iter().collect::<Vec<String>>(),
            &chart::svg(chart::HEIGHT, "Score on train against score on other data", &body),
        )
    }

    fn by_block(&self) -> Markup {
        if self.blocks.is_empty() {
            return html! {};
        }
        let count = self.blocks.len() as f64;
        let x = Scale::over([0.5, count + 0.5].into_iter(), LEFT, RIGHT);
        let y = Scale::over([-1.0, 1.0].into_iter(), BOTTOM, TOP);
        let (Some(x), Some(y)) = (x, y) else { return html! {} };
        let step = self.blocks.len().div_ceil(MOST).max(1);
        let places = self.blocks.iter().enumerate().step_by(step).map(|(at, rho)| (x.at(at as f64 + 1.0), y.at(*rho)));
        let body = html! { (chart::axes(&x, &y, &"block of other data", &"correlation of ranks")) (chart::dots("accent", places)) };
        chart::figure(
            "Block by block",
            "Each dot is new data. Dots above 0 in nearly all blocks: it was not one lucky stretch.",
            &[],
            &chart::svg(chart::HEIGHT, "Correlation of ranks in each block", &body),
        )
    }
}
