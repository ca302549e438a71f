//! The two orders of addition in which the numbers to be reproduced were made.
//!
//! Neither is compensated: a better sum would be another number. The standard library's `sum` is not used, it
//! promises no order and starts at -0.0.

/// Length up to which [`pairwise`] does not halve its input; numpy's `PW_BLOCKSIZE`.
const BLOCK: usize = 128;
/// Running sums that [`pairwise`] keeps side by side within a block.
const LANES: usize = 8;

/// The sum from left to right, starting at 0.0: Python's `sum` up to version 3.11.
///
/// Python 3.12 and later compensate (Neumaier) and differ in the last digits.
#[must_use]
pub fn plain(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(0.0, |sum, value| sum + value)
}

/// numpy's sum of a contiguous array of doubles: `numpy.add.reduce(values)`.
///
/// Up to 128 values are added in eight interleaved running sums; longer input is halved at a multiple of eight.
#[must_use]
pub fn pairwise(values: &[f64]) -> f64 {
    // The reduction starts at 0.0 and adds the whole array's sum to it, which only matters for the sign of zero.
    0.0 + tree(values)
}

/// [`pairwise`] of each column of a table, whose rows follow each other.
///
/// Below eight rows both orders are the same, so that whole rows are added; that is what computers are fast at.
pub fn pairwise_by_column(table: &[f64], sums: &mut [f64]) {
    sums.fill(0.0);
    let columns = sums.len().max(1);
    if table.len() / columns < LANES {
        for row in table.chunks_exact(columns) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += value;
            }
        }
        return;
    }
    let mut values = Vec::with_capacity(table.len() / columns);
    for (column, sum) in sums.iter_mut().enumerate() {
        values.clear();
        values.extend(table.chunks_exact(columns).map(|row| row[column]));
        *sum = pairwise(&values);
    }
}

fn tree(values: &[f64]) -> f64 {
    if values.len() <= BLOCK {
        return block(values);
    }
    let half = values.len() / 2;
    let (left, right) = values.split_at(half - half % LANES);
    tree(left) + tree(right)
}

fn block(values: &[f64]) -> f64 {
    let (rows, rest) = values.as_chunks::<LANES>();
    let Some((first, rows)) = rows.split_first() else {
        return plain(rest.iter().copied());
    };
    let mut lanes = *first;
    for row in rows {
        for (lane, value) in lanes.iter_mut().zip(row) {
            *lane += value;
        }
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    let sum = ((a + b) + (c + d)) + ((e + f) + (g + h));
    rest.iter().fold(sum, |sum, value| sum + value)
}

#[cfg(test)]
mod tests {
    use super::{pairwise, pairwise_by_column, plain};

    fn reciprocals(count: usize) -> Vec<f64> {
        (1..=count).map(|divisor| 1.0 / divisor as f64).collect()
    }

    /// Python 3.11: `sum([0.1] * 10)` and `sum(1 / d for d in range(1, 1001))`; 3.12 says 1.0 to the first.
    #[test]
    fn a_plain_sum_adds_from_left_to_right() {
        assert_eq!(plain([0.1; 10]), 0.9999999999999999);
        assert_eq!(plain(reciprocals(1000)), 7.485470860550343);
    }

    #[test]
    fn an_empty_sum_is_positive_zero() {
        assert_eq!(plain([]).to_bits(), 0);
        assert_eq!(pairwise(&[]).to_bits(), 0);
    }

    /// `numpy.add.reduce(numpy.array([-0.0]))`, and of nine of them.
    #[test]
    fn a_sum_of_negative_zeros_is_positive_zero() {
        assert_eq!(plain([-0.0]).to_bits(), 0);
        assert_eq!(pairwise(&[-0.0]).to_bits(), 0);
        assert_eq!(pairwise(&[-0.0; 9]).to_bits(), 0);
    }

    /// `numpy.add.reduce(1 / numpy.arange(1, n + 1))`, numpy 2.4.6.
    #[test]
    fn a_pairwise_sum_is_numpys_at_every_length_where_its_shape_changes() {
        let cases = [
            (1, 1.0),
            (2, 1.5),
            (7, 2.5928571428571425),
            (8, 2.7178571428571425),
            (9, 2.8289682539682537),
            (15, 3.3182289932289937),
            (16, 3.3807289932289937),
            (17, 3.439552522640758),
            (127, 5.425334592589172),
            (128, 5.433147092589173),
            (129, 5.440899030573669),
            (135, 5.486189574595047),
            (136, 5.493542515771517),
            (137, 5.50084178584451),
            (255, 6.120438712817281),
            (256, 6.124344962817281),
            (257, 6.128236013400938),
            (264, 6.155057511774695),
            (272, 6.184854840123505),
            (1000, 7.485470860550345),
            (1024, 7.509175672278134),
            (4099, 8.895835961417054),
            (65537, 11.667593441792024),
        ];
        for (count, expected) in cases {
            let values = reciprocals(count);
            assert_eq!(pairwise(&values), expected, "{count} values");
        }
    }

    #[test]
    fn columns_are_added_as_each_by_itself() {
        for rows in [0, 1, 2, 7, 8, 9, 130] {
            let table: Vec<f64> = reciprocals(3 * rows).into_iter().map(|value| -value.sqrt()).collect();
            let mut sums = [f64::NAN; 3];
            pairwise_by_column(&table, &mut sums);
            for (column, sum) in sums.into_iter().enumerate() {
                let values: Vec<f64> = table.iter().skip(column).step_by(3).copied().collect();
                assert_eq!(sum.to_bits(), pairwise(&values).to_bits(), "{rows} rows");
            }
        }
    }

    #[test]
    fn the_two_orders_differ_in_the_last_digits() {
        let values = reciprocals(1000);
        assert_ne!(pairwise(&values), plain(values.iter().copied()));
    }
}
