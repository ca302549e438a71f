//! A grid that narrows around its best point, round by round.

use libm::pow;

use super::grid::{Product, clipped};
use super::{Candidate, Search, first_maximum, grid_points_in};
use crate::objective::{ParamError, ParamKind, ParamSpace, ParamSpec, Params, Scale, Value, round_half_even};

/// Several grids in a row, each centred on the best point of the one before and a fraction of its size.
///
/// The first covers the whole range. Afterwards every number's range is `factor` of its last one, centred on the best
/// value of the round just ended and cut off at the parameter's bounds; the range of an int, or of a number that moves in steps,
/// never collapses to one value while it was wider before; a switch keeps both values and a choice all. On a log scale the range narrows in ratios:
/// from `high / low` to its power `factor`.
#[derive(Debug, Clone)]
pub struct ZoomingGridSearch {
    specs: Vec<ParamSpec>,
    names: Vec<String>,
    base: Params,
    points: usize,
    factor: f64,
    rounds_left: usize,
    ranges: Vec<(f64, f64)>,
    product: Product,
    /// The best candidate of the current round.
    best: Option<Candidate>,
}

impl ZoomingGridSearch {
    /// `rounds` grids with `points` values along each unlocked parameter, everything else as in `base`.
    ///
    /// # Errors
    /// If an unlocked name is no parameter.
    pub fn new(
        space: &ParamSpace,
        base: &Params,
        unlocked: &[String],
        points: usize,
        rounds: usize,
        factor: f64,
    ) -> Result<Self, ParamError> {
        let specs = unlocked.iter().map(|name| space.get(name).cloned()).collect::<Result<Vec<_>, _>>()?;
        let ranges: Vec<(f64, f64)> = specs.iter().map(full_range).collect();
        let product = Product::new(base, unlocked, axes(&specs, &ranges, points))?;
        Ok(Self {
            specs,
            names: unlocked.to_vec(),
            base: base.clone(),
            points,
            factor,
            rounds_left: rounds.max(1) - 1,
            ranges,
            product,
            best: None,
        })
    }

    /// How many combinations the first round has; `None` if they cannot be counted.
    pub fn round_size(&self) -> Option<u64> {
        self.product.size()
    }

    fn zoom_in(&mut self, center: &Params) {
        for (spec, range) in self.specs.iter().zip(&mut self.ranges) {
            // A choice has no distance to narrow.
            if let Some(value) = center.get(&spec.name).and_then(Value::as_f64) {
                *range = narrowed(spec, *range, value, self.factor);
            }
        }
        // The names were accepted when the search was made.
        if let Ok(product) = Product::new(&self.base, &self.names, axes(&self.specs, &self.ranges, self.points)) {
            self.product = product;
        }
    }
}

impl Search for ZoomingGridSearch {
    fn ask(&mut self, room: usize) -> Vec<Params> {
        let proposals = self.product.take(room);
        if !proposals.is_empty() || self.rounds_left == 0 {
            return proposals;
        }
        self.rounds_left -= 1;
        // A round without a single evaluation has no centre: the next one narrows around the base.
        let center = self.best.take().map_or_else(|| self.base.clone(), |best| best.params);
        self.zoom_in(&center);
        self.product.take(room)
    }

    /// The rest of the grid.
    fn ask_on(&mut self, room: usize) -> Vec<Params> {
        self.product.take(room)
    }

    fn tell(&mut self, candidates: &[Candidate]) {
        let best = first_maximum(self.best.iter().chain(candidates)).cloned();
        self.best = best;
    }
}

fn axes(specs: &[ParamSpec], ranges: &[(f64, f64)], points: usize) -> Vec<Vec<Value>> {
    specs
        .iter()
        .zip(ranges)
        .map(|(spec, &(low, high))| {
            grid_points_in(spec, low, high, points).iter().map(|value| clipped(spec, value)).collect()
        })
        .collect()
}

fn full_range(spec: &ParamSpec) -> (f64, f64) {
    if let Some(steps) = spec.steps() {
        let end = |place| steps.at(place).as_f64().unwrap_or_default();
        return (end(0), end(steps.last()));
    }
    match spec.kind {
        ParamKind::Float { low, high, .. } => (low, high),
        ParamKind::Int { low, high, .. } => (low as f64, high as f64),
        ParamKind::Bool { .. } | ParamKind::Choice { .. } => (0.0, 1.0),
    }
}

