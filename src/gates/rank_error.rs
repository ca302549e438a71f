//! Why two lists of scores say nothing about each other.

use thiserror::Error;

use super::ranks::{MINIMUM_BLOCKS, MINIMUM_PAIRS, RANK_LEVEL};

words! {
    /// One of the two lists.
    pub enum RankedScores {
        /// On the data that the search saw.
        Train = "train",
        /// On other data.
        Other = "other",
    }
}

/// Why ranks could not be compared. Places and blocks count from 1.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum RankError {
    /// Not one score of each list for every candidate.
    #[error(
        "{train} scores on train and {other} on the other data, expected as many: one for each candidate, in the same order"
    )]
    Unequal {
        /// Number of scores on train.
        train: usize,
        /// Number of the others.
        other: usize,
    },
    /// Nothing follows from so few.
    #[error("{found} pairs of scores, expected at least {MINIMUM_PAIRS}: fewer show nothing by their ranks")]
    TooFew {
        /// How many there are.
        found: usize,
    },
    /// Nothing follows from so few that differ.
    #[error(
        "{found} pairs of scores that differ, and {repeats} that repeat one of them, expected at least {MINIMUM_PAIRS} that differ: fewer show nothing by their ranks"
    )]
    Repeated {
        /// How many differ.
        found: usize,
        /// How many repeat one of these.
        repeats: usize,
    },
    /// A candidate has another number of blocks than the first one.
    #[error("row {row} has {found} values, the first has {expected}: a row has a value of each block")]
    Ragged {
        /// The candidate.
        row: usize,
        /// Its number of blocks.
        found: usize,
        /// That of the first.
        expected: usize,
    },
    /// Blocks whose signs alone cannot reach the level.
    #[error(
        "rows of {found} values, expected at least {MINIMUM_BLOCKS} blocks: fewer cannot show anything by their signs"
    )]
    TooFewBlocks {
        /// How many there are.
        found: usize,
    },
    /// A score that cannot be compared.
    #[error("score {place} on {}{} is {value}, expected a finite number", named(.list), in_block(.block))]
    NotFinite {
        /// In which list.
        list: RankedScores,
        /// The candidate.
        place: usize,
        /// The block, if there are any.
        block: Option<usize>,
        /// What stands there.
        value: f64,
    },
    /// All scores are equal.
    #[error("all scores on {}{} are equal: they have no ranks", named(.list), in_block(.block))]
    Constant {
        /// In which list.
        list: RankedScores,
        /// The block, if there are any.
        block: Option<usize>,
    },
    /// Both lists are one.
    #[error(
        "the scores on train are those on the other data{}, number by number, but for the sign at most: the same data was scored twice",
        in_block(.block)
    )]
    Same {
        /// The block, if there are any.
        block: Option<usize>,
    },
    /// One list may be made of the other.
    #[error(
        "the other scores have all {pairs} candidates in the very order of train, or in its reverse, as a copy would: what was computed of the same data shows nothing"
    )]
    InOrder {
        /// How many pairs there are.
        pairs: usize,
    },
    /// The search saw the blocks.
    #[error(
        "the scores on train are the mean or the sum of the blocks: the blocks are what the search saw, so they are no other data"
    )]
    MadeOfBlocks,
    /// Two blocks are one.
    #[error("block {first} and block {second} are the same, number by number: each block is to be other data")]
    SameBlocks {
        /// One of them.
        first: usize,
        /// The other.
        second: usize,
    },
    /// Too many scores are equal.
    #[error(
        "so many scores are equal that no order of these {pairs} pairs could show anything: the smallest p is {smallest:.4}, above {RANK_LEVEL}"
    )]
    OutOfReach {
        /// How many pairs there are.
        pairs: usize,
        /// The smallest p of all orders.
        smallest: f64,
    },
}

fn named(list: &RankedScores) -> &'static str {
    match list {
        RankedScores::Train => "train",
        RankedScores::Other => "the other data",
    }
}

fn in_block(block: &Option<usize>) -> String {
    block.map_or_else(String::new, |block| format!(", block {block}"))
}
