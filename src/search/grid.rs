//! Every combination of evenly spaced values.

use super::{Candidate, Search, grid_points};
use crate::objective::{ParamError, ParamSpace, Params, Value};

/// The cartesian product of the unlocked parameters' axes; the last axis moves fastest.
///
/// Combinations are counted, not stored: memory does not grow with their number. Without an unlocked parameter there is
/// one combination, the base itself.
#[derive(Debug, Clone)]
pub struct GridSearch {
    product: Product,
}

impl GridSearch {
    /// A grid with `points` values along each unlocked parameter, everything else as in `base`.
    ///
    /// # Errors
    /// If an unlocked name is no parameter.
    pub fn new(space: &ParamSpace, base: &Params, unlocked: &[String], points: usize) -> Result<Self, ParamError> {
        let axis = |name: &String| {
            let spec = space.get(name)?;
            // A point computed from both ends can miss the upper one by a rounding error.
            Ok(grid_points(spec, points).iter().map(|value| clipped(spec, value)).collect())
        };
        let axes = unlocked.iter().map(axis).collect::<Result<_, ParamError>>()?;
        Ok(Self { product: Product::new(base, unlocked, axes)? })
    }

    /// How many combinations there are; `None` if they cannot be counted.
    pub fn size(&self) -> Option<u64> {
        self.product.size()
    }
}

impl Search for GridSearch {
    fn ask(&mut self, room: usize) -> Vec<Params> {
        self.product.take(room)
    }

    fn ask_on(&mut self, room: usize) -> Vec<Params> {
        self.product.take(room)
    }

    fn tell(&mut self, _: &[Candidate]) {}
}

/// A value as the parameter holds it; ints and switches are exact already.
pub(super) fn clipped(spec: &crate::objective::ParamSpec, value: &Value) -> Value {
    match value {
        Value::Float(value) => spec.clip(*value),
        other => other.clone(),
    }
}

/// Counts through the product of some axes.
#[derive(Debug, Clone)]
pub(super) struct Product {
    base: Params,
    places: Vec<usize>,
    axes: Vec<Vec<Value>>,
    size: Option<u64>,
    /// The next combination, one digit per axis; `None` when all are taken.
    digits: Option<Vec<usize>>,
}

impl Product {
    pub(super) fn new(base: &Params, unlocked: &[String], axes: Vec<Vec<Value>>) -> Result<Self, ParamError> {
        let places = unlocked.iter().map(|name| base.place(name)).collect::<Result<_, _>>()?;
        let size = axes.iter().try_fold(1_u64, |size, axis| size.checked_mul(axis.len() as u64));
        Ok(Self { base: base.clone(), places, digits: Some(vec![0; axes.len()]), axes, size })
    }

    pub(super) fn size(&self) -> Option<u64> {
        self.size
    }

    pub(super) fn take(&mut self, room: usize) -> Vec<Params> {
        let mut taken = Vec::new();
        while taken.len() < room {
            let Some(digits) = &mut self.digits else { break };
            let values = self.axes.iter().zip(digits.iter()).map(|(axis, &digit)| axis[digit].clone());
            taken.push(self.base.with_at(self.places.iter().copied().zip(values)));
            if !advance(digits, &self.axes) {
                self.digits = None;
            }
        }
        taken
    }
}

/// Moves to the next combination; false after the last.
fn advance(digits: &mut [usize], axes: &[Vec<Value>]) -> bool {
    for (digit, axis) in digits.iter_mut().zip(axes).rev() {
        *digit += 1;
        if *digit < axis.len() {
            return true;
        }
        *digit = 0;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_axis_moves_fastest_and_asking_in_pieces_changes_nothing() {
        let space = ParamSpace::new().float("x", 0.0..=1.0, 0.5).int("n", 0..=2, 1).bool("b", false);
        let unlocked = ["b".to_owned(), "n".to_owned()];
        let grid = GridSearch::new(&space, &space.neutral(), &unlocked, 3).unwrap();
        assert_eq!(grid.size(), Some(6));
        let whole = grid.clone().ask(100);
        let mut pieces = grid;
        let mut collected = Vec::new();
        while collected.len() < 6 {
            collected.extend(pieces.ask(4));
        }
        assert_eq!(whole, collected);
        assert!(pieces.ask(4).is_empty());
        let shown: Vec<String> = whole.iter().map(|params| params.subset(["b", "n"]).to_string()).collect();
        assert_eq!(shown[1], "{b: false, n: 1}");
        assert_eq!(shown[3], "{b: true, n: 0}");
    }

    #[test]
    fn without_an_unlocked_parameter_the_base_is_the_only_combination() {
        let space = ParamSpace::new().float("x", 0.0..=1.0, 0.5);
        let mut grid = GridSearch::new(&space, &space.neutral(), &[], 5).unwrap();
        assert_eq!(grid.ask(10), vec![space.neutral()]);
        assert!(grid.ask(10).is_empty());
    }
}