fn narrowed(spec: &ParamSpec, (low, high): (f64, f64), center: f64, factor: f64) -> (f64, f64) {
    if let Some(steps) = spec.steps() {
        // Their places are whole numbers, which narrow like any.
        let place = |value: f64| steps.nearest(value) as f64;
        let places = ParamSpec::int("", 0..=i64::try_from(steps.last()).unwrap_or(i64::MAX), 0);
        let (from, to) = narrowed(&places, (place(low), place(high)), place(center), factor);
        let value = |place: f64| steps.at(place as u64).as_f64().unwrap_or_default();
        return (value(from), value(to));
    }
    let (floor, ceiling) = full_range(spec);
    let (around_low, around_high) = match spec.scale() {
        Scale::Linear => {
            let half = (high - low) * factor / 2.0;
            (center - half, center + half)
        }
        Scale::Log => {
            let half = pow(high / low, factor / 2.0);
            (center / half, center * half)
        }
    };
    let (new_low, new_high) = (floor.max(around_low), ceiling.min(around_high));
    match spec.kind {
        ParamKind::Float { .. } => (new_low, new_high),
        ParamKind::Bool { .. } | ParamKind::Choice { .. } => (low, high),
        ParamKind::Int { .. } => {
            let (mut new_low, mut new_high) = (round_half_even(new_low) as f64, round_half_even(new_high) as f64);
            if new_low == new_high && high > low {
                if new_high < ceiling {
                    new_high += 1.0;
                } else if new_low > floor {
                    new_low -= 1.0;
                }
            }
            (new_low, new_high)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::objective::{Evaluation, Feasibility, Outcome};

    /// The values along one axis, round by round, when fitness is the distance to `optimum`.
    fn trace(spec: ParamSpec, factor: f64, optimum: f64) -> Vec<Vec<f64>> {
        let name = spec.name.clone();
        let space = ParamSpace::new().param(spec);
        let mut search =
            ZoomingGridSearch::new(&space, &space.neutral(), std::slice::from_ref(&name), 5, 4, factor).unwrap();
        let mut rounds = Vec::new();
        loop {
            let proposals = search.ask(100);
            if proposals.is_empty() {
                return rounds;
            }
            let values: Vec<f64> =
                proposals.iter().map(|params| params.get(&name).and_then(Value::as_f64).unwrap_or(0.0)).collect();
            let candidates: Vec<Candidate> = proposals
                .into_iter()
                .zip(&values)
                .map(|(params, value)| {
                    let result = Ok(Arc::new(Evaluation::new(-(value - optimum).abs())));
                    let outcome = Outcome { call_index: 0, result, feasibility: Feasibility::new(Vec::new()) };
                    Candidate { index: 0, params, outcome }
                })
                .collect();
            search.tell(&candidates);
            rounds.push(values);
        }
    }

    #[test]
    fn ranges_narrow_as_in_the_reference_trace() {
        // Run with omega-lock 0.3.8 (ZoomingGridSearch, 5 points, 4 rounds).
        let float = trace(ParamSpec::float("x", 0.0..=10.0, 5.0), 0.5, 3.3);
        assert_eq!(float[1], [0.0, 1.25, 2.5, 3.75, 5.0]);
        assert_eq!(float[3], [2.5, 2.8125, 3.125, 3.4375, 3.75]);
        let int = trace(ParamSpec::int("n", 0..=100, 50), 0.5, 37.0);
        assert_eq!(int[2], [26.0, 32.0, 38.0, 44.0, 50.0]);
        assert_eq!(int[3], [32.0, 35.0, 38.0, 41.0, 44.0]);
    }

    #[test]
    fn a_stepped_range_narrows_from_step_to_step() {
        let stepped = trace(ParamSpec::float("x", 0.0..=1.0, 0.5).step(0.1), 0.25, 0.7);
        assert_eq!(stepped, [vec![0.0, 0.2, 0.5, 0.8, 1.0], vec![0.7, 0.8, 0.9], vec![0.7, 0.8], vec![0.7, 0.8]]);
    }

    #[test]
    fn an_int_range_never_collapses_to_one_value() {
        // Run with omega-lock 0.3.8: n in [0, 10], optimum 7, factor 0.25.
        let int = trace(ParamSpec::int("n", 0..=10, 5), 0.25, 7.0);
        assert_eq!(int, [vec![0.0, 2.0, 5.0, 8.0, 10.0], vec![7.0, 8.0, 9.0], vec![7.0, 8.0], vec![7.0, 8.0]]);
    }
}
