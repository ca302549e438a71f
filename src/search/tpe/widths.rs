//! How wide the kernels of a number are, before they are cut to the range.

use std::cmp::Ordering;

use libm::pow;

/// Optuna 4.9 with `multivariate=True`: `0.2 n^(-1/(d+4))` of the range for every kernel, in a model of `d` parameters.
pub(super) fn by_count(observed: usize, range: f64, dimensions: usize) -> Vec<f64> {
    let count = (observed as f64).max(1.0);
    vec![0.2 * pow(count, -1.0 / (dimensions as f64 + 4.0)) * range; observed]
}

/// Optuna 5.0: the larger distance of an observation to its neighbours, or to an end of the range where there is only one
/// observation; the outermost ones have a neighbour on one side only.
pub(super) fn by_neighbours(means: &[f64], (low, high): (f64, f64)) -> Vec<f64> {
    let order = numpy_order(means);
    let last = means.len().wrapping_sub(1);
    let mut widths = vec![0.0; means.len()];
    for (place, &index) in order.iter().enumerate() {
        let below = if place == 0 { low } else { means[order[place - 1]] };
        let above = if place == last { high } else { means[order[place + 1]] };
        let (down, up) = (means[index] - below, above - means[index]);
        widths[index] = match place {
            0 if last > 0 => up,
            _ if place == last && last > 0 => down,
            _ => down.max(up),
        };
    }
    widths
}

/// At most so many values are sorted by insertion.
const FEW: usize = 16;

/// `numpy.argsort(values)`: the places of the values in ascending order. Among equal values numpy's order is that of its
/// quicksort, which decides the widths of equal observations; on processors with AVX2 or AVX-512 numpy has others, so that there
/// Optuna's own sequence is another one where observations are equal.
fn numpy_order(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    let mut parts = vec![order.as_mut_slice()];
    while let Some(part) = parts.pop() {
        if part.len() <= FEW {
            // Stable, as an insertion sort is.
            part.sort_by(|a, b| values[*a].partial_cmp(&values[*b]).unwrap_or(Ordering::Equal));
            continue;
        }
        let middle = partition(part, values);
        let (below, above) = part.split_at_mut(middle);
        parts.push(below);
        parts.push(&mut above[1..]);
    }
    order
}

/// Puts the median of the first, the middle and the last value where it belongs, smaller ones before it and larger ones
/// behind it; tells its place.
fn partition(part: &mut [usize], values: &[f64]) -> usize {
    let last = part.len() - 1;
    let middle = last / 2;
    let less = |part: &[usize], a: usize, b: usize| values[part[a]] < values[part[b]];
    for (first, second) in [(0, middle), (middle, last), (0, middle)] {
        if less(part, second, first) {
            part.swap(first, second);
        }
    }
    let pivot = values[part[middle]];
    part.swap(middle, last - 1);
    let (mut up, mut down) = (0, last - 1);
    loop {
        up += 1;
        while values[part[up]] < pivot {
            up += 1;
        }
        down -= 1;
        while pivot < values[part[down]] {
            down -= 1;
        }
        if up >= down {
            break;
        }
        part.swap(up, down);
    }
    part.swap(up, last - 1);
    up
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `_ParzenEstimator` of Optuna 5.0 before `np.clip`, by hand.
    #[test]
    fn widths_are_the_larger_distance_to_a_neighbour() {
        assert_eq!(by_neighbours(&[], (0.0, 8.0)), [0.0; 0]);
        assert_eq!(by_neighbours(&[3.0], (0.0, 8.0)), [5.0]);
        assert_eq!(by_neighbours(&[5.0, 2.0], (0.0, 8.0)), [3.0, 3.0]);
        assert_eq!(by_neighbours(&[5.0, 2.0, 1.0], (0.0, 8.0)), [3.0, 3.0, 1.0]);
    }

    #[test]
    fn places_come_in_ascending_order() {
        let values: Vec<f64> = (0..200).map(|n| f64::from(n * 7919 % 31)).collect();
        let order = numpy_order(&values);
        assert!(order.windows(2).all(|pair| values[pair[0]] <= values[pair[1]]));
        let mut places = order.clone();
        places.sort_unstable();
        assert_eq!(places, (0..200).collect::<Vec<_>>());
        // Not a stable one: as numpy's.
        assert!(order.windows(2).any(|pair| values[pair[0]] == values[pair[1]] && pair[0] > pair[1]));
    }
}
