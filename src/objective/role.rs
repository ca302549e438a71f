//! Which slice of the data is asked, and what for.

words! {
    /// The slice of the data a target instance sees.
    #[derive(Hash, PartialOrd, Ord)]
    pub enum Role {
        /// Searched.
        Train = "train",
        /// Walked forward on; consulted by KC-4.
        Test = "test",
        /// The costly judge of the hybrid ranking.
        Validation = "validation",
        /// Seen once, at the end.
        Holdout = "holdout",
    }
}

words! {
    /// The part of a run an evaluation belongs to.
    #[non_exhaustive]
    #[derive(Hash, PartialOrd, Ord)]
    pub enum Phase {
        /// The neutral parameters, before anything is tuned.
        Baseline = "baseline",
        /// Perturbations of the baseline.
        Stress = "stress",
        /// Candidates of the search.
        Search = "search",
        /// Random draws that the search is compared with (SC-2).
        RandomDraws = "random_draws",
        /// The best candidates on the test slice.
        WalkForward = "walk_forward",
        /// The best candidates before the costly judge.
        Hybrid = "hybrid",
        /// Candidates over all ranks, and fresh draws, that the gate `transfer` compares.
        Transfer = "transfer",
        /// The baseline again, at the end.
        Repeat = "repeat",
        /// The calibration of a null version.
        Null = "null",
        /// The selected candidate on the holdout.
        Holdout = "holdout",
    }
}
