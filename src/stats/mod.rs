//! Pure numerics over slices of doubles: what gates and stress compute their evidence with.
//!
//! What has no value is a value that says so ([`Correlation::Empty`], `None`), never a number that a threshold could
//! accept; where a convention fixes a number all the same, as 0.0 for the Gini coefficient of nothing, its function
//! states it. The order of every addition is part of the result: [`sums`] says which order is whose, because last
//! digits decide ties.
//!
//! Where values are sorted, the order is IEEE 754's total order, so a NaN never panics and never reorders the rest:
//! a NaN counts as larger than infinity (one with the sign bit set as smaller than minus infinity). Python leaves
//! the order of a list with a NaN undefined, hence nothing can be compared there.

mod correlation;
mod extremes;
mod gini;
mod order;
mod paired;
mod permutation;
mod quartile;
mod ranks;
mod sample;
mod spread;
mod student;
pub mod sums;
mod surface;
mod upper;

pub use correlation::{Correlation, Side, pearson, pearson_exact};
pub use extremes::{Extremes, mean_of_extremes};
pub use gini::gini;
pub use order::descending;
pub use paired::{Paired, paired};
pub use permutation::{
    COUNTABLE, Significance, exact_rank_significance, mean_significance, rank_significance, sign_significance,
};
pub use quartile::top_quartile_mean;
pub use ranks::{even_places, mid_ranks, spearman};
pub use sample::{exact_mean, sample_sd};
pub use spread::{mean, population_sd, z_scores};
pub use student::{student_bound, student_tail};
pub use surface::{Axis, Nearness, Surfaces};
pub use upper::upper_part;
