//! What a reader accepts.

/// How much a text may ask for, and whether a key may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Bytes of the whole text. A value in memory takes up to sixteen times its text.
    pub bytes: usize,
    /// Containers within each other; never more than [`Rules::DEEPEST`].
    pub depth: usize,
    /// Digits of one integer.
    pub digits: usize,
    /// What happens to an object that has a key twice.
    pub repeated_keys: RepeatedKeys,
}

/// What happens to an object that has a key twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepeatedKeys {
    /// Each is kept, the last one counts as in Python, and the document lists them.
    Reported,
    /// The text is refused: two tools would read two values.
    Refused,
}

impl Rules {
    /// The depth CPython 3.11 still reads; no text of the Python package is deeper.
    pub const DEEPEST: usize = 990;

    /// What Python itself reads: integers of at most 4,300 digits, repeated keys; 512 levels and 256 MiB are ours.
    pub const PYTHON: Self =
        Self { bytes: 256 << 20, depth: 512, digits: 4_300, repeated_keys: RepeatedKeys::Reported };

    /// The same without repeated keys.
    pub const STRICT: Self = Self { repeated_keys: RepeatedKeys::Refused, ..Self::PYTHON };
}
