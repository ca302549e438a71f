//! Two keyholes of the Python package, whose answer is known, with blocks.

use camino::Utf8PathBuf;
use omega_lock::keyholes::{PhantomKeyhole, PhantomKeyholeDeep};
use omega_lock::prelude::*;

use super::judge::{Data, Situation, Slice};

const BLOCKS: usize = 8;

/// Which keyhole, with labels that say something of the observations, or in another order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Keyhole {
    Phantom,
    PhantomPermuted,
    PhantomDeep,
}

/// `phantom`, of whose train slices somebody's optimizer left studies in a folder.
pub(crate) struct Studied {
    pub(crate) folder: String,
}

impl Situation for Studied {
    fn slice(&self, seed: u64, slice: u32, data: Data) -> Slice {
        Keyhole::Phantom.slice(seed, slice, data)
    }

    fn gain(&self, _: u64, _: &Params, _: &Params) -> Option<f64> {
        None
    }

    fn study(&self, seed: u64) -> Utf8PathBuf {
        Utf8PathBuf::from(format!("{}/{seed}.json", self.folder))
    }
}

impl Situation for Keyhole {
    fn slice(&self, seed: u64, slice: u32, data: Data) -> Slice {
        let number = u64::from(slice) - 1;
        let phantom = PhantomKeyhole::new(100_000 + 2 * seed + number).in_blocks(BLOCKS);
        let phantom = match data {
            Data::Asked => phantom,
            Data::Kept(null) | Data::Destroyed(null) => phantom.permuted(null),
        };
        match self {
            Self::Phantom => Box::new(phantom),
            // Seeds that no null run uses.
            Self::PhantomPermuted => Box::new(phantom.permuted(1_000_000 + number)),
            Self::PhantomDeep => Box::new(PhantomKeyholeDeep::new(100_000 + 2 * seed + number).in_blocks(BLOCKS)),
        }
    }

    fn gain(&self, _: u64, _: &Params, _: &Params) -> Option<f64> {
        None
    }
}
