//! What is read of an epoch of freqtrade's hyperopt.

use omega_lock::internals::artifacts::Ordered;
use omega_lock::internals::number::strict_json;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::loose::{Loose, Real};
use super::period::Period;

/// An epoch, without the hundred figures that nobody asks for.
#[derive(Debug, Deserialize)]
pub(crate) struct Epoch {
    pub(crate) loss: Real,
    pub(crate) params_dict: Ordered<Loose>,
    pub(crate) results_metrics: Metrics,
    pub(crate) current_epoch: u64,
    pub(crate) fthypt_fileversion: i64,
    is_best: Option<bool>,
    is_initial_point: Option<bool>,
    is_random: Option<bool>,
}

/// Figures of an epoch.
#[derive(Debug, Deserialize)]
pub(crate) struct Metrics {
    pub(crate) profit_total: Option<Real>,
    #[serde(default)]
    trades: Vec<Trade>,
    total_trades: Option<u64>,
    starting_balance: Option<Real>,
    backtest_start_ts: Option<i64>,
    backtest_end_ts: Option<i64>,
    cagr: Option<Real>,
    calmar: Option<Real>,
    expectancy: Option<Real>,
    max_drawdown_account: Option<Real>,
    profit_factor: Option<Real>,
    sharpe: Option<Real>,
    sortino: Option<Real>,
    sqn: Option<Real>,
    winrate: Option<Real>,
}

#[derive(Debug, Deserialize)]
struct Trade {
    close_timestamp: Option<i64>,
    profit_abs: Option<Real>,
}

impl Epoch {
    /// What is noted beside scores and parameters; the figures keep freqtrade's names.
    pub(crate) fn attributes(&self) -> Map<String, Value> {
        let metrics = &self.results_metrics;
        let flags =
            [("is_best", self.is_best), ("is_initial_point", self.is_initial_point), ("is_random", self.is_random)];
        let figures = [
            ("cagr", metrics.cagr),
            ("calmar", metrics.calmar),
            ("expectancy", metrics.expectancy),
            ("max_drawdown_account", metrics.max_drawdown_account),
            ("profit_factor", metrics.profit_factor),
            ("sharpe", metrics.sharpe),
            ("sortino", metrics.sortino),
            ("sqn", metrics.sqn),
            ("winrate", metrics.winrate),
        ];
        let flags = flags.into_iter().filter_map(|(name, flag)| Some((name.to_owned(), flag?.into())));
        let figures = figures.into_iter().filter_map(|(name, figure)| Some((name.to_owned(), strict_json(figure?.0))));
        let trades = metrics.total_trades.map(|count| ("total_trades".to_owned(), count.into()));
        flags.chain(figures).chain(trades).collect()
    }
}

impl Metrics {
    /// From when to when it was tested.
    pub(crate) fn period(&self) -> Option<Period> {
        Period::new(self.backtest_start_ts?, self.backtest_end_ts?)
    }

    /// What the trades that were closed in each block gained, as shares of the money at the start: their sum is
    /// `profit_total`. A block without trades gained nothing.
    pub(crate) fn blocks(&self, period: &Period) -> Result<Vec<f64>, &'static str> {
        let start = self.starting_balance.map(|balance| balance.0).filter(|balance| *balance > 0.0);
        let start = start.ok_or("the epoch does not say with how much money it began")?;
        if self.total_trades.is_some_and(|count| count != self.trades.len() as u64) {
            return Err("the epoch does not list all of its trades");
        }
        let mut blocks = vec![0.0; period.blocks()];
        for trade in &self.trades {
            let closed = trade.close_timestamp.ok_or("a trade does not say when it was closed")?;
            let gained =
                trade.profit_abs.filter(|gained| gained.0.is_finite()).ok_or("a trade does not say what it gained")?;
            let block = period.block(closed).ok_or("a trade was closed outside of the period that was tested")?;
            blocks[block] += gained.0 / start;
        }
        Ok(blocks)
    }
}
