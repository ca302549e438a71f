//! Why a run of several passes made no further one.

words! {
    /// Why there was no further pass where several are declared.
    pub enum StopReason {
        /// As many rounds as declared were run.
        MaxRounds = "max_rounds",
        /// Fewer parameters were left than a round unlocks.
        TooFewParams = "too_few_params",
        /// The round failed a gate; nothing of it was locked in.
        GateFailed = "gate_failed",
        /// The round selected nothing, since KC-2 ended it.
        NothingSelected = "nothing_selected",
        /// The round improved too little; it was locked in all the same.
        NoImprovement = "no_improvement",
        /// The time box was used up: nothing further was evaluated, and nothing of a round that it cut short was locked in.
        TimeBox = "time_box",
    }
}
