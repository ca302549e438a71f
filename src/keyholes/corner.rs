//! Process corners of a chip.

words! {
    /// How fast the transistors of a chip came out, with the temperature and supply they are judged at.
    ///
    /// The first letter is the n-channel's, the second the p-channel's: typical, fast or slow.
    #[derive(Hash, PartialOrd, Ord)]
    pub enum Corner {
        /// Both typical, 300 K.
        TT = "TT",
        /// Both fast, 233 K, high supply.
        FF = "FF",
        /// Both slow, 398 K, low supply.
        SS = "SS",
        /// Fast n-channel, 233 K.
        FS = "FS",
        /// Slow n-channel, 398 K.
        SF = "SF",
    }
}

impl Corner {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_corner_is_read_by_its_name_and_nothing_else_is() {
        for corner in Corner::ALL {
            assert_eq!(corner.name().parse(), Ok(corner));
        }
        let error = "tt".parse::<Corner>().unwrap_err().to_string();
        assert_eq!(error, "`tt` is none of `TT`, `FF`, `SS`, `FS`, `SF`");
    }
}
