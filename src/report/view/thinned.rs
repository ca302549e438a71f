//! A list that stays short however much it is given.

/// Items that a picture holds at most.
pub(super) const MOST: usize = 2000;

/// Every item up to [`MOST`], then every second, every fourth, ... one, counted from the first: which ones are kept is
/// decided by how many there were and by nothing else.
#[derive(Debug, Clone)]
pub(in crate::internals::report) struct Thinned<T> {
    kept: Vec<T>,
    seen: u64,
    stride: u64,
}

impl<T> Default for Thinned<T> {
    fn default() -> Self {
        Self { kept: Vec::new(), seen: 0, stride: 1 }
    }
}

impl<T> Thinned<T> {
    pub(super) fn push(&mut self, item: T) {
        if self.seen.is_multiple_of(self.stride) {
            if self.kept.len() == MOST {
                let mut index = 0;
                self.kept.retain(|_| {
                    index += 1;
                    index % 2 == 1
                });
                self.stride *= 2;
            }
            if self.seen.is_multiple_of(self.stride) {
                self.kept.push(item);
            }
        }
        self.seen += 1;
    }

    pub(in crate::internals::report) fn items(&self) -> &[T] {
        &self.kept
    }

    /// How many there were.
    pub(super) fn seen(&self) -> u64 {
        self.seen
    }

    /// What a reader should know of a picture that does not show everything.
    pub(in crate::internals::report) fn note(&self) -> Option<String> {
        let (kept, seen) = (self.kept.len(), self.seen);
        (self.stride > 1).then(|| format!("shows {kept} of {seen}, every {}th", self.stride))
    }
}

impl<T> FromIterator<T> for Thinned<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut thinned = Self::default();
        items.into_iter().for_each(|item| thinned.push(item));
        thinned
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_keeps_every_nth_item_and_says_so() {
        let all: Thinned<u64> = (0..MOST as u64).collect();
        assert_eq!((all.items().len(), all.note()), (MOST, None));
        let some: Thinned<u64> = (0..10_000).collect();
        let every_eighth: Vec<u64> = (0..10_000).step_by(8).collect();
        assert_eq!(some.items(), every_eighth);
        assert_eq!(some.note().as_deref(), Some("shows 1250 of 10000, every 8th"));
    }
}
