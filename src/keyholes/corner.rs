//! Process corners of a chip.

use std::fmt;
use std::str::FromStr;

/// How fast the transistors of a chip came out, with the temperature and supply they are judged at.
///
/// The first letter is the n-channel's, the second the p-channel's: typical, fast or slow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Corner {
    /// Both typical, 300 K.
    TT,
    /// Both fast, 233 K, high supply.
    FF,
    /// Both slow, 398 K, low supply.
    SS,
    /// Fast n-channel, 233 K.
    FS,
    /// Slow n-channel, 398 K.
    SF,
}

impl Corner {
    /// Every corner, in the order in which they are evaluated.
    pub const ALL: [Self; 5] = [Self::TT, Self::FF, Self::SS, Self::FS, Self::SF];

    /// `TT`, `FF`, `SS`, `FS` or `SF`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TT => "TT",
            Self::FF => "FF",
            Self::SS => "SS",
            Self::FS => "FS",
            Self::SF => "SF",
        }
    }

    /// Temperature in kelvin.
    pub const fn temperature(self) -> f64 {
        match self {
            Self::TT => 300.0,
            Self::FF | Self::FS => 233.0,
            Self::SS | Self::SF => 398.0,
        }
    }

    /// What the supply voltage is multiplied with.
    pub const fn supply_factor(self) -> f64 {
        match self {
            Self::FF => 1.1,
            Self::SS => 0.9,
            Self::TT | Self::FS | Self::SF => 1.0,
        }
    }

    /// What the threshold voltages are multiplied with.
    pub const fn threshold_factor(self) -> f64 {
        match self {
            Self::TT => 1.0,
            Self::FF | Self::FS => 0.9,
            Self::SS | Self::SF => 1.1,
        }
    }
}

impl fmt::Display for Corner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Corner {
    type Err = CornerError;

    /// Reads a [`name`](Self::name).
    fn from_str(text: &str) -> Result<Self, CornerError> {
        let named = |corner: &Self| corner.name() == text;
        Self::ALL.into_iter().find(named).ok_or_else(|| CornerError(text.to_owned()))
    }
}

/// A name that is no corner's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no corner; expected one of `TT`, `FF`, `SS`, `FS`, `SF`")]
pub struct CornerError(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_corner_is_read_by_its_name_and_nothing_else_is() {
        for corner in Corner::ALL {
            assert_eq!(corner.name().parse(), Ok(corner));
        }
        let error = "tt".parse::<Corner>().unwrap_err().to_string();
        assert_eq!(error, "`tt` is no corner; expected one of `TT`, `FF`, `SS`, `FS`, `SF`");
    }
}
