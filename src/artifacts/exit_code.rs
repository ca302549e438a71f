//! The exit codes: what a script may rely on, and the numbers a [`Problem`](super::Problem) carries.

use std::process;

/// How `cargo omega` ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// Everything asked was evaluated and holds.
    Pass = 0,
    /// A finished question has the answer no; never used for anything that went wrong.
    No = 1,
    /// The command line, a manifest or omega.toml is wrong.
    Usage = 2,
    /// A trail or an artifact is damaged.
    Damaged = 3,
    /// The target could not be evaluated.
    TargetFailed = 4,
    /// A build, the disk or this program failed, or somebody stopped the run.
    Internal = 5,
    /// Nothing was evaluated, hence nothing passed.
    NothingEvaluated = 6,
}

impl ExitCode {
    /// Every code, in numerical order.
    pub const ALL: [Self; 7] =
        [Self::Pass, Self::No, Self::Usage, Self::Damaged, Self::TargetFailed, Self::Internal, Self::NothingEvaluated];

    /// Which code wins when several apply: the less is known, the stronger.
    const PRECEDENCE: [Self; 7] =
        [Self::Internal, Self::TargetFailed, Self::Damaged, Self::Usage, Self::No, Self::NothingEvaluated, Self::Pass];

    /// The number.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// One line for `--help` and the README.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Pass => "every case that was asked for passed",
            Self::No => "the answer is no: a gate, constraint or holdout failed",
            Self::Usage => "usage or bad input: command line, manifest, omega.toml",
            Self::Damaged => "a trail or an artifact is damaged",
            Self::TargetFailed => "the target failed to evaluate",
            Self::Internal => "internal, I/O or build error, or interrupted",
            Self::NothingEvaluated => "nothing was evaluated",
        }
    }

    /// The code of a problem reported in a results file. A problem cannot be a pass or a plain no: a code that is none
    /// of a problem's says that its writer is broken.
    pub fn of_problem(code: u8) -> Self {
        match code {
            2 => Self::Usage,
            3 => Self::Damaged,
            4 => Self::TargetFailed,
            6 => Self::NothingEvaluated,
            _ => Self::Internal,
        }
    }

    /// The one code for all of these; a pass if there are none.
    #[must_use]
    pub fn strongest(codes: impl IntoIterator<Item = Self>) -> Self {
        let rank = |code: &Self| Self::PRECEDENCE.iter().position(|known| known == code);
        codes.into_iter().min_by_key(rank).unwrap_or(Self::Pass)
    }
}

impl From<ExitCode> for process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.number())
    }
}

#[cfg(test)]
mod tests {
    use super::ExitCode::{self, *};

    #[test]
    fn of_several_codes_the_one_that_knows_least_wins() {
        assert_eq!(ExitCode::strongest([No, Internal, TargetFailed]), Internal);
        assert_eq!(ExitCode::strongest([No, Damaged, TargetFailed]), TargetFailed);
        assert_eq!(ExitCode::strongest([Usage, Damaged]), Damaged);
        assert_eq!(ExitCode::strongest([No, Usage, Pass]), Usage);
        assert_eq!(ExitCode::strongest([Pass, No]), No);
        assert_eq!(ExitCode::strongest([Pass, NothingEvaluated]), NothingEvaluated);
        assert_eq!(ExitCode::strongest([]), Pass);
    }

    #[test]
    fn a_problem_is_never_a_pass_nor_a_plain_no() {
        for code in 0..=u8::MAX {
            assert!(!matches!(ExitCode::of_problem(code), Pass | No), "{code}");
        }
    }

    #[test]
    fn every_code_has_its_number_and_its_place() {
        for (number, code) in ExitCode::ALL.into_iter().enumerate() {
            assert_eq!(code as usize, number);
            assert!(ExitCode::PRECEDENCE.contains(&code));
        }
    }
}
