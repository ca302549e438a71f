//! SC-2: a search that random draws equal is not worth its structure. Advisory.

use super::{Applies, Digits, Gate, GateId, GateReport, GateStatus, Measure};
use crate::number::{Op, fixed};
use crate::stats;

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "sc2",
    peer_name: "SC-2",
    asks: "Is the search better than as many random draws?",
    fails: "never: it shows how the search compares with random draws",
    advice: "If random draws do as well, use them: they are simpler to judge.",
    causes: &[],
    keys: &["sc2"],
    at_the_end: false,
    applies: |asked| match asked.study {
        true => Applies::Skip("of a study a part is evaluated again, which no random draws compare with"),
        false => Applies::unless(asked.random_draws, "not asked for: `sc2.run = true` compares with random draws"),
    },
};

/// How much better than random draws the search has to be to count as better.
const RATIO: f64 = 1.5;

/// The best quarter of the search beside the best quarter of as many random draws.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SearchComparison {
    /// Mean of the best quarter of the search.
    pub search_top_quartile: f64,
    /// Mean of the best quarter of the random draws.
    pub random_top_quartile: f64,
    /// Their ratio, which only means something for fitness that is never negative.
    pub ratio: f64,
    /// Whether the ratio is at least 1.5.
    pub better: bool,
}

impl SearchComparison {
    /// Compares two sets of fitness; `None` if either is empty.
    pub fn of(search: &[f64], random: &[f64]) -> Option<Self> {
        let (search, random) = (stats::top_quartile_mean(search)?, stats::top_quartile_mean(random)?);
        let ratio = if random != 0.0 {
            search / random
        } else if search > 0.0 {
            f64::INFINITY
        } else if search < 0.0 {
            f64::NEG_INFINITY
        } else {
            0.0
        };
        Some(Self { search_top_quartile: search, random_top_quartile: random, ratio, better: ratio >= RATIO })
    }

    /// Whether a negative quarter makes the ratio meaningless.
    pub fn is_unstable(&self) -> bool {
        self.search_top_quartile < 0.0 || self.random_top_quartile < 0.0
    }
}

/// Words the comparison; never fails. There is none if no candidate or no draw could be evaluated.
pub fn judge_sc2(comparison: Option<SearchComparison>) -> GateReport {
    let Some(comparison) = comparison else {
        let message = "not comparable: no random draw could be evaluated";
        return GateReport::new(GateId::Sc2, GateStatus::Advisory, message, Vec::new());
    };
    let remark = if comparison.better {
        "grid beats random >=1.5x"
    } else {
        "grid does NOT beat random >=1.5x — consider switching search method"
    };
    let message = format!(
        "grid_top_q={} random_top_q={} ratio={} ({remark})",
        fixed(comparison.search_top_quartile, 3),
        fixed(comparison.random_top_quartile, 3),
        fixed(comparison.ratio, 3),
    );
    let (ratio, ok) = (comparison.ratio, comparison.better);
    let measures = vec![Measure::new("search/random", Some(ratio), Op::AtLeast, RATIO, Digits::Fixed(3), ok)];
    GateReport::new(GateId::Sc2, GateStatus::Advisory, message, measures).on(comparison)
}
